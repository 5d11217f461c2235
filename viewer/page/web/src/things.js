import * as THREE from "three";
import { RoundedBoxGeometry } from "three/addons/geometries/RoundedBoxGeometry.js";

import { TOWARDS_SUN } from "./light.js";

// Obstacles and goals, as the window draws them.

const STRIPE = new THREE.Color(0.8, 0.8, 0.78); // linear
const HALO_REACH = 1.75, HALO_GLOW = 0.34; // radii; of its own colour
const FLASH_FADE = 3.5; // 1/s
const FLASH_GAIN = 1.1, FLASH_LOSS = -0.6; // for +1 and -1

// Bars are striped along their length.
function obstacleMaterial(obstacle) {
  const material = new THREE.MeshLambertMaterial({ color: obstacle.colour });
  if (obstacle.kind === "upright") return material;
  material.onBeforeCompile = (shader) => {
    shader.uniforms.stripe_colour = { value: STRIPE };
    shader.vertexShader = shader.vertexShader
      .replace("#include <common>", "#include <common>\nvarying float along;")
      .replace("#include <begin_vertex>", "#include <begin_vertex>\nalong = position.x + position.z;");
    shader.fragmentShader = shader.fragmentShader
      .replace("#include <common>", "#include <common>\nvarying float along;\nuniform vec3 stripe_colour;")
      .replace("#include <color_fragment>", `#include <color_fragment>
        float stripe = abs(2.0 * fract(1.25 * along) - 1.0);
        diffuseColor.rgb = mix(diffuseColor.rgb, stripe_colour, smoothstep(0.47, 0.53, stripe));`);
  };
  return material;
}

export function makeObstacle(obstacle) {
  const sizes = obstacle.half_extents.map((half) => 2 * half);
  const box = new THREE.Mesh(new RoundedBoxGeometry(...sizes, 2, 0.07), obstacleMaterial(obstacle));
  box.position.fromArray(obstacle.center);
  box.rotation.z = obstacle.yaw;
  box.castShadow = box.receiveShadow = true;
  return box;
}

const GLASS = {
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
    uniform vec3 paint, sun;
    uniform float strength;
    void main() {
      vec3 up = normalize(outward);
      vec3 towards = normalize(cameraPosition - place);
      float facing = clamp(dot(up, towards), 0.0, 1.0);
      float rim = (1.0 - facing) * (1.0 - facing);
      float shine = pow(max(dot(up, normalize(towards + sun)), 0.0), 90.0);
      float core = facing * facing * facing;
      vec3 glass = paint * (0.50 + 0.35 * core + 0.12 * up.z) + mix(paint, vec3(1.0), 0.35) * rim * 0.9;
      gl_FragColor = vec4(strength * glass + 0.9 * shine, clamp(0.46 + 0.48 * rim + shine, 0.0, 1.0));
      #include <colorspace_fragment>
    }`,
};

// A disc of light that fades towards its rim.
function haloTexture() {
  const canvas = document.createElement("canvas"), side = 64;
  canvas.width = canvas.height = side;
  const context = canvas.getContext("2d"), half = side / 2;
  const fade = context.createRadialGradient(half, half, 0, half, half, half);
  for (let k = 0; k <= 8; ++k) fade.addColorStop(k / 8, `rgba(255, 255, 255, ${(1 - (k / 8) ** 2) ** 3})`);
  context.fillStyle = fade;
  context.fillRect(0, 0, side, side);
  return new THREE.CanvasTexture(canvas);
}

// A goal, and show(reward, seconds since, whether it is the subject's last one).
export function makeGoal(goal) {
  const paint = new THREE.Color(goal.colour);
  const uniforms = { paint: { value: paint }, sun: { value: TOWARDS_SUN }, strength: { value: 1 } };
  const material = new THREE.ShaderMaterial({ ...GLASS, uniforms, transparent: true, depthWrite: false });
  const sphere = new THREE.Mesh(new THREE.SphereGeometry(goal.radius, 40, 24).rotateX(Math.PI / 2), material);
  sphere.position.fromArray(goal.center);
  const ring = new THREE.Mesh(
    new THREE.TorusGeometry(1.1 * goal.radius, 0.03, 8, 64), new THREE.MeshBasicMaterial({ color: 0xffffff }));
  const halo = new THREE.Sprite(new THREE.SpriteMaterial({
    map: haloTexture(), color: paint.clone().multiplyScalar(HALO_GLOW), transparent: true,
    depthWrite: false, blending: THREE.AdditiveBlending,
  }));
  halo.scale.setScalar(2 * HALO_REACH * goal.radius);
  sphere.add(ring, halo);
  const show = (reward, seconds, last) => {
    const flash = reward === 0 ? 0 : Math.exp(-FLASH_FADE * Math.max(0, seconds));
    uniforms.strength.value = 1 + (reward > 0 ? FLASH_GAIN : FLASH_LOSS) * flash;
    ring.visible = last;
  };
  show(0, 0, false);
  return { object: sphere, show };
}
