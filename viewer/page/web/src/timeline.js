import { absences } from "./replay.js";

// A lane for each player: its entries, paid ones as discs and wrong ones as crosses, and hatched where a learner does
// not see the expert. A line marks the moment; dragging moves it.

const LANE = 20, PAD = 4; // pixels
const HATCH = 6; // pixels between lines

function drawHatch(context, x, y, width, height) {
  context.save();
  context.beginPath();
  context.rect(x, y, width, height);
  context.clip();
  context.fillStyle = "rgba(0, 0, 0, 0.45)";
  context.fillRect(x, y, width, height);
  context.strokeStyle = "rgba(235, 240, 245, 0.28)";
  context.lineWidth = 1;
  context.beginPath();
  for (let from = x - height; from < x + width; from += HATCH) {
    context.moveTo(from, y + height);
    context.lineTo(from + height, y);
  }
  context.stroke();
  context.restore();
}

function drawEntry(context, x, y, colour, reward) {
  context.lineWidth = reward > 0 ? 1.5 : 5;
  if (reward > 0) {
    context.beginPath();
    context.arc(x, y, 5.5, 0, 2 * Math.PI);
    context.fillStyle = colour;
    context.strokeStyle = "#fff";
    context.fill();
    context.stroke();
    return;
  }
  for (const style of ["#fff", colour]) {
    context.strokeStyle = style;
    context.beginPath();
    context.moveTo(x - 4.5, y - 4.5);
    context.lineTo(x + 4.5, y + 4.5);
    context.moveTo(x - 4.5, y + 4.5);
    context.lineTo(x + 4.5, y - 4.5);
    context.stroke();
    context.lineWidth = 2.5;
  }
}

export function makeTimeline(canvas, replay, seek) {
  const lanes = replay.players.map((player, index) => ({ player, index })).filter(({ player }) => player.present);
  const gaps = lanes.map(({ player }) => (player.isExpert ? [] : absences(replay, player)));
  const height = LANE * lanes.length + 2 * PAD;
  canvas.style.height = `${height}px`;
  const context = canvas.getContext("2d");
  const margin = 12; // pixels at both ends, so that marks there are whole
  const shareOf = (step) => (step - replay.first_step) / Math.max(1, replay.steps);
  const xOf = (step) => margin + shareOf(step) * (canvas.clientWidth - 2 * margin);

  const show = (time) => {
    const width = canvas.clientWidth, ratio = window.devicePixelRatio || 1;
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    lanes.forEach(({ player, index }, row) => {
      const y = PAD + LANE * row, middle = y + LANE / 2;
      context.fillStyle = player.colour;
      context.globalAlpha = 0.3;
      context.fillRect(xOf(replay.first_step), y + 2, xOf(replay.last_step) - xOf(replay.first_step), LANE - 4);
      context.globalAlpha = 1;
      context.fillRect(2, y + 2, 4, LANE - 4);
      for (const { from, to } of gaps[row])
        drawHatch(context, xOf(from), y + 2, xOf(Math.min(to, replay.last_step)) - xOf(from), LANE - 4);
      for (const entry of replay.entries)
        if (entry.player === index && entry.step >= replay.first_step)
          drawEntry(context, xOf(entry.step), middle, replay.world.goals[entry.goal].colour, entry.reward);
    });
    context.fillStyle = "#fff";
    context.fillRect(xOf(time) - 1, 0, 2, height);
  };

  const seekTo = (event) => {
    const box = canvas.getBoundingClientRect(), share = (event.clientX - box.left - margin) / (box.width - 2 * margin);
    seek(replay.first_step + share * replay.steps);
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    seekTo(event);
  });
  canvas.addEventListener("pointermove", (event) => { if (canvas.hasPointerCapture(event.pointerId)) seekTo(event); });
  return { show };
}
