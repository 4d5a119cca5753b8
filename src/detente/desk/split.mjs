// Where exact welfare comes from: terms that add up to it, along the path from no shock to the whole
// of it. The twin of `equilibrium/decomposition.py`, summed over partners and sectors.
//
// The engine differentiates the solution itself; here the polynomial through the points of the path
// is differentiated, which is as exact as their quadrature.

import { eachFlow, landedAndRemitted, leafElasticity, noShock, partOf, problemOf } from "./kernels.mjs";
import { ratio } from "./equations.mjs";
import { solve, welfareHat } from "./solve.mjs";

// Gauss-Legendre points of the path: the terms are smooth along it.
const PATH_POINTS = 16;
const NEARLY_NOTHING = 1e-6;
/** The terms and the sentences that name them. */
export const TERMS = {
  termsOfTrade: "desk.terms.terms_of_trade", tariffs: "desk.terms.tariffs", rents: "desk.terms.rents",
  tradeCosts: "desk.terms.trade_costs", scale: "desk.terms.scale",
  productivity: "desk.terms.productivity", profits: "desk.terms.profits",
  employment: "desk.terms.employment", taste: "desk.terms.taste",
  transfers: "desk.terms.transfers", unexplained: "desk.terms.unexplained",
};

/** The sentence on why a change is not taken apart here; null where it is. */
export function unsplit({ economy, closure }) {
  if (closure.staggered) return "desk.no_terms";
  return economy.capital || economy.market || closure.passThrough !== null ? "desk.no_terms_setting" : null;
}

/**
 * Terms of welfare in percentage points, each by country; they sum to it. Null where a part of the
 * shock has no solution.
 */
export function split({ economy, shock, closure }) {
  const { nodes, weights } = gauss(PATH_POINTS);
  const points = pointsOf(nodes, economy, shock, closure);
  if (points === null) return null;
  const slopes = differentiation(nodes);
  const { profitShare, labourShare, groupOf } = problemOf(economy, noShock(economy), closure);
  const shares = { profitShare, labourShare, elasticity: (o, d, s) => leafElasticity(economy, closure.nests, groupOf, o, d, s) };
  const logs = Object.fromEntries(Object.keys(TERMS).map((name) => [name, new Float64Array(economy.N)]));
  points.forEach((point, at) => {
    const slope = (name) => combined(points, name, slopes[at]);
    const rates = ratesOf(point, slope, economy, shares);
    for (const [name, values] of Object.entries(rates))
      values.forEach((value, n) => { logs[name][n] += (weights[at] * value) / point.equilibrium.income[n]; });
  });
  return inProportion(logs, welfareHat(economy, solve(economy, shock, closure)));
}

function pointsOf(nodes, economy, shock, closure) {
  const points = [];
  let near = null;
  for (const node of nodes) {
    const soFar = partOf(shock, economy, node);
    const equilibrium = solve(economy, soFar, closure, near);
    if (equilibrium.status !== "solved") return null;
    near = equilibrium;
    points.push(described(economy, soFar, closure, equilibrium));
  }
  return points;
}

/** One point of the path, as what is differentiated along it. */
function described(economy, shock, closure, equilibrium) {
  const { N, S, share, hiddenShare } = economy;
  const { unitCostHat, output, trade, priceHat, employmentRate, labourSupplyHat } = equilibrium;
  const logCost = unitCostHat.map(Math.log);
  const logProductivity = shock.productivityHat ? shock.productivityHat.map(Math.log) : new Float64Array(N * S);
  const flows = () => new Float64Array(N * N * S);
  const [quantity, logRemitted, availability, logPaid] = [flows(), flows(), flows(), flows()];
  eachFlow(N, S, (flow, o, d, s) => {
    const [landed, remitted] = landedAndRemitted(shock, flow);
    quantity[flow] = trade[flow] / unitCostHat[o * S + s];
    logRemitted[flow] = Math.log(remitted) + logCost[o * S + s];
    logPaid[flow] = Math.log(landed * (1 + shock.tariff[flow]));
    const opened = shock.opened && hiddenShare ? shock.opened[flow] * hiddenShare[flow] : 0;
    availability[flow] = shock.allowed[flow] * (share[flow] + opened);
  });
  return {
    shock, equilibrium, logCost, logProductivity, quantity, logRemitted, availability, logPaid,
    variety: varietyOf(economy, closure, equilibrium, logProductivity),
    outputQuantity: output.map((value, at) => value / unitCostHat[at]),
    logPrice: priceHat.map(Math.log),
    logIceberg: shock.tradeCostHat.map(Math.log),
    deficit: equilibrium.deficit,
    logLabour: employmentRate.map((rate, at) => Math.log(rate * labourSupplyHat[Math.floor(at / S)])),
  };
}

