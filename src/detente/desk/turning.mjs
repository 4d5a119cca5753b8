// B* on a line: what speaks against the closest stance, and where the agent's answer turns.

import { boundedPercent, flipInWords } from "./argue.mjs";
import { hatch, LETTER, NARROW, node, shortened, WIDE } from "./pictures.mjs";

const BAND = 44;
const HIGH = 14;
const AXIS = 34;
const ROOM = 0.12;

/** Rows of `{of, value, against}` on one scale; those without a cost of their own are left out. */
export function turningLine(desk, flips, title, place) {
  const width = Math.min(Math.max(place || WIDE, NARROW), WIDE);
  const rows = flips.filter(({ value, against }) => Number.isFinite(value) && Number.isFinite(against));
  const x = scaleOf(rows, width);
  const height = rows.length * BAND + AXIS;
  const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "bars turning" });
  svg.append(node("title", {}, title), hatch());
  rows.forEach(({ of, value, against }, at) => {
    const y = at * BAND + 20;
    const name = shortened(flipInWords(desk, of), Math.floor((width - 70) / LETTER));
    svg.append(
      node("text", { x: 0, y: y - 6, class: at ? "" : "strong" }, name),
      node("text", { x: width, y: y - 6, "text-anchor": "end", class: at ? "number" : "number strong" }, boundedPercent(value)),
      node("rect", { x: 0, y, width: x(value), height: HIGH, class: "gain" }),
      node("rect", { x: x(value), y, width: width - x(value), height: HIGH, class: "loss" }),
      node("line", { x1: x(value), x2: x(value), y1: y - 3, y2: y + HIGH + 3, class: "own" }),
      node("circle", { cx: x(against), cy: y + HIGH / 2, r: 8, class: "ground" }),
      node("circle", { cx: x(against), cy: y + HIGH / 2, r: 5.5, class: "own" }));
  });
  const foot = rows.length * BAND + 10;
  svg.append(
    node("line", { x1: x(0), x2: x(0), y1: 0, y2: foot, class: "zero" }),
    node("text", { x: 0, y: foot + 14 }, `← ${desk.say.game.closest}`),
    node("text", { x: width, y: foot + 14, "text-anchor": "end" }, `${desk.say.game.furthest} →`),
    node("text", { x: x(0), y: foot + 14, "text-anchor": "middle" }, "0"));
  return svg;
}

/** From percent to a place, with room at both ends. */
function scaleOf(rows, width) {
  const numbers = [0, ...rows.flatMap(({ value, against }) => [value, against])];
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const room = (most - least || 1) * ROOM;
  return (value) => (width * (value - least + room)) / (most - least + 2 * room || 1);
}
