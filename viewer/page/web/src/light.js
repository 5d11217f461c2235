import * as THREE from "three";

// The window's sun and sky (viewer/drawing/opengl/shaders.cpp), in linear light.

export const TOWARDS_SUN = new THREE.Vector3(-0.62, 0.36, 0.86).normalize();
const linear = (r, g, b) => new THREE.Color().setRGB(r, g, b, THREE.LinearSRGBColorSpace);
const SUNLIGHT = linear(1.38, 1.19, 0.92), SKYLIGHT = linear(0.27, 0.37, 0.52), BOUNCED = linear(0.2, 0.17, 0.15);
const HORIZON = linear(0.4, 0.52, 0.66), ZENITH = linear(0.1, 0.23, 0.46), NADIR = linear(0.022, 0.036, 0.07);

export function makeLights(halfSize) {
  const sun = new THREE.DirectionalLight(SUNLIGHT, Math.PI); // a Lambert surface reflects 1 / pi of it
  sun.position.copy(TOWARDS_SUN).multiplyScalar(60);
  sun.castShadow = true;
  sun.shadow.mapSize.set(2048, 2048);
  sun.shadow.bias = -0.0006;
  sun.shadow.normalBias = 0.03;
  const reach = 1.5 * halfSize;
  Object.assign(sun.shadow.camera, { left: -reach, right: reach, bottom: -reach, top: reach, near: 20, far: 100 });
  const sky = new THREE.HemisphereLight(SKYLIGHT, BOUNCED, Math.PI);
  sky.position.set(0, 0, 1);
  return [sun, sky];
}

export function makeSky() {
  const material = new THREE.ShaderMaterial({
    side: THREE.BackSide,
    depthWrite: false,
    uniforms: { horizon: { value: HORIZON }, zenith: { value: ZENITH }, nadir: { value: NADIR } },
    vertexShader: `varying vec3 direction;
      void main() {
        direction = position;
        gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
      }`,
    fragmentShader: `varying vec3 direction;
      uniform vec3 horizon, zenith, nadir;
      void main() {
        float up = normalize(direction).z;
        vec3 colour = up > 0.0 ? mix(horizon, zenith, sqrt(up)) : mix(horizon, nadir, smoothstep(0.0, 0.75, -up));
        gl_FragColor = vec4(colour, 1.0);
        #include <colorspace_fragment>
      }`,
  });
  const sky = new THREE.Mesh(new THREE.SphereGeometry(150, 24, 16), material);
  sky.renderOrder = -1;
  return sky;
}
