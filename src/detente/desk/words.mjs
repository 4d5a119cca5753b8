// The answer in plain words, as `report/answer.py` says it where nothing was drawn. The sentences
// come from Python, in `say`; what is here chooses among them and rounds.

const SMALLEST = 0.001;
const UNCHANGED = 1e-6;
const SAID_MILLION = 1;
const VISIBLE_MILLION = 0.5;
const MATERIAL_SHARE = 0.2;
const MATERIAL_PART = 0.25;
export const MINUS = "−";

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
    condition: said(say(desk, "condition.conditional", { horizon: outcome.horizon, year: desk.year })),
  };
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
  const named = leadingFocus(outcome, desk, 3);
  const parts = named.map((n, at) => gain(outcome, desk, n, at === 0));
  const rest = desk.focus.filter((n) => !named.includes(n));
  if (rest.length) {
    const total = rest.reduce((sum, n) => sum + outcome.worth[n], 0);
    const key = total > 0 ? "lead.together_gain" : "lead.together_lose";
    parts.push(say(desk, key, { count: rest.length, worth: money(total) }));
  }
  return say(desk, "lead.when", { horizon, parts: parts.join("; ") });
}

function gain(outcome, desk, n, first) {
  const { inSentence: country, plural } = desk.countries[n];
  const [welfare, worth] = [outcome.welfare[n], outcome.worth[n]];
  if (Math.abs(welfare) < UNCHANGED) return say(desk, "lead.unmoved", { country }, plural);
  const verb = welfare > 0 ? "gains" : "loses";
  const size = Math.abs(worth) >= SAID_MILLION ? finePercent(welfare) : percent(welfare);
  const filled = { country, percent: size, worth: money(worth), year: desk.year };
  return say(desk, `lead.${verb}${first ? "" : "_next"}`, filled, plural);
}

function volumes(outcome, desk, n) {
  const owner = possessive(desk.countries[n].inSentence);
  const [gdp, jobs] = [outcome.realGdp[n], outcome.employment[n]];
  if (!outcome.movesLabour || desk.world.capital) {
    if (Math.abs(gdp) < Math.max(SMALLEST, MATERIAL_PART * Math.abs(outcome.welfare[n]))) return "";
    return sentence(say(desk, "volumes.alone", { owner, gdp: moves(desk, gdp) }));
  }
  const still = Math.max(Math.abs(gdp), Math.abs(jobs)) < SMALLEST;
  const both = still
    ? ""
    : say(desk, "volumes.both", { owner, gdp: moves(desk, gdp), jobs: moves(desk, jobs) });
  return [both, jobsBySector(outcome, desk, n)].filter(Boolean).map(sentence).join(" ");
}

function moves(desk, value) {
  if (Math.abs(value) < SMALLEST) return say(desk, "volumes.still");
  return say(desk, value > 0 ? "volumes.rises" : "volumes.falls", { percent: percent(value) });
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
  const named = listing(rows.map((row) => moving(desk, row.small, row.employment)));
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
  if (Math.abs(after - before) < VISIBLE_MILLION)
    return say(desk, "balance.stays", { ...filled, amount: money(before) });
  const [held, holds] = moneyPair(before, after);
  const both = { ...filled, before: held, after: holds };
  if (before >= 0 !== after >= 0)
    return say(desk, "balance.turns", { ...both, other_side: side(after) });
  const key = Math.abs(after) > Math.abs(before) ? "balance.grows" : "balance.shrinks";
  const change = say(desk, "balance.change", { change: money(after - before) });
  return say(desk, key, { ...both, change });
}

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
  const up = rows.filter((row) => row.output > 0).slice(0, 2);
  const down = rows.filter((row) => row.output < 0).slice(-2).reverse();
  const named = (chosen) => listing(chosen.map((row) => moving(desk, row.small, row.output)));
  const parts = [
    ...(up.length ? [say(desk, "sectors.rises", { sectors: named(up) })] : []),
    ...(down.length ? [say(desk, "sectors.falls", { sectors: named(down) })] : []),
  ];
  return say(desk, "sectors.moved", { country, movements: listing(parts) });
}

const moving = (desk, sector, value) =>
  say(desk, "sectors.moves", { sector, sign: value > 0 ? "+" : MINUS, percent: percent(value) });

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
      before: before[s],
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
  if (parts.length === 2) return listing(parts);
  return say(desk, gain ? "elsewhere.none_loses" : "elsewhere.none_gains", { part: parts[0] });
}

function most(outcome, desk, n, verb) {
  const { inSentence: country, plural } = desk.countries[n];
  const filled = { country, worth: money(outcome.worth[n]), percent: percent(outcome.welfare[n]) };
  return say(desk, `elsewhere.${verb}`, filled, plural);
}

/** Up to `count` of the countries that the scenario acts on, those with most at stake. */
export function leadingFocus(outcome, desk, count) {
  if (desk.focus.length <= count) return desk.focus;
  const size = (n) => Math.abs(outcome.worth[n]);
  return [...desk.focus].sort((a, b) => size(b) - size(a)).slice(0, count);
}

const everyone = (desk) => desk.countries.map((_, n) => n);

// Numbers as words, as `report/_format.py` rounds them.

export function fixed(value, decimals) {
  const [whole, part] = Math.abs(value).toFixed(decimals).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0 ? "-" : "") + grouped + (part ? `.${part}` : "");
}

const decimalsOf = (size) => (size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
const fineDecimals = (size) => (size >= SMALLEST ? decimalsOf(size) : 1 - Math.floor(Math.log10(size)));

export function percent(value) {
  const size = Math.abs(value);
  if (size < SMALLEST) return `less than ${SMALLEST} %`;
  return `${fixed(size, decimalsOf(size))} %`;
}

export function finePercent(value) {
  const size = Math.abs(value);
  return size < UNCHANGED ? percent(value) : `${fixed(size, fineDecimals(size))} %`;
}

export function signedPercent(value) {
  const size = Math.abs(value);
  if (size < UNCHANGED) return "0";
  return (value > 0 ? "+" : MINUS) + fixed(size, fineDecimals(size));
}

export function money(million) {
  const size = Math.abs(million);
  if (size < 1) return "less than US$ 1 million";
  if (size < 999.5) return `US$ ${size.toFixed(size < 10 ? 1 : 0)} million`;
  const billion = size / 1000;
  return `US$ ${fixed(billion, billion < 10 ? 2 : billion < 100 ? 1 : 0)} billion`;
}

export function moneyPair(before, after) {
  const inBillions = Math.max(Math.abs(before), Math.abs(after)) >= 1000;
  const [unit, name] = inBillions ? [1000, "billion"] : [1, "million"];
  const moved = Math.abs(after - before) / unit;
  const wanted = moved > 0 ? 2 - Math.floor(Math.log10(moved)) : 0;
  const decimals = inBillions ? Math.min(Math.max(wanted, 0), moved >= 0.1 ? 2 : 3) : 0;
  return [before, after].map((amount) => `US$ ${fixed(Math.abs(amount) / unit, decimals)} ${name}`);
}

export const listing = (items) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

const possessive = (name) => (name.endsWith("s") ? `${name}'` : `${name}'s`);

export const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.+$/, "")}.`;
