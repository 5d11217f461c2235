import * as THREE from "three";

import { makeFigure, makeTrail } from "./bodies.js";
import { clockText, makeClock, SPEEDS } from "./clock.js";
import { makeGround, readTerrain } from "./ground.js";
import { makeLabels } from "./labels.js";
import { makeLights, makeSky } from "./light.js";
import { makeMind, makeScores } from "./panels.js";
import { readReplay, stateAt, thoughtAt } from "./replay.js";
import { makeGoal, makeObstacle } from "./things.js";
import { makeTimeline } from "./timeline.js";
import { makeView } from "./view.js";

const BELIEF_COLOUR = "#cc79a7";
const NOBODY = -1;
const TAG_HEIGHT = 0.35, MARK = 0.55; // m above the head, and the expert's mark between
const byId = (id) => document.getElementById(id);

function say(text, isNotice) {
  const message = byId("message");
  message.textContent = text;
  message.classList.toggle("notice", isNotice);
  message.hidden = false;
}

// What is drawn, and show(time, choices).
function makeWorld(replay, terrain, labels) {
  const scene = new THREE.Scene(), { world, players, shapes } = replay;
  scene.add(makeSky(), ...makeLights(terrain.half), ...makeGround(terrain), ...world.obstacles.map(makeObstacle));
  const goals = world.goals.map(makeGoal);
  const figures = players.map((player) => makeFigure(shapes, player.colour, player.isExpert));
  const trails = players.map((player) => makeTrail(replay, player, terrain));
  const belief = makeFigure(shapes, BELIEF_COLOUR, false);
  goals.forEach((goal) => scene.add(goal.object));
  players.forEach((player, k) => { if (player.present) scene.add(figures[k].object, trails[k].object); });
  scene.add(belief.object);

  const showGoals = (time, subject, order) => {
    const last = replay.entries.findLast((entry) => entry.step <= time && entry.player === subject);
    goals.forEach((goal, g) => {
      const entry = replay.entries.findLast((one) => one.goal === g && one.step <= time);
      goal.show(entry?.reward ?? 0, entry ? (time - entry.step) / replay.rate : 0, last?.goal === g);
      const { center: [x, y, z], radius } = world.goals[g], place = order ? [x, y, z + radius + 0.35] : null;
      if (world.order.length) labels.put(`goal ${g}`, String(world.order.indexOf(g) + 1), place, "order");
    });
  };
  const showBelief = (time, learner) => {
    const thought = learner?.mind && thoughtAt(replay, learner.mind, time);
    belief.object.visible = Boolean(thought);
    if (!thought) return;
    const [x, y, z] = thought.place;
    belief.show({ x, y, z, yaw: 0, crouches: false }, true, 0.25 + 0.75 * thought.certainty);
  };
  const show = (time, { subject, learner, order, knowledge }) => {
    players.forEach((player, k) => {
      if (!player.present) return;
      const state = stateAt(replay, player, time);
      const unseen = player.isExpert && learner && !stateAt(replay, learner, time).seesExpert;
      figures[k].show(state, unseen);
      trails[k].show(time);
      const top = state.z + (state.crouches ? shapes.crouch_height : shapes.height) + (player.isExpert ? MARK : 0);
      const tag = labels.put(`player ${k}`, player.name, [state.x, state.y, top + TAG_HEIGHT]);
      tag.style.opacity = unseen ? 0.5 : 1;
    });
    showGoals(time, subject, order);
    showBelief(time, knowledge ? learner : null);
  };
  return { scene, show };
}

