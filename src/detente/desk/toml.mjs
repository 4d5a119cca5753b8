// A scenario file as people write it: read here only to see which sliders its numbers move. The page
// compiles nothing, so a file that differs from a scenario of the page in anything else is refused.

import { Refusal } from "./load.mjs";
import { slidersOf } from "./scenario.mjs";

const MOST_TOML = 200000;
const WHITE = /[ \t]*/y;
const BETWEEN = /(?:[ \t\r\n]|#[^\n]*)*/y;
const BARE = /[A-Za-z0-9_-]+/y;
const SIMPLE = /"((?:[^"\\\n]|\\[^\n])*)"|'([^'\n]*)'/y;
const LONG = /"""\r?\n?((?:[^"\\]|\\[^]|"(?!""))*)"""/y;
const NUMBER = /[+-]?(?:0|[1-9](?:_?\d)*)(?:\.\d(?:_?\d)*)?(?:[eE][+-]?\d+)?(?![\w:.-])/y;
const WORD = /(?:true|false)(?!\w)/y;
const LINE_END = /[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y;
const ESCAPES = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };
/** What a file says about itself, which no answer depends on. */
const PROSE = /^(?:title|question|reading|limits|subject|name)$|^policies\..+\.(?:source|note)$/;
const KIND = /^policies\..+\.kind$/;

/**
 * The values of a TOML file by their dotted paths: tables, text, numbers, truth, and lists of
 * them or of rows.
 *
 * Throws a `Refusal` that names the line, for anything else that TOML has and for what is no TOML.
 */
export function readToml(text) {
  if (text.length > MOST_TOML) throw new Refusal("desk.too_large");
  const values = new Map();
  const tables = new Set();
  const at = { text, place: 0 };
  let table = [];
  while (skip(at, BETWEEN), at.place < text.length) {
    if (text[at.place] === "[") {
      table = headOf(at);
      if (tables.has(table.join("."))) fail(at);
      tables.add(table.join("."));
    } else {
      const name = [...table, ...keyOf(at)].join(".");
      sign(at, "=");
      if (values.has(name)) fail(at);
      values.set(name, valueOf(at));
    }
    if (taken(at, LINE_END) === null) fail(at);
  }
  return values;
}

function fail(at) {
  throw new Refusal("desk.no_toml", { line: at.text.slice(0, at.place).split("\n").length });
}

function taken(at, pattern) {
  pattern.lastIndex = at.place;
  const match = pattern.exec(at.text);
  if (match) at.place = pattern.lastIndex;
  return match;
}

const skip = (at, pattern) => { taken(at, pattern); };

function sign(at, wanted) {
  skip(at, WHITE);
  if (at.text[at.place] !== wanted) fail(at);
  at.place += 1;
  skip(at, WHITE);
}

function headOf(at) {
  sign(at, "[");
  const names = keyOf(at);
  sign(at, "]");
  return names;
}

function keyOf(at) {
  const names = [];
  do {
    if (names.length) at.place += 1;
    skip(at, WHITE);
    const match = taken(at, BARE) ?? taken(at, SIMPLE) ?? fail(at);
    names.push(match.length === 1 ? match[0] : match[2] ?? unescaped(at, match[1]));
    skip(at, WHITE);
  } while (at.text[at.place] === ".");
  return names;
}

function valueOf(at) {
  if (at.text[at.place] === "[") return listOf(at);
  let match = taken(at, LONG);
  if (match) return unescaped(at, match[1]);
  if (at.text.startsWith('"""', at.place) || at.text.startsWith("'''", at.place)) fail(at);
  match = taken(at, SIMPLE);
  if (match) return match[2] ?? unescaped(at, match[1]);
  match = taken(at, NUMBER);
  if (match) return Number(match[0].replaceAll("_", ""));
  match = taken(at, WORD) ?? fail(at);
  return match[0] === "true";
}

