// The answer in plain words, as `report/answer.py` says it. The sentences come from Python, in `say`;
// what is here chooses among them and rounds. An outcome with `ranges` is one of draws.

import {
  aboutMoney, aboutPercent, ALL_DIGITS, betweenEnds, digitsBorne, finePercent, fixed, isOneFigure, listing,
  MINUS, money, moneyPair, percent, possessive, sentence, signedPercent, SMALLEST, UNCHANGED,
} from "./numbers.mjs";
import { isOpen, spans, sure } from "./sure.mjs";

export { finePercent, fixed, listing, MINUS, money, moneyPair, percent, sentence, signedPercent, UNCHANGED };

/** Countries in focus that an answer names one by one; `NAMED_COUNTRIES` in Python. */
export const NAMED = 3;
const SAID_MILLION = 1;
const VISIBLE_MILLION = 0.5;
const MATERIAL_SHARE = 0.2;
const MATERIAL_PART = 0.25;

/** The sentences of an answer, by what they are about. */
export function answerOf(outcome, desk) {
  const said = (text) => (text ? [sentence(text)] : []);
  const leading = leadingFocus(outcome, desk, 2);
  return {
    gains: said(gains(outcome, desk)),
    volumes: [
      ...leading.map((n) => volumes(outcome, desk, n)).filter(Boolean),
      ...(desk.world.capital ? said(say(desk, "desk.way")) : []),
    ],
    between: said(balance(outcome, desk)),
    sectors: leading.flatMap((n) => said(sectors(outcome, desk, n))),
    elsewhere: said(elsewhere(outcome, desk)),
    sure: outcome.ranges ? sure(outcome, desk).map(sentence) : [],
    condition: said(say(desk, "condition.conditional", { horizon: outcome.horizon, year: desk.year })),
  };
}

export const isSolved = (outcome) => outcome.status === "solved";

/** How exactly an outcome was solved, or why it was not. */
export function statusLine(outcome, desk) {
  if (!isSolved(outcome)) return outcome.refusal ?? desk.status[outcome.status];
  const residual = outcome.residual <= 1e-10 ? "less than 1e-10" : outcome.residual.toExponential(1);
  return sentence(say(desk, "desk.certificate", { residual, count: outcome.steps }, outcome.steps !== 1));
}

/** The sentence of that name, filled in; `many` for a plural subject. */
export function say(desk, key, filled = {}, many = false) {
  let template = key.split(".").reduce((part, name) => part[name], desk.say);
  if (typeof template === "object") template = template[many ? "many" : "one"];
  return template.replace(/\{(\w+)\}/g, (_, name) => filled[name]);
}

function gains(outcome, desk) {
  if (Math.max(...outcome.welfare.map(Math.abs)) < UNCHANGED) return say(desk, "lead.unchanged");
  const { horizon } = outcome;
  if (!desk.focus.length)
    return say(desk, "lead.when", { horizon, parts: extremes(outcome, desk, everyone(desk)) });
  const named = leadingFocus(outcome, desk, NAMED);
  const parts = named.map((n, at) => gain(outcome, desk, n, at === 0));
  const rest = desk.focus.filter((n) => !named.includes(n));
  if (rest.length) {
    const total = rest.reduce((sum, n) => sum + outcome.worth[n], 0);
    const key = total > 0 ? "lead.together_gain" : "lead.together_lose";
    const worth = money(total, digitsBorne(outcome.imputed));
    parts.push(say(desk, key, { count: rest.length, worth }));
  }
  return say(desk, "lead.when", { horizon, parts: parts.join("; ") });
}

function gain(outcome, desk, n, first) {
  const { inSentence: country, plural } = desk.countries[n];
  const [welfare, worth] = [outcome.welfare[n], outcome.worth[n]];
  if (Math.abs(welfare) < UNCHANGED) return say(desk, "lead.unmoved", { country }, plural);
  const verb = welfare > 0 ? "gains" : "loses";
  const next = first ? "" : "_next";
  const filled = { country, year: desk.year, ...sizes(outcome, n) };
  if (!isOpen(outcome, "welfare", n)) return say(desk, `lead.${verb}${next}`, filled, plural);
  const side = say(desk, welfare > 0 ? "lead.gain" : "lead.loss");
  return say(desk, `lead.open${next}`, { side, ...filled });
}

