// How sure an answer is, as `report/uncertainty.py` says it: the range over the draws, and the
// assumptions that move it most. Quantiles are those of `ensemble/spread.py`.

import {
  digitsBorne, endOfRange, isOneFigure, listing, possessive, signedPercent, UNCHANGED,
} from "./numbers.mjs";
import { columnOf } from "./draws.mjs";
import { leadingFocus, NAMED, say } from "./words.mjs";

/** The quantile of numbers, interpolated between them as Hazen does; of none, not a number. */
export function quantile(values, part) {
  const sorted = Float64Array.from(values).sort();
  const last = sorted.length - 1;
  if (last < 0) return Number.NaN;
  const place = Math.min(Math.max(sorted.length * part - 0.5, 0), last);
  const below = Math.floor(place);
  const [from, to] = [sorted[below], sorted[Math.min(below + 1, last)]];
  const beyond = place - below;
  // As NumPy has it, so that both ends are hit exactly.
  return beyond < 0.5 ? from + (to - from) * beyond : to - (to - from) * (1 - beyond);
}

/**
 * The ranges over the draws that were played so far: `played` is a list of `{of, values}`, where
 * `values` are the measures of a draw and null where nothing was solved.
 */
export function rangesOf(desk, { horizon }, played) {
  const { level, byHorizon, names } = desk.draws;
  const together = played.filter(({ of }) => of === null);
  const solved = together.filter(({ values }) => values);
  const endsOf = (some, column, parts = [(1 - level) / 2, (1 + level) / 2]) => {
    const numbers = some.filter(({ values }) => values).map(({ values }) => values[column]);
    return parts.map((part) => quantile(numbers, part));
  };
  const held = new Map();
  return {
    level,
    draws: together.length,
    solved: solved.length,
    varied: byHorizon[horizon].map((name) => names[name]),
    each: (name, at) => solved.map(({ values }) => values[columnOf(desk, name, at)]),
    ends(name, at) {
      const column = columnOf(desk, name, at);
      if (!held.has(column)) held.set(column, endsOf(solved, column));
      return held.get(column);
    },
    median: (name, at) => endsOf(solved, columnOf(desk, name, at), [0.5])[0],
    /** The interval of a country's welfare by assumption drawn alone, the widest first. */
    drivers: (n) => byHorizon[horizon]
      .map((assumption) => {
        const alone = played.filter(({ of }) => of === assumption);
        const [low, high] = endsOf(alone, columnOf(desk, "welfare", n));
        return { name: names[assumption], low, high, width: high - low };
      })
      .sort((a, b) => b.width - a.width),
  };
}

/** Both ends, and the scenario's own figure where that lies outside. */
export const spans = (value, [low, high]) => [Math.min(low, value), Math.max(high, value)];

/** Whether the range of a measure has both signs; of sectors together with their own figure. */
export function isOpen(outcome, name, at) {
  if (!outcome.ranges) return false;
  const ends = outcome.ranges.ends(name, at);
  const [low, high] = name === "output" ? spans(outcome.output[at], ends) : ends;
  return low < 0 && high > 0;
}

/** The sentences on the range of the headline and on what moves it most. */
export function sure(outcome, desk) {
  const { ranges } = outcome;
  const named = leadingFocus(outcome, desk, NAMED);
  const digits = digitsBorne(outcome.imputed);
  const parts = (named.length ? named : [leadingCountry(outcome, desk)])
    .filter((n) => Math.max(...ranges.ends("welfare", n).map(Math.abs)) >= UNCHANGED)
    .map((n) => gainsBetween(desk, n, ...ranges.ends("welfare", n), digits));
  if (!parts.length) return [];
  const counted = say(desk, ranges.solved < ranges.draws ? "sure.draws_some_unsolved" : "sure.draws",
    { solved: ranges.solved, draws: ranges.draws });
  const filled = { parts: listing(parts), level: percentOf(ranges.level), draws: counted };
  return [
    say(desk, "sure.interval", { varied: listing(ranges.varied), ...filled }),
    drivers(outcome, desk),
  ];
}

const percentOf = (part) => String(Number((100 * part).toPrecision(6)));

function gainsBetween(desk, n, low, high, digits) {
  const ends = [low, high].map((end) => endOfRange(end, low, high, digits));
  const { inSentence: country, plural } = desk.countries[n];
  if (isOneFigure(low, low, high, digits))
    return say(desk, low > 0 ? "sure.about_gains" : "sure.about_loses", { country, percent: ends[0] }, plural);
  const key = low >= 0 ? "sure.gains" : high <= 0 ? "sure.loses" : "sure.open";
  const [least, most] = low >= 0 || high > 0 ? ends : ends.reverse();
  return say(desk, key, { country, low: least, high: most }, plural);
}

/** The country whose drivers are named: the first that the answer names, or the largest effect. */
export function leadingCountry(outcome, desk) {
  const named = leadingFocus(outcome, desk, NAMED);
  if (named.length) return named[0];
  return outcome.worth.reduce((best, worth, n) =>
    (Math.abs(worth) > Math.abs(outcome.worth[best]) ? n : best), 0);
}

function drivers(outcome, desk) {
  const n = leadingCountry(outcome, desk);
  const [first, ...rest] = outcome.ranges.drivers(n).slice(0, desk.draws.drivers);
  const [own, digits] = [outcome.welfare[n], digitsBorne(outcome.imputed)];
  const filled = {
    owner: possessive(desk.countries[n].inSentence),
    first: alone(desk, first, own, digits, "sure.alone"),
  };
  if (!rest.length) return say(desk, "sure.driver", filled);
  const others = rest.map((row) => alone(desk, row, own, digits, "sure.alone_next"));
  return say(desk, "sure.drivers", { ...filled, rest: listing(others) });
}

function alone(desk, { name, low, high }, own, digits, key) {
  const side = wayOf(desk, low, own, high);
  const [from, to] = [low, high].map((end) => signedPercent(end, digits));
  return say(desk, key, { assumption: name, low: from, high: to, side: side ? `, ${side}` : "" });
}

/** Where an assumption moves a figure one way alone, which; empty where it moves it both ways. */
function wayOf(desk, low, own, high) {
  if (high - low < UNCHANGED) return "";
  if (low > own - UNCHANGED) return say(desk, "sure.raises");
  return high < own + UNCHANGED ? say(desk, "sure.lowers") : "";
}
