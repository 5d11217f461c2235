import * as THREE from "three";
import { OrbitControls } from "three/addons/controls/OrbitControls.js";

// The camera: from above at first, turned by dragging, and carried along with whom it follows.

const FIELD = 40; // degrees
const AZIMUTH = -0.61 * Math.PI, ELEVATION = 0.68; // rad, of the eye from the middle
const BEHIND = 7.5, ABOVE = 4.2, HEAD = 1.2; // m

export function makeView(canvas, terrain) {
  const renderer = new THREE.WebGLRenderer({ canvas, antialias: true });
  renderer.shadowMap.enabled = true;
  renderer.shadowMap.type = THREE.PCFShadowMap;
  const camera = new THREE.PerspectiveCamera(FIELD, 1, 0.2, 400);
  camera.up.set(0, 0, 1);
  const controls = new OrbitControls(camera, canvas);
  Object.assign(controls, { minDistance: 2, maxDistance: 120, maxPolarAngle: 0.495 * Math.PI });

  // Far enough that the arena fills the free part of the picture.
  const overview = () => {
    const narrow = Math.min(1, camera.aspect);
    const distance = (1.28 * terrain.half * Math.SQRT2) / (Math.tan((FIELD * Math.PI) / 360) * (0.25 + 0.75 * narrow));
    const flat = Math.cos(ELEVATION) * distance;
    controls.target.set(0, 0, 0.5 * (terrain.lowest + terrain.highest));
    camera.position.set(Math.cos(AZIMUTH) * flat, Math.sin(AZIMUTH) * flat, Math.sin(ELEVATION) * distance);
    controls.update();
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
  };
  const resize = () => {
    renderer.setPixelRatio(Math.min(window.devicePixelRatio, 2));
    renderer.setSize(window.innerWidth, window.innerHeight, false);
    camera.aspect = window.innerWidth / window.innerHeight;
    camera.updateProjectionMatrix();
  };
  // Where a place is on the page, in pixels; null behind the camera.
  const project = (x, y, z) => {
    const place = new THREE.Vector3(x, y, z).project(camera);
    if (place.z > 1) return null;
    return { x: 0.5 * (1 + place.x) * window.innerWidth, y: 0.5 * (1 - place.y) * window.innerHeight };
  };
  resize();
  return { renderer, camera, controls, overview, behind, carry, resize, project };
}
