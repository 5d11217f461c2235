import * as THREE from "three";

import { metres } from "./replay.js";

// The height grid with the triangles that physics has, coloured by height, on a block of earth.

const LEVELS = [[0.055, 0.13, 0.15], [0.205, 0.27, 0.16], [0.72, 0.57, 0.33]]; // low, middle, high; linear
const EARTH = [0.09, 0.073, 0.0625];
const BORDER = 0xd9d9d6;
const BLOCK_DEPTH = 1.3; // m below the lowest ground

export function readTerrain(terrain) {
  const { cells, cell_size: cell } = terrain, half = 0.5 * cells * cell, heights = metres(terrain.heights);
  const corner = (i, j) => [i * cell - half, j * cell - half, heights[j * (cells + 1) + i]];
  const lowest = heights.reduce((a, b) => Math.min(a, b)), highest = heights.reduce((a, b) => Math.max(a, b));
  const clamp = (value) => Math.min(Math.max(value, 0), cells - 1e-4);
  // On the triangle below (x, y).
  const heightAt = (x, y) => {
    const u = clamp((x + half) / cell), v = clamp((y + half) / cell), i = Math.floor(u), j = Math.floor(v);
    const [a, b, c, d] = [[i, j], [i + 1, j], [i, j + 1], [i + 1, j + 1]].map(([p, q]) => corner(p, q)[2]);
    const p = u - i, q = v - j;
    return p + q < 1 ? a + p * (b - a) + q * (c - a) : d + (1 - p) * (c - d) + (1 - q) * (b - d);
  };
  return { cells, half, corner, lowest, highest, heightAt };
}

// At least a metre of heights, so that flat ground stays in the middle of the colours.
function colourOfHeight({ lowest, highest }) {
  const middle = 0.5 * (lowest + highest), half = Math.max(0.5, 0.5 * (highest - lowest));
  return (z) => {
    const level = Math.min(Math.max((z - middle + half) / (2 * half), 0), 1) * 2, k = level < 1 ? 0 : 1;
    return LEVELS[k].map((from, c) => from + (level - k) * (LEVELS[k + 1][c] - from));
  };
}

function geometry(points, colours, indices) {
  const made = new THREE.BufferGeometry();
  made.setAttribute("position", new THREE.Float32BufferAttribute(points.flat(), 3));
  made.setAttribute("color", new THREE.Float32BufferAttribute(colours.flat(), 3));
  made.setIndex(indices);
  made.computeVertexNormals();
  return made;
}

// Each cell is split from its (i+1, j) corner to its (i, j+1) corner.
function surface(terrain) {
  const side = terrain.cells + 1, points = [], indices = [];
  for (let j = 0; j < side; ++j) for (let i = 0; i < side; ++i) points.push(terrain.corner(i, j));
  for (let j = 0; j + 1 < side; ++j)
    for (let i = 0; i + 1 < side; ++i) {
      const a = j * side + i;
      indices.push(a, a + 1, a + side, a + 1, a + side + 1, a + side);
    }
  const colour = colourOfHeight(terrain);
  return geometry(points, points.map((point) => colour(point[2])), indices);
}

// Border corners once around, counter-clockwise from above; the first one again at the end.
function border({ cells, corner }) {
  const k = [...Array(cells).keys()];
  return [
    ...k.map((i) => corner(i, 0)), ...k.map((j) => corner(cells, j)), ...k.map((i) => corner(cells - i, cells)),
    ...k.map((j) => corner(0, cells - j)), corner(0, 0),
  ];
}

function blockSides(terrain) {
  const bottom = terrain.lowest - BLOCK_DEPTH, points = [], indices = [];
  for (const [x, y, z] of border(terrain)) points.push([x, y, z], [x, y, bottom]);
  for (let a = 0; a + 3 < points.length; a += 2) indices.push(a, a + 1, a + 2, a + 1, a + 3, a + 2);
  return geometry(points, points.map(() => EARTH), indices);
}

function lines(terrain, lift) {
  const points = [], put = (i, j) => { const [x, y, z] = terrain.corner(i, j); points.push(x, y, z + lift); };
  for (let a = 0; a <= terrain.cells; ++a)
    for (let b = 0; b < terrain.cells; ++b) {
      put(a, b); put(a, b + 1);
      put(b, a); put(b + 1, a);
    }
  return new THREE.BufferGeometry().setAttribute("position", new THREE.Float32BufferAttribute(points, 3));
}

export function makeGround(terrain) {
  const ground = new THREE.Mesh(surface(terrain), new THREE.MeshLambertMaterial({ vertexColors: true }));
  ground.castShadow = ground.receiveShadow = true;
  const sides = new THREE.Mesh(blockSides(terrain), new THREE.MeshLambertMaterial({ vertexColors: true }));
  const grid = new THREE.LineSegments(
    lines(terrain, 0.012), new THREE.LineBasicMaterial({ color: 0x000000, transparent: true, opacity: 0.13 }));
  const rim = new THREE.Line(
    new THREE.BufferGeometry().setFromPoints(border(terrain).map(([x, y, z]) => new THREE.Vector3(x, y, z + 0.02))),
    new THREE.LineBasicMaterial({ color: BORDER }));
  return [ground, sides, grid, rim];
}
