import * as THREE from "three";

import { metres, stateAt, unpack } from "./replay.js";

// Avatars, ghosts of those that somebody cannot see or only believes in, and the ways they came.

const TRAIL_SECONDS = 12, TRAIL_POINTS = 240, TRAIL_WIDTH = 0.12; // m
const MARK_COLOUR = 0xf0e442;
const MARK_HEIGHT = 0.45; // m above the head

function shapeGeometry(shape) {
  const made = new THREE.BufferGeometry();
  made.setAttribute("position", new THREE.Float32BufferAttribute(metres(shape.positions), 3));
  made.setAttribute("normal", new THREE.BufferAttribute(unpack(Int8Array, shape.normals), 3, true));
  made.setIndex(new THREE.BufferAttribute(unpack(Uint16Array, shape.indices), 1));
  return made;
}

// The shape with an avatar's own colour where it takes paint.
function painted(shape, colour) {
  const made = shapeGeometry(shape), paint = unpack(Uint8Array, shape.paint), own = new THREE.Color(colour);
  const colours = unpack(Uint8Array, shape.colours), mixed = new Float32Array(3 * paint.length);
  const base = new THREE.Color();
  for (let k = 0; k < paint.length; ++k) {
    base.setRGB(...[0, 1, 2].map((c) => colours[3 * k + c] / 255), THREE.SRGBColorSpace);
    base.lerp(own, paint[k] / 255).toArray(mixed, 3 * k);
  }
  return made.setAttribute("color", new THREE.BufferAttribute(mixed, 3));
}

function ghostMaterial(colour) {
  return new THREE.ShaderMaterial({
    transparent: true,
    depthWrite: false,
    uniforms: { paint: { value: new THREE.Color(colour) }, strength: { value: 1 } },
    vertexShader: `varying vec3 place;
      varying vec3 outward;
      void main() {
        vec4 world = modelMatrix * vec4(position, 1.0);
        place = world.xyz;
        outward = mat3(modelMatrix) * normal;
        gl_Position = projectionMatrix * viewMatrix * world;
      }`,
    fragmentShader: `varying vec3 place;
      varying vec3 outward;
      uniform vec3 paint;
      uniform float strength;
      void main() {
        vec3 towards = normalize(cameraPosition - place);
        float rim = 1.0 - abs(dot(normalize(outward), towards));
        float bands = smoothstep(0.25, 0.45, abs(2.0 * fract(6.0 * place.z) - 1.0));
        float alpha = strength * clamp(0.16 + 0.24 * bands + 0.75 * rim * rim, 0.0, 0.95);
        gl_FragColor = vec4(1.25 * paint + 0.12 + 0.25 * rim * rim, alpha);
        #include <colorspace_fragment>
      }`,
  });
}

// A figure that is solid or a ghost: show(state, ghost, strength).
export function makeFigure(shapes, colour, isExpert) {
  const object = new THREE.Group();
  const solid = new THREE.MeshLambertMaterial({ vertexColors: true }), ghost = ghostMaterial(colour);
  const bodies = [shapes.standing, shapes.crouching].map((shape) => new THREE.Mesh(painted(shape, colour), solid));
  const mark = new THREE.Mesh(shapeGeometry(shapes.mark), new THREE.MeshBasicMaterial({ color: MARK_COLOUR }));
  object.add(...bodies, ...(isExpert ? [mark] : []));
  const show = (state, isGhost, strength = 1) => {
    object.position.set(state.x, state.y, state.z);
    object.rotation.z = state.yaw;
    bodies.forEach((body, k) => {
      body.visible = (k === 1) === state.crouches;
      body.material = isGhost ? ghost : solid;
      body.castShadow = body.receiveShadow = !isGhost;
    });
    ghost.uniforms.strength.value = strength;
    mark.visible = !isGhost;
    mark.position.z = (state.crouches ? shapes.crouch_height : shapes.height) + MARK_HEIGHT;
  };
  return { object, show };
}

// Where a player has been, as a ribbon on the ground that fades.
export function makeTrail(replay, player, terrain) {
  const positions = new Float32Array(6 * TRAIL_POINTS), colours = new Float32Array(8 * TRAIL_POINTS), indices = [];
  const colour = new THREE.Color(player.colour);
  for (let k = 0; k < TRAIL_POINTS; ++k) {
    for (const side of [0, 1]) colours.set([colour.r, colour.g, colour.b, 0.75 * (k / TRAIL_POINTS)], 8 * k + 4 * side);
    if (k > 0) indices.push(2 * k - 2, 2 * k - 1, 2 * k, 2 * k - 1, 2 * k + 1, 2 * k);
  }
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", new THREE.BufferAttribute(positions, 3));
  geometry.setAttribute("color", new THREE.BufferAttribute(colours, 4));
  geometry.setIndex(indices);
  const material = new THREE.MeshBasicMaterial({
    vertexColors: true, transparent: true, depthWrite: false, side: THREE.DoubleSide,
    polygonOffset: true, polygonOffsetFactor: -2, polygonOffsetUnits: -8,
  });
  const object = new THREE.Mesh(geometry, material);
  object.frustumCulled = false;
  const show = (time) => {
    for (let k = 0; k < TRAIL_POINTS; ++k) {
      const ago = (1 - k / (TRAIL_POINTS - 1)) * TRAIL_SECONDS * replay.rate;
      const here = stateAt(replay, player, time - ago), next = stateAt(replay, player, time - ago + 1);
      const before = stateAt(replay, player, time - ago - 1);
      const dx = next.x - before.x, dy = next.y - before.y, length = Math.hypot(dx, dy) || 1;
      for (const side of [0, 1]) {
        const wide = (side - 0.5) * TRAIL_WIDTH, x = here.x - (dy / length) * wide, y = here.y + (dx / length) * wide;
        positions.set([x, y, Math.max(terrain.heightAt(x, y), here.z) + 0.03], 6 * k + 3 * side);
      }
    }
    geometry.attributes.position.needsUpdate = true;
  };
  return { object, show };
}
