import { clockText, SPEEDS } from "./clock.js";

// The bar and the keys. `actions` has the clock, the choices and what changes them.

export const NOBODY = -1; // is followed: the camera is free
export const byId = (id) => document.getElementById(id);

export function fillControls(replay, actions) {
  const { clock, followable, follow, toggle, changed } = actions;
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

export function takeKeys(replay, actions) {
  const { clock, choices, followable, follow, toggle, changed } = actions;
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

export function showClock(replay, clock) {
  const [now, end] = [clock.time, replay.last_step].map((step) => step / replay.rate);
  const text = `${clockText(now)} / ${clockText(end)}`;
  byId("time").textContent = text;
  byId("play").textContent = clock.playing ? "\u275a\u275a" : "\u25b6";
  const attributes = { "aria-valuemax": end, "aria-valuenow": now, "aria-valuetext": text };
  for (const [name, value] of Object.entries(attributes)) byId("timeline").setAttribute(name, String(value));
}
