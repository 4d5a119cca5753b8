// The scenarios of a page, and the address that says which are shown and where their sliders stand.

import { playerOf, positionsOf, slidersOf } from "./scenario.mjs";

const BESIDE = "beside:";
const FACTORS = [0.5, 2];

/** The scenarios that `shelf` in Python wrote; what is alike in them is one array. */
export function shelfOf({ pool, desks }) {
  return resolved(pool, desks).map(sideOf);
}

/** What a page or a file carries, with what the pool holds where its number stands. */
export function resolved(pool, desks) {
  const whole = (value) => {
    if (value === null || typeof value !== "object" || ArrayBuffer.isView(value)) return value;
    if ("same" in value) return pool[value.same];
    if (Array.isArray(value)) return value.map(whole);
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, whole(one)]));
  };
  return desks.map(whole);
}

/** A scenario with its player, and what it is without a move. */
export function sideOf(desk) {
  const play = playerOf(desk);
  const own = positionsOf(desk);
  let outcome = null;
  return { desk, play, own, get ownOutcome() { return (outcome ??= play(own)); } };
}

/** Whether two scenarios have the same rows: of the same countries and sectors, in the same year. */
export function areComparable(one, other) {
  const codes = (rows) => rows.map(({ code }) => code).join(" ");
  return one !== other && one.year === other.year && one.basis === other.basis
    && codes(one.countries) === codes(other.countries) && codes(one.sectors) === codes(other.sectors);
}

/** What an address shows: a scenario, one beside it or none, their positions, and what is not here. */
export function stateAt(address, shelf) {
  const given = new URLSearchParams(address);
  const named = (name) => shelf.find(({ desk }) => desk.name === name);
  const side = named(given.get("scenario")) ?? shelf[0];
  let beside = named(given.get("beside")) ?? null;
  if (beside && !areComparable(side.desk, beside.desk)) beside = null;
  const missing = ["scenario", "beside"].map((key) => given.get(key)).filter((name) => name !== null && !named(name));
  return {
    side, beside, missing,
    positions: positionsIn(given, side),
    besidePositions: beside && positionsIn(given, beside, BESIDE),
  };
}

function positionsIn(given, { desk, own }, before = "") {
  const read = { ...own, numbers: { ...own.numbers } };
  for (const slider of slidersOf(desk)) {
    const written = Number.parseFloat(given.get(before + slider.key));
    const number = slider.isSwitch ? Math.round(written) : written;
    if (number >= slider.low && number <= slider.high) read.numbers[slider.key] = number;
  }
  const horizon = given.get(`${before}horizon`);
  if (horizon !== null && Object.hasOwn(desk.horizons, horizon)) read.horizon = horizon;
  const elasticity = Number.parseFloat(given.get(`${before}elasticity`));
  if (desk.elasticity && elasticity >= FACTORS[0] && elasticity <= FACTORS[1]) read.elasticity = elasticity;
  return read;
}

/** The address of a state: what is not as in the scenarios themselves. */
export function addressOf({ side, beside, positions, besidePositions }, shelf) {
  const moved = new URLSearchParams();
  if (side !== shelf[0]) moved.set("scenario", side.desk.name);
  if (beside) moved.set("beside", beside.desk.name);
  write(moved, side, positions);
  if (beside) write(moved, beside, besidePositions, BESIDE);
  return moved.toString();
}

function write(moved, { own }, positions, before = "") {
  for (const [key, number] of Object.entries(positions.numbers))
    if (number !== own.numbers[key]) moved.set(before + key, String(number));
  if (positions.horizon !== own.horizon) moved.set(`${before}horizon`, positions.horizon);
  if (positions.elasticity !== 1) moved.set(`${before}elasticity`, String(positions.elasticity));
}

/** Whether the sliders of a scenario stand where the scenario has them. */
export function isMoved({ own }, positions) {
  const moved = new URLSearchParams();
  write(moved, { own }, positions);
  return moved.size > 0;
}
