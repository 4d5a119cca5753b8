// The wedges under which the stated quantities are what is wanted. The twin of `quantities.py`, of
// `equilibrium/quantities.py` and of the search in `equilibrium/targets.py`.

import { solve } from "./solve.mjs";

// Largest miss of a log quantity that counts as found, and the one at which the search ends.
const MET = 1e-9;
const ENOUGH = 1e-10;
// No wedge is looked for beyond, and no more often; a smaller part of a step leads nowhere either.
const LARGEST_WEDGE = 20;
const MOST_TRIES = 60;
const SMALLEST_STEP = 1 / 64;
const PAID = new Set(["importer", "exporter", "treasury"]);

/** What is wanted at these wedges, by flows: what several policies want of the same is one. */
export function wantedOf(targets, wedges, trade) {
  const wanted = [];
  for (const target of targets) {
    const logQuantity = wedges[`log_quantity ${target.policy}`]?.[target.place] ?? 0;
    const added = wedges[`added ${target.policy}`]?.[target.place] ?? 0;
    if (logQuantity === 0 && added === 0) continue;
    const same = wanted.find(({ flows }) => flows === target.flows);
    if (same) {
      same.logQuantity += logQuantity;
      same.added += added;
    } else wanted.push({ ...target, logQuantity, added });
  }
  return wanted.some(({ ofVisitors }) => ofVisitors) ? withVisitors(wanted, trade) : wanted;
}

/** Where visitors buy of flows that are stated too, either change comes on top of the other. */
function withVisitors(wanted, trade) {
  const left = wanted.map(({ ofVisitors, at, pattern, cells, logQuantity }) => {
    const kept = new Float64Array(trade.length).fill(1);
    if (ofVisitors) at.forEach((flow, i) => { kept[flow] = Math.exp(-pattern[i]); });
    else for (const flow of cells) kept[flow] = Math.exp(logQuantity);
    return kept;
  });
  return wanted.map((one, w) => {
    let [own, both] = [0, 0];
    for (const flow of one.cells) {
      const kept = trade[flow] * left[w][flow];
      own += kept;
      both += left.reduce((product, other, v) => (v === w ? product : product * other[flow]), kept);
    }
    return { ...one, logQuantity: one.logQuantity + Math.log(both / own) };
  });
}

/**
 * The equilibrium in which all that is `wanted` is so, on top of `shock`.
 *
 * Never throws: `refusal` is the name of a sentence, and what fills it, where there is none. `start`
 * is an equilibrium nearby; `size` multiplies what is wanted, in logs.
 */
export function meet(economy, shock, closure, wanted, start = null, size = 1) {
  // The first of several is from scratch, step for step as in the engine.
  let near = start;
  const isAlong = near !== null;
  let steps = 0;
  const seenAt = (sought, among) => {
    const whole = shockUnder(economy, shock, among, sought);
    const equilibrium = { ...solve(economy, whole, closure, near), shock: whole };
    steps += equilibrium.steps;
    const solved = equilibrium.status === "solved";
    if (solved && isAlong) near = equilibrium;
    const seen = among.map((one) => (solved ? logSeen(one, economy, equilibrium) : NaN));
    return { equilibrium, seen };
  };
  const without = seenAt(wanted.map(() => 0), wanted);
  const isIdle = without.seen.map((value) => value === -Infinity);
  const among = wanted.filter((_, w) => !isIdle[w]);
  const before = without.seen.filter((_, w) => !isIdle[w]);
  const goal = among.map(({ logQuantity, added }, w) =>
    before[w] + size * Math.log(Math.exp(logQuantity) + (added > 0 ? added * Math.exp(-before[w]) : 0)));
  const begun = { ...without, seen: before };
  const last = searched((sought) => seenAt(sought, among), goal, begun, slopeOf(economy, among));
  const refusal = refusalOf(wanted, among, isIdle, last);
  return { ...last.equilibrium, steps, sought: last.sought, among, refusal, isMet: isMet(last, among) };
}

