import { element } from "./panels.js";

// Words that stand at places of the world.

export function makeLabels(parent, project) {
  const labels = new Map();
  // Puts `text` in the middle of where (x, y, z) is on the page.
  const put = (key, text, place, className = "") => {
    if (!labels.has(key)) {
      labels.set(key, element("div", className, text));
      parent.append(labels.get(key));
    }
    const label = labels.get(key), at = place && project(...place);
    label.hidden = !at;
    if (at) label.style.transform = `translate(${at.x}px, ${at.y}px) translate(-50%, -50%)`;
    return label;
  };
  return { put };
}