/** The change in percent and in US$, with the digits that a range leaves where one was drawn. */
function sizes(outcome, n) {
  const [welfare, worth] = [outcome.welfare[n], outcome.worth[n]];
  const digits = digitsBorne(outcome.imputed);
  if (outcome.ranges)
    return {
      percent: aboutPercent(welfare, ...outcome.ranges.ends("welfare", n), digits),
      worth: aboutMoney(worth, ...outcome.ranges.ends("worth", n), digits),
    };
  const form = Math.abs(worth) >= SAID_MILLION ? finePercent : percent;
  return { percent: form(welfare, digits), worth: money(worth, digits) };
}

function volumes(outcome, desk, n) {
  const owner = possessive(desk.countries[n].inSentence);
  const [gdp, jobs] = [outcome.realGdp[n], outcome.employment[n]];
  if (!outcome.movesLabour || desk.world.capital) {
    if (Math.abs(gdp) < Math.max(SMALLEST, MATERIAL_PART * Math.abs(outcome.welfare[n]))) return "";
    return sentence(say(desk, "volumes.alone", { owner, gdp: moves(outcome, desk, "realGdp", n) }));
  }
  const still = Math.max(Math.abs(gdp), Math.abs(jobs)) < SMALLEST;
  const both = still
    ? ""
    : say(desk, "volumes.both", {
      owner,
      gdp: moves(outcome, desk, "realGdp", n),
      jobs: moves(outcome, desk, "employment", n),
    });
  return [both, jobsBySector(outcome, desk, n)].filter(Boolean).map(sentence).join(" ");
}

/** What a volume does, rounded to what its range allows where it has one, and what it bears. */
function moves(outcome, desk, name, n) {
  const value = outcome[name][n];
  const digits = digitsBorne(outcome.imputed);
  const ends = outcome.ranges?.ends(name, n) ?? [];
  if (Math.max(...[value, ...ends].map(Math.abs)) < SMALLEST) return say(desk, "volumes.still");
  const key = value > 0 ? "volumes.rises" : "volumes.falls";
  if (!ends.length) return say(desk, key, { percent: percent(value, digits) });
  if (Math.abs(value) < SMALLEST) return still(desk, ...ends, digits);
  const [low, high] = spans(value, ends);
  if (low < 0 && high > 0) return say(desk, "volumes.open", { between: betweenEnds(low, high, digits) });
  const around = isOneFigure(value, ...ends, digits) ? "" : ` (${betweenEnds(...ends, digits)} %)`;
  return say(desk, key, { percent: aboutPercent(value, ...ends, digits) + around });
}

/** What does not move at the scenario's own assumptions, and how far it does at others. */
function still(desk, low, high, digits) {
  if (low < -SMALLEST && high > SMALLEST)
    return say(desk, "volumes.open", { between: betweenEnds(low, high, digits) });
  const key = low < -high ? "volumes.still_falls" : "volumes.still_rises";
  return say(desk, key, { percent: percent(Math.max(-low, high), digits) });
}

function jobsBySector(outcome, desk, n) {
  if (Math.abs(outcome.employment[n]) < SMALLEST) return "";
  const rises = outcome.employment[n] > 0;
  const rows = sectorRows(outcome, desk, n)
    .filter((row) => row.share >= MATERIAL_SHARE && Math.abs(row.employment) >= SMALLEST)
    .filter((row) => (rises ? row.employment > 0 : row.employment < 0))
    .sort((a, b) => Math.abs(b.employment) - Math.abs(a.employment))
    .slice(0, 2);
  if (!rows.length) return "";
  const named = listing(rows.map((row) => moving(desk, row, row.employment)));
  const key = rises ? "volumes.jobs_rise" : "volumes.jobs_fall";
  return say(desk, key, { country: desk.countries[n].inSentence, sectors: named });
}

