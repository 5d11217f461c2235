// What the program wrote into the page, read into typed arrays.

const METRE = 1024; // of a packed length
const CROUCHES = 1, SEES_EXPERT = 2;

function bytes(text) {
  const binary = atob(text);
  const array = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; ++i) array[i] = binary.charCodeAt(i);
  return array;
}

export const unpack = (Type, text) => new Type(bytes(text).buffer);
export const metres = (text) => Float32Array.from(unpack(Int16Array, text), (value) => value / METRE);

function readMind(mind) {
  const counts = unpack(Uint8Array, mind.event_counts);
  const begins = new Uint32Array(counts.length);
  for (let k = 1; k < counts.length; ++k) begins[k] = begins[k - 1] + counts[k - 1];
  return {
    values: unpack(Float32Array, mind.values),
    places: metres(mind.expert_places),
    certainty: unpack(Uint8Array, mind.certainty),
    heads: mind.heads,
    counts,
    begins,
    events: unpack(Int16Array, mind.events),
    readings: unpack(Uint8Array, mind.readings),
  };
}

export function readReplay(data) {
  const players = data.players.map((player) => ({
    ...player,
    isExpert: player.role === "expert",
    poses: unpack(Int16Array, player.poses),
    flags: unpack(Uint8Array, player.flags),
    mind: player.mind ? readMind(player.mind) : null,
  }));
  return { ...data, players, steps: data.last_step - data.first_step };
}

const turned = (angle) => Math.atan2(Math.sin(angle), Math.cos(angle));

// An avatar at a time in steps, on the way between two of them: place and heading the short way round, posture and
// sight as the nearer one has them.
export function stateAt(replay, player, time) {
  const row = Math.min(Math.max(time - replay.first_step, 0), replay.steps);
  const before = Math.floor(row), after = Math.min(before + 1, replay.steps), share = row - before;
  const at = (step, column) => player.poses[4 * step + column];
  const [x, y, z] = [0, 1, 2].map((c) => (at(before, c) + share * (at(after, c) - at(before, c))) / METRE);
  const angles = [before, after].map((step) => (at(step, 3) / 32767) * Math.PI);
  const yaw = angles[0] + share * turned(angles[1] - angles[0]);
  const flags = player.flags[share < 0.5 ? before : after];
  return { x, y, z, yaw, crouches: (flags & CROUCHES) !== 0, seesExpert: (flags & SEES_EXPERT) !== 0 };
}

// Stretches of steps, [from, to), in which a learner does not see the expert.
export function absences(replay, player) {
  const found = [];
  for (let row = 0; row <= replay.steps; ++row) {
    if (player.flags[row] & SEES_EXPERT) continue;
    const step = replay.first_step + row, last = found.at(-1);
    if (last && last.to === step) last.to = step + 1;
    else found.push({ from: step, to: step + 1 });
  }
  return found;
}

export const entriesUntil = (replay, index, time) =>
  replay.entries.filter((entry) => entry.player === index && entry.step <= time + 1e-6);
export const scoreOf = (entries) => entries.reduce((sum, entry) => sum + entry.reward, 0);

const rgb = (values) => `rgb(${values[0]}, ${values[1]}, ${values[2]})`;

// What a learner's agent makes of the step before a time.
export function thoughtAt(replay, mind, time) {
  const row = Math.floor(Math.min(Math.max(time - replay.first_step, 0), replay.steps));
  const events = [];
  for (let k = mind.begins[row]; k < mind.begins[row] + mind.counts[row]; ++k)
    events.push({ colour: rgb(mind.events.subarray(6 * k, 6 * k + 3)), reward: mind.events[6 * k + 3] });
  const readings = [];
  for (let head = 0; head < mind.heads; ++head) {
    const at = 4 * (row * mind.heads + head);
    readings.push({ colour: rgb(mind.readings.subarray(at, at + 3)), found: mind.readings[at + 3] / 255 });
  }
  return {
    row,
    value: mind.values[row],
    certainty: mind.certainty[row] / 255,
    place: mind.places.subarray(3 * row, 3 * row + 3),
    events,
    readings,
  };
}