function varietyOf({ N, S, output, tradeElasticity }, closure, equilibrium, logProductivity) {
  if (!closure.scale) return new Float64Array(N * S);
  return output.map((before, at) => {
    const after = equilibrium.output[at];
    if (!(before > 0 && after > 0)) return 0;
    const bundle = Math.log(equilibrium.unitCostHat[at]) + logProductivity[at];
    return (closure.scale[at % S] / tradeElasticity[at % S]) * (Math.log(after / before) - bundle);
  });
}

function combined(points, name, weights) {
  const sum = new Float64Array(points[0][name].length);
  points.forEach((point, at) => {
    const [values, weight] = [point[name], weights[at]];
    for (let i = 0; i < sum.length; i++) sum[i] += weight * values[i];
  });
  return sum;
}

/** The differential of real income times income, by term and country. */
function ratesOf(point, slope, { N, S }, { profitShare, labourShare, elasticity }) {
  const { shock, equilibrium } = point;
  const { trade, purchases, unitCostHat, output } = equilibrium;
  const names = ["logCost", "variety", "quantity", "logRemitted", "logIceberg", "availability", "logPaid",
    "logPrice", "logProductivity", "outputQuantity", "logLabour"];
  const by = Object.fromEntries(names.map((name) => [name, slope(name)]));
  const rates = Object.fromEntries(Object.keys(TERMS).map((name) => [name, new Float64Array(N)]));
  eachFlow(N, S, (flow, o, d, s) => {
    const [from, to] = [o * S + s, d * S + s];
    const [landed, remitted] = landedAndRemitted(shock, flow);
    const volume = unitCostHat[from] * by.quantity[flow];
    const received = o === d ? 0 : trade[flow] * remitted * by.logRemitted[flow];
    const access = ratio(by.availability[flow], point.availability[flow]) / elasticity(o, d, s);
    const delivered = by.logIceberg[flow] + by.logPaid[flow] + by.logCost[from] - by.variety[from];
    rates.termsOfTrade[o] += received;
    rates.termsOfTrade[d] -= received;
    rates.tariffs[d] += landed * shock.tariff[flow] * volume;
    rates.rents[d] += (landed - remitted) * volume;
    rates.rents[o] += (remitted - 1) * volume;
    rates.tradeCosts[d] += purchases[flow] * (access - by.logIceberg[flow]);
    rates.scale[d] += purchases[flow] * by.variety[from];
    rates.taste[d] += purchases[flow] * (delivered - access - by.logPrice[to]);
  });
  for (let at = 0; at < N * S; at++) {
    const n = Math.floor(at / S);
    rates.productivity[n] += (1 - profitShare[at]) * output[at] * by.logProductivity[at];
    rates.profits[n] += profitShare[at] * unitCostHat[at] * by.outputQuantity[at];
    rates.employment[n] += labourShare[at] * output[at] * by.logLabour[at];
  }
  rates.transfers.set(slope("deficit"));
  return rates;
}

/** From log points to the units of the change itself, each term in the same proportion. */
function inProportion(logs, welfare) {
  const names = Object.keys(TERMS);
  welfare.forEach((hat, n) => {
    const exact = Math.log(hat);
    logs.unexplained[n] = exact - names.reduce((sum, name) => sum + logs[name][n], 0);
    const factor = Math.abs(exact) < NEARLY_NOTHING ? 1 + exact / 2 : Math.expm1(exact) / exact;
    for (const name of names) logs[name][n] *= 100 * factor;
  });
  return logs;
}

/** Nodes and weights of Gauss and Legendre on the interval from 0 to 1. */
export function gauss(count) {
  const [nodes, weights] = [new Float64Array(count), new Float64Array(count)];
  for (let i = 0; i < count; i++) {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let turn = 0; turn < 100; turn++) {
      const [value, before] = legendre(count, x);
      slope = (count * (x * value - before)) / (x * x - 1);
      const moved = value / slope;
      x -= moved;
      if (Math.abs(moved) < 1e-16) break;
    }
    nodes[count - 1 - i] = (x + 1) / 2;
    weights[count - 1 - i] = 1 / ((1 - x * x) * slope * slope);
  }
  return { nodes, weights };
}

function legendre(count, x) {
  let [value, before] = [x, 1];
  for (let k = 2; k <= count; k++) [value, before] = [((2 * k - 1) * x * value - (k - 1) * before) / k, value];
  return [value, before];
}

/** By node, what the values at all nodes weigh in the slope there of the polynomial through them. */
export function differentiation(nodes) {
  const others = (i) => nodes.filter((_, j) => j !== i);
  const scale = Array.from(nodes, (x, i) => others(i).reduce((product, y) => product * (x - y), 1));
  return Array.from(nodes, (x, i) => {
    const row = Array.from(nodes, (y, j) => (i === j ? 0 : scale[i] / (scale[j] * (x - y))));
    row[i] = -row.reduce((sum, value) => sum + value, 0);
    return row;
  });
}
