import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

// The camera: from above at first, turned by dragging, and carried along with whom it follows.

const FIELD = 40; // degrees
const AZIMUTH = -0.61 * Math.PI, ELEVATION = 0.68; // rad, of the eye from the middle
const NEAR_SIDE = 0.11; // of half the arena: where it is centred, since its near side is drawn larger
const BEHIND = 9, ABOVE = 4.6, HEAD = 1.2; // m
const NEAREST = 2, FARTHEST = 120; // m
const BLOCK_DEPTH = 1.3, GOAL_HEIGHT = 0.6; // m, that belong to the picture below and above the ground
const EDGE = 14; // pixels that stay free around the arena

// `covered` says how many pixels at the bottom of the page the picture does not have to itself.
export function makeView(canvas, terrain, covered) {
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: true });
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  const camera = new THREE.PerspectiveCamera(FIELD, 1, 0.2, 400);
  camera.up.set(0, 0, 1);
  const controls = new OrbitControls(camera, canvas);
  Object.assign(controls, { minDistance: NEAREST, maxDistance: FARTHEST, maxPolarAngle: 0.495 * Math.PI });

  // Where a place is on the page, in pixels; null behind the camera.
  const project = (x, y, z) => {
    const place = new THREE.Vector3(x, y, z).project(camera);
    if (place.z > 1) return null;
    return { x: 0.5 * (1 + place.x) * window.innerWidth, y: 0.5 * (1 - place.y) * window.innerHeight };
  };
  const corners = [-terrain.half, terrain.half].flatMap((x) => [-terrain.half, terrain.half].flatMap(
    (y) => [terrain.lowest - BLOCK_DEPTH, terrain.highest + GOAL_HEIGHT].map((z) => [x, y, z])));
  const isWhole = () => corners.every((corner) => {
    const place = project(...corner);
    return place && place.x > EDGE && place.x < window.innerWidth - EDGE && place.y > EDGE &&
      place.y < window.innerHeight - covered() - EDGE;
  });
  const standBack = (distance) => {
    const flat = Math.cos(ELEVATION) * distance;
    const shift = new THREE.Vector3(Math.cos(AZIMUTH), Math.sin(AZIMUTH), 0).multiplyScalar(NEAR_SIDE * terrain.half);
    controls.target.copy(shift).setZ(0.5 * (terrain.lowest + terrain.highest));
    camera.position.set(Math.cos(AZIMUTH) * flat, Math.sin(AZIMUTH) * flat, Math.sin(ELEVATION) * distance).add(shift);
    controls.update();
    camera.updateMatrixWorld();
  };
  // As near as the whole arena can be seen.
  const overview = () => {
    let near = NEAREST, far = FARTHEST;
    while (far - near > 0.1) {
      const middle = 0.5 * (near + far);
      standBack(middle);
      if (isWhole()) far = middle;
      else near = middle;
    }
    standBack(far);
  };
  const behind = (state) => {
    controls.target.set(state.x, state.y, state.z + HEAD);
    camera.position.set(
      state.x - BEHIND * Math.cos(state.yaw), state.y - BEHIND * Math.sin(state.yaw), state.z + HEAD + ABOVE);
    controls.update();
  };
  const carry = (state) => {
    const moved = new THREE.Vector3(state.x, state.y, state.z + HEAD).sub(controls.target);
    controls.target.add(moved);
    camera.position.add(moved);
    controls.update();
    camera.updateMatrixWorld();
  };
  // What the camera looks at stands in the middle of the free part.
  const resize = () => {
    const { innerWidth: width, innerHeight: height } = window;
    renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    renderer.setSize(width, height, false);
    camera.aspect = width / height;
    camera.setViewOffset(width, height, 0, 0.5 * covered(), width, height);
  };
  resize();
  return { renderer, camera, controls, overview, behind, carry, resize, project };
}