function balance(outcome, desk) {
  const pair = mainPair(outcome, desk);
  if (!pair) return "";
  const [n, m] = pair;
  const [before, after] = [outcome.balanceBefore(n, m), outcome.balanceAfter(n, m)];
  const side = (amount) => say(desk, amount >= 0 ? "balance.surplus" : "balance.deficit");
  const filled = {
    owner: possessive(desk.countries[n].inSentence),
    partner: desk.countries[m].inSentence,
    side: side(before),
    basis: say(desk, "balance.basis", { basis: desk.basis, year: desk.year }),
  };
  const [levels, digits] = [digitsOfBalance(outcome, desk, pair), digitsBorne(outcome.imputed)];
  if (Math.abs(after - before) < VISIBLE_MILLION)
    return say(desk, "balance.stays", { ...filled, amount: money(before, levels) });
  const [held, holds] = moneyPair(before, after, levels, digits);
  const both = { ...filled, before: held, after: holds };
  const ends = outcome.ranges?.ends("balance", pairPlace(desk, n, m)) ?? null;
  if (before >= 0 !== after >= 0) {
    const isSure = !ends || ends.every((end) => before + end >= 0 === after >= 0);
    const key = isSure ? "balance.turns" : "balance.may_turn";
    return say(desk, key, { ...both, other_side: side(after) });
  }
  return movingBalance(before, after, ends, both, digits, desk);
}

/** A surplus or a deficit that stays one: how it moves, or that it may move either way. */
function movingBalance(before, after, ends, named, digits, desk) {
  const moved = Math.abs(after) > Math.abs(before) ? "grows" : "shrinks";
  if (!ends)
    return fromTo(desk, moved, { ...named, change: say(desk, "balance.change", { change: money(after - before, digits) }) });
  // What makes a surplus grow makes a deficit shrink.
  const way = before >= 0 ? 1 : -1;
  const growth = way * (after - before);
  let [low, high] = ends.map((end) => way * end).sort((a, b) => a - b);
  const open = Math.min(low, growth) < 0 && Math.max(high, growth) > 0;
  if (open) [low, high] = spans(growth, [low, high]);
  const [least, most] = open || Math.abs(low) <= Math.abs(high) ? [low, high] : [high, low];
  const said = { least: aboutMoney(least, low, high, digits), most: aboutMoney(most, low, high, digits) };
  if (open) return fromTo(desk, "open", { ...said, ...named });
  const size = aboutMoney(growth, low, high, digits);
  const key = said.least === said.most && said.most === size ? "balance.change" : "balance.change_between";
  return fromTo(desk, moved, { ...named, change: say(desk, key, { change: size, ...said }) });
}

/** A change from one size to another, or from one where both are the same in their digits. */
const fromTo = (desk, moved, said) =>
  say(desk, said.before === said.after ? `balance.from.${moved}` : `balance.${moved}`, said);

/** The digits that the balance of two countries bears: by what is in its exports and imports. */
function digitsOfBalance(outcome, desk, [n, m]) {
  if (!desk.imputed) return ALL_DIGITS;
  const [N, S] = [desk.countries.length, desk.sectors.length];
  let [value, part] = [0, 0];
  for (const from of [(n * N + m) * S, (m * N + n) * S])
    for (let cell = from; cell < from + S; cell++) {
      value += outcome.tradeBefore[cell];
      part += outcome.tradeBefore[cell] * desk.imputed.flow[cell];
    }
  return digitsBorne(value > 0 ? part / value : 0);
}

/** Where the balance of two countries stands among those of all. */
const pairPlace = (desk, n, m) => n * desk.countries.length + m;

/** The two countries whose bilateral account is shown. */
export function mainPair(outcome, desk) {
  const { focus } = desk;
  if (focus.length === 2) return focus;
  if (!focus.length) return null;
  const others = focus.length > 1 ? focus : everyone(desk).filter((m) => m !== focus[0]);
  let [best, most] = [null, -1];
  for (const n of focus)
    for (const m of others) {
      const change = Math.abs(outcome.balanceAfter(n, m) - outcome.balanceBefore(n, m));
      if (change > most) [best, most] = [[n, m], change];
    }
  return best;
}

