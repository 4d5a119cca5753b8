// Bars drawn by hand as SVG: rows of names and numbers, the scenario's own number as a thin mark.

import { fixed, MINUS } from "./words.mjs";

export const NARROW = 340;
export const WIDE = 680;
export const LETTER = 6.1;
const PART_OF_NAMES = 0.52;
const NUMBERS = 76;
const ROW = 22;
const SVG = "http://www.w3.org/2000/svg";

/**
 * Rows of `{name, value, own, text, strong}` as a picture that fits a width; losses are hatched as
 * well as coloured. Rows that have an `other` and its text are pairs: A filled, B in outline.
 */
export function bars(rows, title, place) {
  const width = Math.min(Math.max(place || WIDE, NARROW), WIDE);
  const letters = Math.floor((PART_OF_NAMES * width) / LETTER);
  const values = rows.flatMap((row) => [row.value, row.other ?? row.own ?? 0]).filter(Number.isFinite);
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)];
  const names = LETTER * Math.min(letters, Math.max(...rows.map((row) => row.name.length))) + 8;
  const room = width - names - NUMBERS - 12;
  const scale = (value) => names + 6 + (room * (value - least)) / (most - least || 1);
  const tall = rows.some(isPair) ? 2 * ROW - 4 : ROW;
  const height = rows.length * tall + 8;
  const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "bars" });
  svg.append(node("title", {}, title), hatch());
  rows.forEach((row, at) => {
    const y = at * tall + 6;
    const middle = y + 12 + (tall - ROW) / 2;
    svg.append(node("text", { x: names, y: middle, "text-anchor": "end", class: row.strong ? "strong" : "" }, shortened(row.name, letters)));
    barsOf(row).forEach((bar, line) => svg.append(...drawnBar(bar, y + line * (ROW - 5), scale, width)));
    if (!isPair(row) && Number.isFinite(row.own)) {
      const own = scale(row.own);
      svg.append(node("line", { x1: own, x2: own, y1: y - 3, y2: y + ROW - 4, class: "own" }));
    }
  });
  svg.append(node("line", { x1: scale(0), x2: scale(0), y1: 0, y2: height, class: "zero" }));
  return svg;
}

const isPair = (row) => "other" in row;

const barsOf = (row) => (isPair(row)
  ? [{ value: row.value, text: `A ${row.text}` }, { value: row.other, text: `B ${row.otherText}`, line: " outline" }]
  : [row]);

function drawnBar({ value, text, line = "" }, y, scale, width) {
  const [from, to] = [scale(0), scale(value)].sort((a, b) => a - b);
  const side = value < 0 ? "loss" : "gain";
  return [
    node("rect", { x: from, y, width: Math.max(to - from, 0.5), height: ROW - 7, class: side + line }),
    node("text", { x: width, y: y + 12, "text-anchor": "end", class: "number" }, text),
  ];
}

export const shortened = (name, letters) =>
  name.length > letters ? `${name.slice(0, letters - 1).trimEnd()}…` : name;

export function hatch() {
  const pattern = node("pattern", { id: "hatch", width: 5, height: 5, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" });
  pattern.append(node("rect", { width: 5, height: 5, class: "hatched" }), node("line", { x1: 0, x2: 0, y1: 0, y2: 5, class: "hatching" }));
  return node("defs", {}, pattern);
}

export function node(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** The change of trade between two countries by sector and direction. */
export function balanceRows(outcome, ownOutcome, desk, [n, m]) {
  const { countries: N, sectors: S } = desk.world;
  const change = (one, from, to, s) => {
    const at = (from * N + to) * S + s;
    return one.tradeAfter[at] - one.tradeBefore[at];
  };
  const rows = [[n, m], [m, n]].flatMap(([from, to]) =>
    desk.sectors.map((sector, s) => ({
      key: `${desk.countries[from].code} ${sector.code}`,
      name: `${sector.name}, from ${desk.countries[from].inSentence}`,
      value: change(outcome, from, to, s),
      own: change(ownOutcome, from, to, s),
    })));
  return rows.map((row) => ({ ...row, text: signedMillion(row.value) }));
}

export const signedMillion = (value) =>
  (value < 0 ? MINUS : "+") + fixed(Math.abs(value), Math.abs(value) < 10 ? 1 : 0);

/** The rows as comma-separated values, with what they are in the first lines. */
export function csvOf(rows, title, setting) {
  const quoted = (text) => `"${String(text).replaceAll('"', '""')}"`;
  const pairs = rows.some(isPair);
  const lines = rows.map((row) => [quoted(row.name), row.value, ...(pairs ? [row.other, row.other - row.value] : [row.own ?? ""])].join(","));
  const heads = pairs ? "name,A,B,B less A" : "name,value,scenario itself";
  const comments = [title, ...setting.split("\n")].map((line) => `# ${line.replace(/\s+/g, " ")}`);
  return [...comments, heads, ...lines, ""].join("\n");
}

/** The picture as a file that stands alone: what it is above it, and of what under it. */
export function fileOf(svg, title, setting) {
  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  const lines = setting.split("\n");
  const tall = height + 34 + 14 * lines.length;
  const whole = node("svg", { xmlns: SVG, width, height: tall, viewBox: `0 0 ${width} ${tall}` });
  const drawn = node("g", { transform: "translate(0 24)" });
  drawn.append(...svg.cloneNode(true).childNodes);
  whole.append(
    node("style", {}, STYLE_OF_FILES), node("rect", { width, height: tall, class: "ground" }),
    node("text", { x: 0, y: 14, class: "strong" }, title), drawn,
    ...lines.map((line, at) => node("text", { x: 0, y: height + 42 + 14 * at, class: "setting" }, at ? line : `détente. ${line}`)));
  return new XMLSerializer().serializeToString(whole);
}

/** A file of a picture as pixels, twice as fine as on the screen. */
export async function pngOf(file) {
  const image = new Image();
  image.src = `data:image/svg+xml,${encodeURIComponent(file)}`;
  await image.decode();
  const [width, height] = [image.naturalWidth * 2, image.naturalHeight * 2];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return new Promise((done) => { canvas.toBlob(done, "image/png"); });
}

const STYLE_OF_FILES = `text{font:12px Helvetica,Arial,sans-serif;fill:#1c1c1c}.strong{font-weight:600}
.gain{fill:#0b4a75}.loss{fill:url(#hatch)}.hatched{fill:#f3ddcf}.hatching{stroke:#b4501e;stroke-width:3}
.outline{stroke:#1c1c1c;stroke-width:1.5;fill-opacity:0.25}
.ground{fill:#fff}.setting{font-size:10px;fill:#5f6368}
.own{stroke:#1c1c1c;stroke-width:1.5}.zero{stroke:#5f6368;stroke-width:0.75}`;
