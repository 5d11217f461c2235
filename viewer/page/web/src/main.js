import { makeClock } from "./clock.js";
import { byId, fillControls, NOBODY, showClock, takeKeys } from "./controls.js";
import { readTerrain } from "./ground.js";
import { makeLabels } from "./labels.js";
import { makeMind, makeScores } from "./panels.js";
import { readReplay, stateAt } from "./replay.js";
import { makeTimeline } from "./timeline.js";
import { makeView } from "./view.js";
import { makeWorld } from "./world.js";

function say(text, isNotice) {
  const message = byId("message");
  message.textContent = text;
  message.classList.toggle("notice", isNotice);
  message.hidden = false;
}

// What is on the page, and draw(watched): the moment of the clock, in which the picture has that learner's sight.
function makePage(replay, clock, choices, changed) {
  const { players } = replay, terrain = readTerrain(replay.world.terrain);
  const view = makeView(byId("world"), terrain, () => byId("bar").offsetHeight);
  const world = makeWorld(replay, terrain, makeLabels(byId("labels"), view.project));
  const scores = makeScores(byId("scores"), replay), mind = makeMind(byId("mind"), replay);
  const timeline = makeTimeline(byId("timeline"), replay, (time) => { clock.seek(time); changed(); });
  const draw = (watched) => {
    const followed = players[choices.follow], learner = players[watched], { time } = clock;
    const subject = followed ? choices.follow : Math.max(watched, 0);
    if (followed) view.carry(stateAt(replay, followed, time));
    world.show(time, { ...choices, subject, learner });
    view.renderer.render(world.scene, view.camera);
    scores(time);
    mind(time, learner, learner && stateAt(replay, learner, time).seesExpert, choices.knowledge);
    timeline.show(time);
    showClock(replay, clock);
  };
  return { view, draw };
}

// Draws a frame while the clock runs, and one after each change.
function run(clock, isStale, draw) {
  let before = performance.now(), ran = false;
  const frame = (now) => {
    clock.advance((now - before) / 1000);
    before = now;
    if (isStale() || clock.playing || ran) draw();
    ran = clock.playing; // one more when it has stopped
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function start() {
  const replay = readReplay(JSON.parse(byId("replay").textContent)), { players } = replay, clock = makeClock(replay);
  if (replay.title) document.title = `Medal: ${replay.title}`;
  if (replay.notice.length) say(replay.notice.join("\n"), true);
  const choices = { follow: NOBODY, order: true, knowledge: true };
  let watched = players.findIndex((player) => !player.isExpert && player.present), stale = true;
  const changed = () => { stale = true; };
  const { view, draw } = makePage(replay, clock, choices, changed);

  const followable = [NOBODY, ...players.keys()].filter((k) => k === NOBODY || players[k].present);
  const follow = (k) => {
    choices.follow = followable.includes(k) ? k : NOBODY;
    byId("follow").value = String(choices.follow);
    const followed = players[choices.follow];
    if (followed) view.behind(stateAt(replay, followed, clock.time));
    else view.overview();
    if (followed && !followed.isExpert) watched = choices.follow;
    changed();
  };
  const toggle = (name) => { choices[name] = !choices[name]; byId(name).checked = choices[name]; changed(); };
  const actions = { clock, choices, followable, follow, toggle, changed };
  fillControls(replay, actions);
  takeKeys(replay, actions);
  view.resize(); // the bar has its height by now

  // #t=30&follow=1 : that second of the episode, standing still; behind that player, 0 the expert.
  const goTo = () => {
    const wanted = new URLSearchParams(window.location.hash.slice(1)), seconds = Number.parseFloat(wanted.get("t"));
    clock.playing = Number.isNaN(seconds) && !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (!Number.isNaN(seconds)) clock.seek(seconds * replay.rate);
    follow(wanted.has("follow") ? Number.parseInt(wanted.get("follow"), 10) : choices.follow);
  };
  goTo();
  window.addEventListener("hashchange", goTo);
  window.addEventListener("resize", () => { view.resize(); changed(); });
  view.controls.addEventListener("change", changed);
  run(clock, () => stale, () => { stale = false; draw(watched); });
}

try {
  start();
} catch (error) {
  say(`This replay cannot be drawn here: ${error.message}\nIt takes a browser with WebGL 2.`, false);
}