const isContrary = (sought, among) => among.some(({ isLimit }, w) => isLimit && sought[w] < -MET);

/** Whether the wedges do what is wanted; of what other policies stop nothing is. */
const isMet = ({ sought, missed }, among) => missed <= MET && !isContrary(sought, among);

function refusalOf(wanted, among, isIdle, { sought, missed }) {
  const policies = [...new Set(wanted.map(({ policy }) => policy))];
  if (isContrary(sought, among)) return { key: "contrary", policies };
  if (isIdle.includes(true)) return { key: "idle", policies: [wanted[isIdle.indexOf(true)].policy] };
  return missed <= MET ? null : { key: "missed", policies, missed };
}

/** The sentence of a refusal, as `quantities.find` says it. */
export function refusalInWords({ key, policies, missed }, templates) {
  const fill = (name, filled) => templates[name].replace(/\{(\w+)\}/g, (_, part) => filled[part]);
  const names = policies.map((name) => `'${name}'`).join(" and ");
  const whose = fill(policies.length === 1 ? "one" : "many", { names });
  const size = (missed ?? 0).toExponential(1).replace(/e([+-])(\d)$/, "e$10$2");
  const how = Number.isFinite(missed) ? fill("nearest", { missed: size }) : templates.unsolved;
  return fill(key, { name: policies[0], whose, how });
}

/** Newton's method from a slope that is about right, and what every step teaches of it (Broyden 1965). */
function searched(seenAt, goal, begun, slopes) {
  const W = goal.length;
  let slope = slopes.map((own, w) => Float64Array.from({ length: W }, (_, v) => (v === w ? own : 0)));
  let last = { ...begun, sought: new Array(W).fill(0) };
  const gapOf = ({ seen }) => goal.map((value, w) => value - seen[w]);
  const missedBy = (state) => mostMissed(gapOf(state));
  let [part, moves] = [1, true];
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    if (!(moves && part >= SMALLEST_STEP && missedBy(last) > ENOUGH)) break;
    const step = solvedBy(slope, gapOf(last));
    const sought = last.sought.map((value, w) =>
      Math.min(Math.max(value + part * step[w], -LARGEST_WEDGE), LARGEST_WEDGE));
    const now = seenAt(sought);
    const moved = sought.map((value, w) => value - last.sought[w]);
    const length = moved.reduce((sum, value) => sum + value * value, 0);
    moves = length > 0;
    if (!now.seen.every(Number.isFinite)) {
      part /= 4;
      continue;
    }
    slope = slope.map((row, w) => {
      const foreseen = row.reduce((sum, value, v) => sum + value * moved[v], 0);
      const surprise = now.seen[w] - last.seen[w] - foreseen;
      return row.map((value, v) => value + (surprise * moved[v]) / (length > 0 ? length : 1));
    });
    last = { ...now, sought };
    part = 1;
  }
  return { ...last, missed: missedBy(last) };
}

/** Not a number where any is. */
const mostMissed = (values) =>
  values.reduce((most, value) => (Math.abs(value) <= most ? most : Math.abs(value)), 0);

/** The solution of a small linear system, by elimination with the largest pivots. */
function solvedBy(matrix, right) {
  const rows = matrix.map((row, w) => [...row, right[w]]);
  const W = right.length;
  for (let p = 0; p < W; p++) {
    const best = rows.slice(p).reduce((most, row, i) =>
      (Math.abs(row[p]) > Math.abs(rows[most][p]) ? p + i : most), p);
    [rows[p], rows[best]] = [rows[best], rows[p]];
    for (let w = p + 1; w < W; w++) {
      const by = rows[w][p] / rows[p][p];
      for (let v = p; v <= W; v++) rows[w][v] -= by * rows[p][v];
    }
  }
  const solution = new Array(W).fill(0);
  for (let w = W - 1; w >= 0; w--) {
    const known = solution.reduce((sum, value, v) => (v > w ? sum + rows[w][v] * value : sum), 0);
    solution[w] = (rows[w][W] - known) / rows[w][w];
  }
  return solution;
}