function start() {
  const replay = readReplay(JSON.parse(byId("replay").textContent)), { players } = replay;
  if (replay.title) document.title = `Medal: ${replay.title}`;
  if (replay.notice.length) say(replay.notice.join("\n"), true);
  const terrain = readTerrain(replay.world.terrain);
  const view = makeView(byId("world"), terrain, () => byId("bar").offsetHeight);
  const labels = makeLabels(byId("labels"), view.project), world = makeWorld(replay, terrain, labels);
  const clock = makeClock(replay), scores = makeScores(byId("scores"), replay), mind = makeMind(byId("mind"), replay);
  const followable = [NOBODY, ...players.keys()].filter((k) => k === NOBODY || players[k].present);
  const choices = { follow: NOBODY, order: true, knowledge: true };
  let watched = players.findIndex((player) => !player.isExpert && player.present); // whose view the picture has
  let stale = true;
  const changed = () => { stale = true; };
  const timeline = makeTimeline(byId("timeline"), replay, (time) => { clock.seek(time); changed(); });

  const follow = (k) => {
    choices.follow = followable.includes(k) ? k : NOBODY;
    byId("follow").value = String(choices.follow);
    if (choices.follow === NOBODY) view.overview();
    else view.behind(stateAt(replay, players[choices.follow], clock.time));
    if (choices.follow !== NOBODY && !players[choices.follow].isExpert) watched = choices.follow;
    changed();
  };
  const toggle = (name) => { choices[name] = !choices[name]; byId(name).checked = choices[name]; changed(); };

  const draw = () => {
    const subject = choices.follow !== NOBODY ? choices.follow : Math.max(watched, 0), learner = players[watched];
    if (choices.follow !== NOBODY) view.carry(stateAt(replay, players[choices.follow], clock.time));
    world.show(clock.time, { ...choices, subject, learner });
    view.renderer.render(world.scene, view.camera);
    scores(clock.time);
    mind(clock.time, learner, learner && stateAt(replay, learner, clock.time).seesExpert, choices.knowledge);
    timeline.show(clock.time);
    const text = `${clockText(clock.time / replay.rate)} / ${clockText(replay.last_step / replay.rate)}`;
    byId("time").textContent = text;
    byId("play").textContent = clock.playing ? "\u275a\u275a" : "\u25b6";
    byId("timeline").setAttribute("aria-valuemax", String(replay.last_step / replay.rate));
    byId("timeline").setAttribute("aria-valuenow", String(clock.time / replay.rate));
    byId("timeline").setAttribute("aria-valuetext", text);
  };

  fillControls(replay, followable, { clock, choices, follow, toggle, changed });
  takeKeys(replay, { clock, choices, follow, toggle, changed, followable });
  // #t=30&follow=1 : that second of the episode, standing still; behind that player, 0 the expert.
  const goTo = () => {
    const wanted = new URLSearchParams(window.location.hash.slice(1));
    const seconds = Number.parseFloat(wanted.get("t"));
    clock.playing = Number.isNaN(seconds) && !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!Number.isNaN(seconds)) clock.seek(seconds * replay.rate);
    follow(wanted.has("follow") ? Number.parseInt(wanted.get("follow"), 10) : choices.follow);
  };
  view.resize(); // the bar has its height by now
  goTo();
  window.addEventListener("hashchange", goTo);
  window.addEventListener("resize", () => { view.resize(); changed(); });
  view.controls.addEventListener("change", changed);

  let before = performance.now();
  const frame = (now) => {
    clock.advance((now - before) / 1000);
    before = now;
    if (clock.playing || stale) {
      stale = clock.playing; // once more when it has stopped
      draw();
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function fillControls(replay, followable, { clock, follow, toggle, changed }) {
  const option = (value, text) => new Option(text, String(value));
  byId("speed").append(...SPEEDS.map((speed) => option(speed, `${speed}\u00d7`)));
  byId("speed").value = "1";
  byId("speed").addEventListener("change", (event) => { clock.speed = Number(event.target.value); });
  byId("follow").append(...followable.map((k) => option(k, k === NOBODY ? "nobody" : replay.players[k].name)));
  byId("follow").addEventListener("change", (event) => follow(Number(event.target.value)));
  for (const name of ["order", "knowledge"]) byId(name).addEventListener("change", () => toggle(name));
  byId("knowledge").disabled = !replay.players.some((player) => player.mind);
  for (const [id, act] of [["play", clock.toggle], ["back", () => clock.step(-1)], ["on", () => clock.step(1)]])
    byId(id).addEventListener("click", () => { act(); changed(); });
}

function takeKeys(replay, { clock, choices, follow, toggle, changed, followable }) {
  const second = Math.round(replay.rate);
  const keys = {
    " ": clock.toggle,
    ArrowLeft: (event) => clock.step(event.shiftKey ? -second : -1),
    ArrowRight: (event) => clock.step(event.shiftKey ? second : 1),
    Home: () => clock.seek(replay.first_step),
    End: () => clock.seek(replay.last_step),
    f: () => follow(followable[(followable.indexOf(choices.follow) + 1) % followable.length]),
    o: () => toggle("order"),
    k: () => toggle("knowledge"),
  };
  window.addEventListener("keydown", (event) => {
    const act = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLSelectElement) return;
    event.preventDefault();
    act(event);
    changed();
  });
  // A button that was clicked must not take the next Space.
  for (const button of document.querySelectorAll("button, input"))
    button.addEventListener("click", () => button.blur());
}

try {
  start();
} catch (error) {
  say(`This replay cannot be drawn here: ${error.message}\nIt takes a browser with WebGL 2.`, false);
}
