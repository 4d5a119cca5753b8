// Who gains and who loses as a map: shapes that Python projected, of which only the fill moves.

import { hatch, node } from "./pictures.mjs";
import { UNCHANGED } from "./words.mjs";

// The faintest change that still has a colour of its own is a thousandth of the largest.
const FADES = 3;
const FAINTEST = 0.15;
const LETTER_ROOM = 20;
const drawnMaps = new WeakMap();

/** All rows of two scenarios, in the order of the first. */
export function besides(rows, others) {
  const known = new Map(others.map((row) => [row.key, row]));
  return rows.filter(({ key }) => known.has(key)).map((row) => {
    const { value, text } = known.get(row.key);
    return { ...row, other: value, otherText: text };
  });
}

/**
 * The map of rows by the codes of countries; of two scenarios, A above B on one scale. `areas` is
 * `{width, height, shapes}` with a path for each code, and is drawn once.
 */
export function mapOf(rows, title, areas) {
  const layers = "other" in rows[0] ? ["A", "B"] : [""];
  const known = drawnMaps.get(areas) ?? {};
  drawnMaps.set(areas, known);
  const { svg, name, paths } = (known[layers.length] ??= unfilled(areas, layers));
  name.textContent = title;
  const values = (row) => (layers.length > 1 ? [row.value, row.other] : [row.value]);
  const most = Math.max(...rows.flatMap(values).map(Math.abs));
  for (const row of rows)
    values(row).forEach((value, at) => {
      const path = paths[at].get(row.key);
      if (path) fillOf(path, value, most, `${row.name}: ${at ? row.otherText : row.text}`);
    });
  return svg;
}

/** How a change looks: gains plain and losses hatched, fuller where it is larger. */
export function lookOf(value, most) {
  if (Math.abs(value) < UNCHANGED) return ["still", 1];
  const full = 1 + Math.log10(Math.abs(value) / most) / FADES;
  return [value < 0 ? "loss" : "gain", Math.max(full, FAINTEST)];
}

function fillOf(path, value, most, text) {
  const [kind, full] = lookOf(value, most);
  path.setAttribute("class", kind);
  path.setAttribute("fill-opacity", full.toFixed(2));
  path.firstChild.textContent = text;
}

function unfilled({ width, height, shapes }, layers) {
  const tall = height / 2 + (layers.length > 1 ? LETTER_ROOM : 0);
  const svg = node("svg", { viewBox: `0 0 ${width / 2} ${tall * layers.length}`, role: "img", class: "bars" });
  const name = node("title", {});
  svg.append(name, hatch("hatch-map", 2));
  const paths = layers.map((letter, at) => {
    const drawn = new Map(Object.entries(shapes).map(([code, d]) => [code, node("path", { d, class: "still" }, node("title", {}))]));
    if (letter) svg.append(node("text", { x: 0, y: tall * at + 14, class: "strong" }, letter));
    svg.append(node("g", { class: "map", transform: `translate(0 ${tall * (at + 1) - height / 2}) scale(0.5)` }, ...drawn.values()));
    return drawn;
  });
  return { svg, name, paths };
}
