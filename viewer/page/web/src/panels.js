import { entriesUntil, scoreOf, thoughtAt } from "./replay.js";

// Scores and what a learner's agent knows. Names are put in as text, never as markup.

const SHOWN_ENTRIES = 7, SHOWN_SECONDS = 20;

export function element(kind, className = "", text = "") {
  const made = document.createElement(kind);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

const sign = (reward) => (reward > 0 ? "+" : reward < 0 ? "\u00d7" : "");

function mark(colour, reward) {
  const made = element("span", reward < 0 ? "mark wrong" : "mark", sign(reward));
  made.style.background = colour;
  return made;
}

export function makeScores(panel, replay) {
  if (replay.title) panel.append(element("div", "title", replay.title));
  const rows = replay.players.map((player, index) => ({ player, index })).filter(({ player }) => player.present)
    .map(({ player, index }) => {
      const row = element("div", "player"), swatch = element("span", "swatch");
      const name = element("span", "name", player.name);
      const score = element("span", "score"), marks = element("span", "marks");
      swatch.style.background = player.colour;
      name.title = player.name;
      row.append(swatch, name, score, marks);
      panel.append(row);
      return { index, score, marks, shown: -1 };
    });
  return (time) => {
    for (const row of rows) {
      const entries = entriesUntil(replay, row.index, time);
      if (entries.length === row.shown) continue;
      row.shown = entries.length;
      row.score.textContent = String(scoreOf(entries)).replace("-", "\u2212");
      row.marks.replaceChildren(
        ...entries.slice(-SHOWN_ENTRIES).map((entry) => mark(replay.world.goals[entry.goal].colour, entry.reward)));
    }
  };
}

function drawValues(canvas, replay, mind, row) {
  const ratio = window.devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  const begin = Math.max(0, row - Math.round(SHOWN_SECONDS * replay.rate));
  const values = mind.values.subarray(begin, row + 1);
  const low = Math.min(...values), span = Math.max(...values) - low || 1;
  context.strokeStyle = "#56b4e9";
  context.lineWidth = 1.5;
  context.beginPath();
  values.forEach((value, k) =>
    context.lineTo((width * k) / Math.max(1, values.length - 1), height - 3 - ((height - 6) * (value - low)) / span));
  context.stroke();
}

export function makeMind(panel, replay) {
  const heading = element("h2"), value = element("div"), plot = element("canvas"), there = element("div");
  const bar = element("div", "bar"), filled = element("div"), remembers = element("div", "marks");
  const lookedUp = element("div", "marks");
  const memory = element("div");
  bar.append(filled);
  memory.append(element("div", "dim", "Remembers (+ paid, \u00d7 cost)"), remembers,
    element("div", "dim", "Looks up (faint: found nothing)"), lookedUp);
  panel.append(heading, value, plot, there, bar, memory);
  return (time, player, sees, open) => {
    panel.hidden = !open || !player?.mind;
    if (panel.hidden) return;
    const thought = thoughtAt(replay, player.mind, time);
    heading.textContent = `What ${player.name} knows`;
    value.textContent = `Expects a score of ${thought.value.toFixed(2)}`;
    drawValues(plot, replay, player.mind, thought.row);
    there.textContent = `Expert there: ${Math.round(100 * thought.certainty)} % (it ${sees ? "is" : "isn't"})`;
    filled.style.width = `${100 * thought.certainty}%`;
    memory.hidden = player.mind.heads === 0;
    remembers.replaceChildren(...thought.events.map((event) => mark(event.colour, event.reward)));
    lookedUp.replaceChildren(...thought.readings.map((reading) => {
      const disc = mark(reading.colour, 0);
      disc.style.opacity = Math.max(0.12, reading.found);
      return disc;
    }));
  };
}