/** The fall of a log quantity with the log wedge, at given prices and spending. */
const responseOf = ({ keeper }, economy, s) => economy.tradeElasticity[s] + (PAID.has(keeper) ? 1 : 0);

/** Visits the flows of a wedge with the log of it where what is sought is 1. */
function eachWedge(one, economy, visit) {
  one.at.forEach((flow, i) => {
    const response = responseOf(one, economy, flow % economy.S);
    visit(flow, one.alike ? one.pattern[i] / response : one.pattern[i], response);
  });
}

/** Of log quantities to what is sought, where nothing else moves: a search begins there. */
function slopeOf(economy, wanted) {
  return wanted.map((one) => {
    const falls = new Map();
    eachWedge(one, economy, (flow, wedge, response) => falls.set(flow, wedge * response));
    let [total, weighted] = [0, 0];
    for (const flow of one.cells) {
      total += economy.trade[flow];
      weighted += economy.trade[flow] * (falls.get(flow) ?? 0);
    }
    const mean = weighted / (total > 0 ? total : 1);
    return mean > 0 ? -mean : 1;
  });
}

/** The shock with the wedges on top, by who has the difference. */
export function shockUnder(economy, shock, wanted, sought) {
  const size = economy.trade.length;
  const by = {};
  wanted.forEach((one, w) => {
    by[one.keeper] ??= { log: new Float64Array(size), on: new Float64Array(size) };
    eachWedge(one, economy, (flow, wedge) => {
      by[one.keeper].log[flow] += sought[w] * wedge;
      by[one.keeper].on[flow] += 1;
    });
  });
  const { nobody, importer, exporter, treasury, taste } = by;
  const made = { ...shock };
  if (nobody) made.tradeCostHat = shock.tradeCostHat.map((hat, f) => hat * Math.exp(nobody.log[f]));
  if (treasury)
    made.tariff = shock.tariff.map((rate, f) => rate + (1 + rate) * Math.expm1(treasury.log[f]));
  if (taste) {
    const theta = economy.tradeElasticity;
    made.tasteHat = taste.log.map((value, f) =>
      (shock.tasteHat ? shock.tasteHat[f] : 1) * Math.exp(-theta[f % economy.S] * value));
  }
  if (importer || exporter) {
    const of = (keeper, name, f) => (keeper ? keeper[name][f] : 0);
    made.rationing = Float64Array.from({ length: size }, (_, f) =>
      (shock.rationing ? shock.rationing[f] : 0)
      + Math.expm1(of(importer, "log", f) + of(exporter, "log", f)));
    made.rentToImporter = Float64Array.from({ length: size }, (_, f) => {
      const held = shock.rentToImporter ? shock.rentToImporter[f] : 0;
      const to = of(importer, "on", f);
      return held * (1 - to - of(exporter, "on", f)) + to;
    });
  }
  return made;
}

/** The log of a quantity in an equilibrium. */
function logSeen({ cells, measure }, { N, S }, { trade, unitCostHat, purchases }) {
  let [there, bought] = [0, 0];
  const buyers = new Uint8Array(N * S);
  for (const flow of cells) {
    const s = flow % S;
    there += trade[flow] / unitCostHat[Math.floor(flow / (N * S)) * S + s];
    bought += purchases[flow];
    buyers[flow % (N * S)] = 1;
  }
  if (measure === "flow") return Math.log(there);
  let [spent, atHome] = [0, 0];
  for (let o = 0; o < N; o++)
    buyers.forEach((buys, to) => {
      if (!buys) return;
      const paid = purchases[o * N * S + to];
      spent += paid;
      if (Math.floor(to / S) === o) atHome += paid;
    });
  const below = measure === "spending" ? spent : spent - atHome;
  return Math.log(bought / (below > 0 ? below : 1));
}