function listOf(at) {
  const values = [];
  at.place += 1;
  for (;;) {
    skip(at, BETWEEN);
    if (at.text[at.place] === "]") break;
    values.push(at.text[at.place] === "{" ? rowOf(at) : valueOf(at));
    skip(at, BETWEEN);
    if (at.text[at.place] === ",") at.place += 1;
    else if (at.text[at.place] !== "]") fail(at);
  }
  at.place += 1;
  return values;
}

/** A row of a list: a table in one line, which is read nowhere else. */
function rowOf(at) {
  const cells = new Map();
  do {
    at.place += 1;
    const name = keyOf(at).join(".");
    sign(at, "=");
    if (cells.has(name)) fail(at);
    cells.set(name, valueOf(at));
    skip(at, WHITE);
  } while (at.text[at.place] === ",");
  sign(at, "}");
  return Object.fromEntries(cells);
}

const unescaped = (at, text) =>
  text.replace(/\\(?:([ \t]*\r?\n\s*)|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([^]))/g, (_, end, short, long, one) => {
    if (end !== undefined) return "";
    if (one === undefined) return String.fromCodePoint(Number.parseInt(short ?? long, 16));
    return Object.hasOwn(ESCAPES, one) ? ESCAPES[one] : fail(at);
  });

/**
 * The scenario of the page that a file states with other numbers, and the positions it asks for.
 *
 * Throws a `Refusal` with what differs that no slider moves, and the command that makes a desk of it.
 */
export function movedBy(text, shelf, file) {
  const command = `detente desk ${/^[\w.-]+$/.test(file) ? file : `'${file.replaceAll("'", `'"'"'`)}'`}`;
  try {
    return fittingOf(readToml(text), shelf);
  } catch (error) {
    if (error instanceof Refusal) Object.assign(error.filled, { command });
    throw error;
  }
}

function fittingOf(asked, shelf) {
  const tried = shelf.flatMap((side) =>
    (side.desk.documents ?? []).map((document) => ({ side, ...against(asked, document, side) })));
  const best = tried.sort((a, b) => a.refused.length - b.refused.length)[0];
  if (best?.refused.length === 0) return best;
  if (!best || best.refused.some(({ filled }) => KIND.test(filled.name))) throw new Refusal("desk.other_scenario");
  throw new Refusal(best.refused[0].key, best.refused[0].filled);
}

/** How a file differs from a scenario: positions of sliders, and what is no such thing. */
function against(asked, document, { desk, own }) {
  const positions = { ...own, numbers: { ...own.numbers } };
  const sliders = new Map(slidersOf(desk).map((slider) => [`policies.${slider.key}`, slider]));
  const names = new Set([...asked.keys(), ...Object.keys(document)].filter((name) => !PROSE.test(name)));
  const refused = [];
  for (const name of names) {
    const [value, was] = [asked.get(name), document[name]];
    if (JSON.stringify(value) === JSON.stringify(was)) continue;
    const slider = sliders.get(name);
    if (name === "horizon" && Object.hasOwn(desk.horizons, String(value))) positions.horizon = String(value);
    else if (slider && (slider.isSwitch || value !== undefined)) {
      const number = numberOf(value ?? true, slider);
      if (number >= slider.low && number <= slider.high) positions.numbers[slider.key] = number;
      else refused.push({ key: "desk.beyond", filled: { name, low: slider.low, high: slider.high } });
    } else refused.push({ key: "desk.no_law", filled: { name } });
  }
  return { positions, refused };
}

/** A number as files have it: 0.25, "25%", or whether a policy is in force. */
function numberOf(value, { isSwitch }) {
  if (isSwitch) return typeof value === "boolean" ? Number(value) : NaN;
  if (typeof value === "number") return value;
  const percent = typeof value === "string" && /^\s*([+-]?\d+(?:\.\d+)?) ?%\s*$/.exec(value);
  return percent ? Number(`${percent[1]}e-2`) : NaN;
}