function sectors(outcome, desk, n) {
  const country = desk.countries[n].inSentence;
  const rows = sectorRows(outcome, desk, n)
    .filter((row) => row.share >= MATERIAL_SHARE && Math.abs(row.output) >= SMALLEST)
    .sort((a, b) => b.output - a.output);
  if (!rows.length) return say(desk, "sectors.unmoved", { country, smallest: SMALLEST });
  const up = rows.filter((row) => row.output > 0);
  const down = rows.filter((row) => row.output <= 0);
  const most = new Set([...up.slice(0, 2), ...down.slice(-2)]);
  const kinds = {
    "sectors.rises": up.filter((row) => !row.isOpen).slice(0, 2),
    "sectors.falls": down.filter((row) => !row.isOpen).slice(-2).reverse(),
    "sectors.open": rows.filter((row) => row.isOpen && most.has(row)),
  };
  const parts = Object.entries(kinds)
    .filter(([, chosen]) => chosen.length)
    .map(([key, chosen]) => say(desk, key, { sectors: listing(chosen.map((row) => moving(desk, row, row.output, row.ends))) }));
  const movements = outcome.ranges ? parts.join("; it ") : listing(parts);
  return say(desk, "sectors.moved", { country, movements });
}

/** A sector with its change, rounded to what its range allows; where that is open, the range. */
function moving(desk, { small: sector, digits }, value, ends = null) {
  if (!ends)
    return say(desk, "sectors.moves", { sector, sign: value > 0 ? "+" : MINUS, percent: percent(value, digits) });
  const [low, high] = spans(value, ends);
  if (low < 0 && high > 0)
    return say(desk, "sectors.may_move", { sector, between: betweenEnds(low, high, digits) });
  const size = aboutPercent(value, ...ends, digits);
  if (isOneFigure(value, ...ends, digits)) return say(desk, "sectors.moves_by", { sector, percent: size });
  return say(desk, "sectors.moves_about", { sector, percent: size, between: betweenEnds(...ends, digits) });
}

/** A country's sectors with the changes of their output and employment. */
export function sectorRows(outcome, desk, n) {
  const S = desk.sectors.length;
  const before = outcome.outputBefore.subarray(n * S, (n + 1) * S);
  const total = before.reduce((sum, value) => sum + value, 0);
  return desk.sectors
    .map((sector, s) => ({
      ...sector,
      output: outcome.output[n * S + s],
      employment: outcome.employmentBySector[n * S + s],
      share: (100 * before[s]) / total,
      digits: Math.min(
        digitsBorne(outcome.imputed), digitsBorne(desk.imputed ? desk.imputed.output[n * S + s] : 0)),
      before: before[s],
      ends: outcome.ranges?.ends("output", n * S + s) ?? null,
      isOpen: isOpen(outcome, "output", n * S + s),
    }))
    .filter((row) => row.before > 0);
}

function elsewhere(outcome, desk) {
  const thirds = everyone(desk).filter((n) => !desk.focus.includes(n));
  const most = Math.max(...thirds.map((n) => Math.abs(outcome.welfare[n])));
  if (!thirds.length || most < UNCHANGED || thirds.length === desk.countries.length) return "";
  return say(desk, "elsewhere.among", { parts: extremes(outcome, desk, thirds) });
}

function extremes(outcome, desk, among) {
  const ordered = [...among].sort((a, b) => outcome.worth[b] - outcome.worth[a]);
  const [first, last] = [ordered[0], ordered[ordered.length - 1]];
  const parts = [];
  if (outcome.worth[first] > 0) parts.push(most(outcome, desk, first, "gains"));
  const gain = parts.length > 0;
  if (outcome.worth[last] < 0) parts.push(most(outcome, desk, last, "loses"));
  // Where a range has both signs, that nobody gains or loses is not sure either.
  if (parts.length === 2 || among.some((n) => isOpen(outcome, "welfare", n))) return listing(parts);
  return say(desk, gain ? "elsewhere.none_loses" : "elsewhere.none_gains", { part: parts[0] });
}

function most(outcome, desk, n, verb) {
  const { inSentence: country, plural } = desk.countries[n];
  const digits = digitsBorne(outcome.imputed);
  const [worth, size] = [money(outcome.worth[n], digits), percent(outcome.welfare[n], digits)];
  const filled = { country, worth, percent: size };
  const may = isOpen(outcome, "welfare", n) ? "may_" : "";
  return say(desk, `elsewhere.${may}${verb}`, filled, plural);
}

/** Up to `count` of the countries that the scenario acts on, those with most at stake. */
export function leadingFocus(outcome, desk, count) {
  if (desk.focus.length <= count) return desk.focus;
  const size = (n) => Math.abs(outcome.worth[n]);
  return [...desk.focus].sort((a, b) => size(b) - size(a)).slice(0, count);
}

const everyone = (desk) => desk.countries.map((_, n) => n);
