// The answer in plain words, as `report/answer.py` says it where nothing was drawn. The sentences
// come from Python, in `say`; what is here chooses among them and rounds.

const SMALLEST = 0.001;
const UNCHANGED = 1e-6;
const SAID_MILLION = 1;
const VISIBLE_MILLION = 0.5;
const MATERIAL_SHARE = 0.2;
const MATERIAL_PART = 0.25;
const ALL_DIGITS = 15;
export const MINUS = "−";

/** The sentences of an answer, by what they are about. */
export function answerOf(outcome, desk) {
  const said = (text) => (text ? [sentence(text)] : []);
  const leading = leadingFocus(outcome, desk, 2);
  return {
    gains: said(gains(outcome, desk)),
    volumes: leading.map((n) => volumes(outcome, desk, n)).filter(Boolean),
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
  const digits = digitsBorne(outcome.imputed);
  const form = Math.abs(worth) >= SAID_MILLION ? finePercent : percent;
  const size = form(welfare, digits);
  const filled = { country, percent: size, worth: money(worth, digits), year: desk.year };
  return say(desk, `lead.${verb}${first ? "" : "_next"}`, filled, plural);
}

function volumes(outcome, desk, n) {
  const owner = possessive(desk.countries[n].inSentence);
  const [gdp, jobs] = [outcome.realGdp[n], outcome.employment[n]];
  const digits = digitsBorne(outcome.imputed);
  if (!outcome.movesLabour) {
    if (Math.abs(gdp) < Math.max(SMALLEST, MATERIAL_PART * Math.abs(outcome.welfare[n]))) return "";
    return sentence(say(desk, "volumes.alone", { owner, gdp: moves(desk, gdp, digits) }));
  }
  const still = Math.max(Math.abs(gdp), Math.abs(jobs)) < SMALLEST;
  const both = still
    ? ""
    : say(desk, "volumes.both", { owner, gdp: moves(desk, gdp, digits), jobs: moves(desk, jobs, digits) });
  return [both, jobsBySector(outcome, desk, n)].filter(Boolean).map(sentence).join(" ");
}

function moves(desk, value, digits) {
  if (Math.abs(value) < SMALLEST) return say(desk, "volumes.still");
  return say(desk, value > 0 ? "volumes.rises" : "volumes.falls", { percent: percent(value, digits) });
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
  if (before >= 0 !== after >= 0)
    return say(desk, "balance.turns", { ...both, other_side: side(after) });
  const way = Math.abs(after) > Math.abs(before) ? "grows" : "shrinks";
  const change = say(desk, "balance.change", { change: money(after - before, digits) });
  return say(desk, held === holds ? `balance.from.${way}` : `balance.${way}`, { ...both, change });
}

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
  const named = (chosen) => listing(chosen.map((row) => moving(desk, row, row.output)));
  const parts = [
    ...(up.length ? [say(desk, "sectors.rises", { sectors: named(up) })] : []),
    ...(down.length ? [say(desk, "sectors.falls", { sectors: named(down) })] : []),
  ];
  return say(desk, "sectors.moved", { country, movements: listing(parts) });
}

const moving = (desk, { small: sector, digits }, value) =>
  say(desk, "sectors.moves", { sector, sign: value > 0 ? "+" : MINUS, percent: percent(value, digits) });

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
  const digits = digitsBorne(outcome.imputed);
  const [worth, size] = [money(outcome.worth[n], digits), percent(outcome.welfare[n], digits)];
  const filled = { country, worth, percent: size };
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

/** The digits of a figure of which that part is imputed; `digits_borne` in Python. */
export const digitsBorne = (imputed) => (imputed > 0.5 ? 1 : imputed > 0.1 ? 2 : ALL_DIGITS);

/** The decimals with which a size has that many digits, negative for tens. */
function decimalsBorne(size, digits) {
  if (!size) return ALL_DIGITS;
  const decimals = digits - 1 - Math.floor(Math.log10(size));
  // What is rounded up to the next power of ten has one digit more.
  return decimals - (Number(size.toPrecision(digits)) >= Number(`1e${digits - decimals}`) ? 1 : 0);
}

export function fixed(value, decimals) {
  const size = decimals < 0 ? Number(`${Math.round(Number(`${Math.abs(value)}e${decimals}`))}e${-decimals}`) : Math.abs(value);
  const [whole, part] = size.toFixed(Math.max(decimals, 0)).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (value < 0 ? "-" : "") + grouped + (part ? `.${part}` : "");
}

const decimalsOf = (size) => (size >= 10 ? 1 : size >= 0.1 ? 2 : 3);
const fineDecimals = (size) => (size >= SMALLEST ? decimalsOf(size) : 1 - Math.floor(Math.log10(size)));

const atMost = (size, decimals, digits) => fixed(size, Math.min(decimals, decimalsBorne(size, digits)));

export function percent(value, digits = ALL_DIGITS) {
  const size = Math.abs(value);
  if (size < SMALLEST) return `less than ${SMALLEST} %`;
  return `${atMost(size, decimalsOf(size), digits)} %`;
}

export function finePercent(value, digits = ALL_DIGITS) {
  const size = Math.abs(value);
  return size < UNCHANGED ? percent(value) : `${atMost(size, fineDecimals(size), digits)} %`;
}

export function signedPercent(value) {
  const size = Math.abs(value);
  if (size < UNCHANGED) return "0";
  return (value > 0 ? "+" : MINUS) + fixed(size, fineDecimals(size));
}

export function money(million, digits = ALL_DIGITS) {
  if (Math.abs(million) < 1) return "less than US$ 1 million";
  const size = Number(Math.abs(million).toPrecision(digits));
  if (size < 999.5) return `US$ ${atMost(size, size < 10 ? 1 : 0, digits)} million`;
  const billion = size / 1000;
  return `US$ ${atMost(billion, billion < 10 ? 2 : billion < 100 ? 1 : 0, digits)} billion`;
}

export function moneyPair(before, after, levels = ALL_DIGITS, change = ALL_DIGITS) {
  const inBillions = Math.max(Math.abs(before), Math.abs(after)) >= 1000;
  const [unit, name] = inBillions ? [1000, "billion"] : [1, "million"];
  const moved = Math.abs(after - before) / unit;
  const wanted = moved > 0 ? 2 - Math.floor(Math.log10(moved)) : 0;
  const seen = inBillions ? Math.min(Math.max(wanted, 0), moved >= 0.1 ? 2 : 3) : 0;
  const sizes = [before, after].map((amount) => Math.abs(amount) / unit);
  const decimals = Math.min(seen, decimalsBorne(moved, change), decimalsBorne(Math.max(...sizes), levels));
  return sizes.map((size) => `US$ ${fixed(size, decimals)} ${name}`);
}

export const listing = (items) =>
  items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;

const possessive = (name) => (name.endsWith("s") ? `${name}'` : `${name}'s`);

export const sentence = (text) => `${text.slice(0, 1).toUpperCase()}${text.slice(1).replace(/\.+$/, "")}.`;
