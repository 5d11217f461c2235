// Where the replay stands, in steps, and whether it runs.

export const SPEEDS = [0.25, 0.5, 1, 2, 4, 8];
const LONGEST_FRAME = 0.25; // s: a page that was out of sight does not leap

export function makeClock(replay) {
  const clock = { time: replay.first_step, playing: false, speed: 1 };
  clock.seek = (time) => { clock.time = Math.min(Math.max(time, replay.first_step), replay.last_step); };
  clock.step = (steps) => {
    clock.playing = false;
    clock.seek(steps > 0 ? Math.floor(clock.time + 1e-6) + steps : Math.ceil(clock.time - 1e-6) + steps);
  };
  clock.toggle = () => {
    if (!clock.playing && clock.time >= replay.last_step) clock.seek(replay.first_step);
    clock.playing = !clock.playing;
  };
  clock.advance = (seconds) => {
    if (!clock.playing) return;
    clock.seek(clock.time + Math.min(seconds, LONGEST_FRAME) * clock.speed * replay.rate);
    if (clock.time >= replay.last_step) clock.playing = false;
  };
  return clock;
}

export function clockText(seconds) {
  const tenths = Math.round(10 * seconds);
  return `${Math.floor(tenths / 600)}:${((tenths % 600) / 10).toFixed(1).padStart(4, "0")}`;
}
