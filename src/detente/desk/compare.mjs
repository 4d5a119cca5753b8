// Two scenarios beside one another: the difference in words, and pictures with the same rows.

import { balanceRows, signedMillion } from "./pictures.mjs";
import { mainPair, money, say, sectorRows, sentence, signedPercent, UNCHANGED } from "./words.mjs";

const SHOWN = 12;
const COMPARED = 3;

/** What of an outcome is drawn, by picture: titles and all rows, each with a key of its own. */
export function rowsOf(outcome, ownOutcome, desk, n, pair) {
  const owns = new Map(sectorRows(ownOutcome, desk, n).map((row) => [row.code, row.output]));
  return {
    countries: desk.countries.map((country, at) => ({
      key: country.code, name: country.name, value: outcome.welfare[at], own: ownOutcome.welfare[at],
      text: signedPercent(outcome.welfare[at]), strong: desk.focus.includes(at),
      weight: Math.abs(outcome.worth[at]),
    })),
    sectors: sectorRows(outcome, desk, n).filter((row) => row.share >= 0.2).map((row) => ({
      key: row.code, name: row.name, value: row.output, own: owns.get(row.code),
      text: signedPercent(row.output),
    })),
    flows: pair ? balanceRows(outcome, ownOutcome, desk, pair) : [],
    thirds: thirdsOf(desk).map((at) => ({
      key: desk.countries[at].code, name: desk.countries[at].name, value: outcome.worth[at],
      own: ownOutcome.worth[at], text: signedMillion(outcome.worth[at]),
    })),
  };
}

/** The rows of one scenario that fit a picture, in its order. */
export const shownOf = {
  countries: (rows) => largest(rows, (row) => row.weight),
  sectors(rows) {
    const ordered = [...rows].sort((a, b) => b.value - a.value);
    return ordered.length > SHOWN ? [...ordered.slice(0, SHOWN / 2), ...ordered.slice(-SHOWN / 2)] : ordered;
  },
  flows: (rows) => largest(rows, (row) => Math.abs(row.value)),
  thirds: (rows) => largest(rows, (row) => Math.abs(row.value)),
};

/** The countries that a scenario does not act on; none where it acts on no country in particular. */
const thirdsOf = ({ focus, countries }) =>
  (focus.length ? countries.map((_, n) => n).filter((n) => !focus.includes(n)) : []);

/** What those gain who gain and those lose who lose, of the countries that a scenario does not act on. */
export function sumsOf(outcome, desk) {
  const sums = { gains: 0, losses: 0, gainers: 0, losers: 0 };
  for (const n of thirdsOf(desk)) {
    if (Math.abs(outcome.welfare[n]) <= UNCHANGED) continue;
    const gain = outcome.worth[n] > 0;
    sums[gain ? "gains" : "losses"] += Math.abs(outcome.worth[n]);
    sums[gain ? "gainers" : "losers"] += 1;
  }
  return sums;
}

/** The sums in words. */
export function sumsInWords(outcome, desk) {
  const { gains, losses, gainers, losers } = sumsOf(outcome, desk);
  const part = (key, none, count, worth) =>
    (count ? say(desk, key, { count, worth: money(worth) }, count > 1) : say(desk, none));
  const gain = part("desk.others_gain", "desk.none_gain", gainers, gains);
  return sentence(`${gain}; ${part("desk.others_lose", "desk.none_lose", losers, losses)}`);
}

/** The rows of two scenarios, joined and in the order of the larger of both. */
export function joined(rows, others) {
  const known = new Map(others.map((row) => [row.key, row]));
  const both = rows.filter((row) => known.has(row.key)).map((row) => {
    const other = known.get(row.key);
    const size = (one) => one.weight ?? Math.abs(one.value);
    return { ...row, other: other.value, otherText: other.text,
      strong: row.strong || other.strong, weight: Math.max(size(row), size(other)) };
  });
  return largest(both, (row) => row.weight);
}

const largest = (rows, weight) => [...rows]
  .sort((a, b) => Number(b.strong ?? false) - Number(a.strong ?? false) || weight(b) - weight(a))
  .slice(0, SHOWN);

/** How far two scenarios are apart for the countries that they act on, a sentence each. */
export function apart(outcome, other, desk, otherDesk) {
  const focus = [...new Set([...desk.focus, ...otherDesk.focus])];
  const size = (n) => Math.abs(outcome.worth[n] - other.worth[n]);
  const named = (focus.length ? focus : desk.countries.map((_, n) => n))
    .sort((a, b) => size(b) - size(a)).slice(0, COMPARED);
  const said = named.map((n) => {
    const [a, b] = [outcome.welfare[n], other.welfare[n]];
    const filled = { country: desk.countries[n].inSentence, first: signedPercent(a),
      second: signedPercent(b), difference: signedPercent(Math.abs(a - b)).slice(1) };
    const key = Math.abs(a - b) < UNCHANGED ? "desk.alike" : a > b ? "desk.first" : "desk.second";
    return sentence(say(desk, key, filled));
  });
  if (outcome.horizon !== other.horizon)
    said.push(sentence(say(desk, "desk.other_time", { first: outcome.horizon, second: other.horizon })));
  return said;
}

/** The pair of countries whose trade both pictures show: that of the first that has one. */
export const pairOf = (side, beside) =>
  mainPair(side.ownOutcome, side.desk) ?? (beside && mainPair(beside.ownOutcome, beside.desk));
