// Files that somebody drops into the page: scenarios that were compiled, and what of them is trusted.
//
// Nothing in a file is run or read as markup. Its arrays are of the sizes that its world says, its
// numbers are numbers, its text is plain, and the sentences of an answer are those of this page.

import { NEUTRAL, unpacked } from "./scenario.mjs";
import { resolved, sideOf } from "./shelf.mjs";

const MOST_CHARACTERS = 8e6;
const MOST_TEXT = 20000;
const MOST_COUNTRIES = 250;
const MOST_YEARS = 100;
// As a shell reads them: words of plain signs, or quoted whole.
const COMMAND = /^detente run (?:[\w@%+=:,./-]+|'[^']*'|"'"| )+$/;
const NAME = /^[\p{L}\p{N}]/u;
// What a policy states, by its name.
const STATED = /^(?:log_quantity|added) (.+)$/;
const HOLDING = new Set(["nobody", "importer", "exporter", "treasury", "taste"]);
const QUANTITIES = new Set(["flow", "imports", "spending"]);
const UNSEEN = /[^\P{Cc}\n\r\t]|\p{Bidi_Control}/u;

/** Why a file is not taken: the name of a sentence and what it is filled with. */
export class Refusal extends Error {
  constructor(key, filled = {}) {
    super(key);
    this.key = key;
    this.filled = filled;
  }
}

/** A file of these scenarios for another page, or for this one later. */
export function fileOfScenario({ desk }, written, address) {
  const { say, status, refusals, draws, ...own } = desk;
  return JSON.stringify({ ...written, address, pool: [], desks: [own] }, packedAgain);
}

function packedAgain(_, value) {
  if (!ArrayBuffer.isView(value)) return value;
  let bytes = "";
  for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) bytes += String.fromCharCode(byte);
  return { [value instanceof Int32Array ? "int32" : "float64"]: btoa(bytes) };
}

/**
 * The scenarios of such a file and the address of its positions; `written` is the form and the
 * version of this page, `words` its sentences. Throws a `Refusal`.
 */
export function scenariosOf(text, written, words) {
  if (text.length > MOST_CHARACTERS) throw new Refusal("desk.too_large");
  let file;
  try {
    file = JSON.parse(text);
  } catch {
    throw new Refusal("desk.no_scenario");
  }
  if (!isTable(file) || !Array.isArray(file.desks) || !Array.isArray(file.pool)) throw new Refusal("desk.no_scenario");
  if (file.form !== written.form || file.version !== written.version)
    throw new Refusal("desk.other_version", { ours: written.version });
  try {
    const { pool, desks } = JSON.parse(text, unpacked);
    return {
      sides: resolved(pool, desks).map((desk) => sideOf({ ...checkedDesk(desk, words), ...words, draws: { why: "desk.no_draws_file" } })),
      address: typeof file.address === "string" ? file.address : "",
    };
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal("desk.damaged", { what: "form" });
  }
}

const isTable = (value) => typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

const need = (holds, what) => {
  if (!holds) throw new Refusal("desk.damaged", { what });
};

function checkedDesk(desk, words) {
  need(isTable(desk), "scenario");
  plain(desk, "text");
  need(typeof desk.command === "string" && COMMAND.test(desk.command), "command");
  need(isTexts(desk.settings), "settings");
  for (const name of ["name", "reference", "hash", "title", "setting", "basis", "question", "horizon"])
    need(typeof desk[name] === "string" && (desk[name] || name === "question"), name);
  need(Number.isInteger(desk.year), "year");
  const [N, S] = namesOf(desk);
  need(Array.isArray(desk.focus) && desk.focus.every((n) => Number.isInteger(n) && n >= 0 && n < N), "focus");
  checkWorld(desk.world, N, S);
  need(isTable(desk.policies) && Object.values(desk.policies).every(isTexts), "policies");
  const { imputed } = desk;
  need(imputed === null || (isTable(imputed) && isNumbers(imputed.flow, N * N * S) && isNumbers(imputed.output, N * S)), "imputed");
  need(Array.isArray(desk.targets), "quantities");
  desk.targets.forEach((target) => checkTarget(target, desk.targets.length, N, S));
  need(isTable(desk.horizons) && Object.hasOwn(desk.horizons, desk.horizon), "horizons");
  for (const horizon of Object.values(desk.horizons)) checkHorizon(horizon, N, S);
  checkWedges(desk.wedges, "to", desk);
  need(Array.isArray(desk.directions), "sliders");
  desk.directions.forEach((direction) => checkDirection(direction, desk));
  need(isTable(desk.fixed) && Object.entries(desk.fixed).every(([reason, names]) =>
    Object.hasOwn(words.say.desk, reason) && isTexts(names)), "policies");
  return desk;
}

