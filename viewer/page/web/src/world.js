import * as THREE from "three";

import { makeFigure, makeTrail } from "./bodies.js";
import { makeGround } from "./ground.js";
import { makeLights, makeSky } from "./light.js";
import { stateAt, thoughtAt } from "./replay.js";
import { makeGoal, makeObstacle } from "./things.js";

const BELIEF_COLOUR = "#cc79a7";
const TAG_HEIGHT = 0.35, MARK = 0.55; // m above the head, and the expert's mark between

// All that is drawn, and show(time, {subject, learner, order, knowledge}): whose last goal is marked, and whose sight
// and belief the picture has.
export function makeWorld(replay, terrain, labels) {
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