const isTexts = (value) => Array.isArray(value) && value.every((one) => typeof one === "string");

/** Every text is short and without signs that are not seen; every number is one. */
function plain(value, name) {
  if (typeof value === "string") need(value.length <= MOST_TEXT && !UNSEEN.test(value), name);
  else if (typeof value === "number") need(Number.isFinite(value), name);
  else if (ArrayBuffer.isView(value)) need(value.every(Number.isFinite), name);
  else if (value !== null && typeof value === "object")
    for (const [key, one] of Object.entries(value)) {
      plain(key, name);
      plain(one, key);
    }
}

function namesOf({ countries, sectors }) {
  for (const [rows, words] of [[countries, ["code", "name", "inSentence"]], [sectors, ["code", "name", "small"]]]) {
    need(Array.isArray(rows) && rows.length > 0 && rows.length <= MOST_COUNTRIES, "names");
    need(rows.every((row) => isTable(row) && words.every((word) => typeof row[word] === "string" && row[word])), "names");
    // A name that a spreadsheet would take for a formula is none.
    need(rows.every((row) => NAME.test(row.name)), "names");
    need(new Set(rows.map(({ code }) => code)).size === rows.length, "names");
  }
  return [countries.length, sectors.length];
}

function checkWorld(world, N, S) {
  need(isTable(world) && world.countries === N && world.sectors === S, "world");
  for (const [name, size] of [["trade", N * N * S], ["tariff", N * N * S], ["inputShare", N * S * S]])
    need(isNumbers(world[name], size) && world[name].every((value) => value >= 0 || name === "tariff"), name);
  for (const name of ["hiddenTrade", "finalTrade"])
    need(world[name] === null || isNumbers(world[name], N * N * S), name);
  const { capital } = world;
  need(capital === null || (isTable(capital) && [["share", N], ["replaced", N], ["basket", N * S]].every(
    ([name, size]) => isNumbers(capital[name], size))), "capital");
}

const isNumbers = (value, size) => value instanceof Float64Array && value.length === size;

function checkHorizon(horizon, N, S) {
  need(isTable(horizon) && typeof horizon.words === "string", "horizons");
  need(horizon.ratio === null || typeof horizon.ratio === "number", "horizons");
  need(isNumbers(horizon.theta, S) && horizon.theta.every((value) => value > 0), "theta");
  need(isTable(horizon.closure), "closure");
  const { staggered, nests } = horizon.closure;
  need(!staggered || (Number.isInteger(staggered.years) && staggered.years >= 1 && staggered.years <= MOST_YEARS), "closure");
  need(!nests || (Number.isInteger(nests.groups) && nests.groups >= 1 && nests.groups <= N), "closure");
  const { passThrough } = horizon.closure;
  need(passThrough === null || (passThrough > 0 && passThrough <= 1), "closure");
}

/** Wedges by flow or by cell, and what policies state: a place for each of the quantities. */
function checkWedges(wedges, values, { world, targets, policies }) {
  need(isTable(wedges), "wedges");
  const cells = world.countries * world.sectors;
  for (const [name, wedge] of Object.entries(wedges)) {
    const [, policy] = STATED.exec(name) ?? [];
    need(policy === undefined ? Object.hasOwn(NEUTRAL, name) : Object.hasOwn(policies, policy), "wedges");
    need(isTable(wedge) && wedge.at instanceof Int32Array, "wedges");
    const size = policy !== undefined ? targets.length : cells * (name === "log_productivity" ? 1 : world.countries);
    need(isNumbers(wedge[values], wedge.at.length) && wedge.at.every((cell) => cell >= 0 && cell < size), "wedges");
  }
}

function checkTarget(target, count, N, S) {
  need(isTable(target) && typeof target.policy === "string", "quantities");
  need(["place", "flows"].every((name) => Number.isInteger(target[name]) && target[name] >= 0 && target[name] < count), "quantities");
  for (const places of [target.cells, target.at])
    need(places instanceof Int32Array && places.every((flow) => flow >= 0 && flow < N * N * S), "quantities");
  need(isNumbers(target.pattern, target.at.length), "quantities");
  need(HOLDING.has(target.keeper) && QUANTITIES.has(target.measure), "quantities");
}

function checkDirection(direction, desk) {
  need(isTable(direction) && Array.isArray(direction.sliders) && typeof direction.product === "number", "sliders");
  for (const slider of direction.sliders) {
    need(isTable(slider) && ["key", "policy", "field"].every((name) => typeof slider[name] === "string"), "sliders");
    need(slider.key === `${slider.policy}.${slider.field}` && isTable(slider.law), "sliders");
    need(["value", "low", "high", "part"].every((name) => typeof slider[name] === "number") && slider.low < slider.high, "sliders");
  }
  checkWedges(direction.moved, "by", desk);
}
