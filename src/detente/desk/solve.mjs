// Solve one counterfactual: (economy, shock, closure) -> equilibrium. The twin of
// `equilibrium/_solve.py`, `welfare.py` and `volumes.py`.

import { emptyHistory, fixedPoint, LONG_MEMORY } from "./anderson.mjs";
import { evaluate, flowsThrough, folds, power, ratio, settle, step, unknownsOf } from "./equations.mjs";
import {
  eachFlow, economyOf, inMarkets, landedAndRemitted, lockedAtFirst, logBarrier, noShock, outputIsUnknown, partOf,
  problemOf, sumBySector,
} from "./kernels.mjs";

export { economyOf, noShock };

export const TOLERANCE = 1e-10;
const MAX_STEPS = 500;
// What starts nearby and takes more has gone astray, and starts again from the baseline.
const NEAR_STEPS = 60;
// A part of the shock this small that still cannot be added is one that nothing will add.
const SMALLEST_PART = 1 / 256;

/**
 * The equilibrium after `shock`, in the numeraire of world value added.
 *
 * Never throws for a problem that was not solved: `status` is "solved", "steps", "not-finite" or
 * "income". `start`, an equilibrium nearby, saves steps along a slider; its history is used up, and
 * without it the answer is the engine's, step for step. Economies of scale may have several equilibria:
 * they start from the baseline whatever `start` is.
 */
export function solve(economy, shock, closure, start = null) {
  const near = closure.scale ? null : start;
  const years = closure.staggered?.years ?? 1;
  if (years === 1) return solveOnce(economy, shock, closure, near);
  let year = { ...closure, staggered: { ...closure.staggered, years: 1 } };
  let [answer, steps, status, residual] = [null, 0, "solved", 0];
  const byYear = [];
  for (let y = 0; y < years; y++) {
    answer = solveOnce(economy, shock, year, near?.byYear?.[y] ?? null);
    byYear.push({ point: answer.point, history: answer.history });
    steps += answer.steps;
    residual = Math.max(residual, answer.residual);
    if (status === "solved") status = answer.status;
    year = nextYear(year, answer);
  }
  return { ...answer, steps, status, residual, byYear };
}

function solveOnce(economy, shock, closure, start) {
  const problem = problemOf(economy, shock, closure);
  const { point, steps, history } = find(problem, economy, shock, closure, start);
  const equilibrium = observe(point, problem, economy, shock, steps);
  equilibrium.history = history;
  if (closure.staggered)
    equilibrium.left = leftToNextYear(equilibrium, problem, economy, shock, closure);
  return equilibrium;
}

/** The whole shock at once; where that fails, part by part, each from where the last ended. */
function find(whole, economy, shock, closure, start) {
  const { N, S } = economy;
  const size = N + 2 * N * whole.M + (outputIsUnknown(closure) ? N * S : 0);
  let unknowns = new Float64Array(size);
  let [reached, part, target, problem, steps] = [0, 1, 1, whole, 0];
  const at = (share) => {
    const partly = problemOf(economy, partOf(shock, economy, share), closure);
    if (closure.deficits === "removed")
      partly.deficit = economy.deficit.map((value) => (1 - share) * value);
    return partly;
  };
  if (start) {
    const [point, history] = nearby(start, size);
    const tried = iterate(problem, point, history, NEAR_STEPS);
    if (tried.residual <= TOLERANCE) return tried;
    steps = tried.steps;
  }
  while (reached < 1 && part >= SMALLEST_PART) {
    const tried = iterate(problem, unknowns);
    steps += tried.steps;
    if (tried.residual <= TOLERANCE) {
      unknowns = tried.point;
      reached = target;
    } else part /= 4;
    target = Math.min(reached + part, 1);
    if (reached < 1) problem = at(target);
  }
  return { point: unknowns, steps, history: null };
}

/** The point and the history of an equilibrium, where they are of so many unknowns. */
function nearby({ point, history }, size) {
  return [
    point?.length === size ? point : new Float64Array(size),
    history?.point.length === size ? history : emptyHistory(size, LONG_MEMORY),
  ];
}

function iterate(problem, start, history = null, maxSteps = MAX_STEPS) {
  const map = (point, mapped) => step(point, mapped, problem);
  return fixedPoint(map, start, TOLERANCE, maxSteps, history);
}

function observe(point, problem, economy, shock, steps) {
  const { N, S } = problem;
  const unknowns = unknownsOf(point, problem);
  const state = evaluate(unknowns, problem);
  const residual = settle(unknowns, state, unknownsOf(new Float64Array(point.length), problem), problem);
  const trade = folds(flowsThrough("producer", state, problem), problem);
  const [tariffRevenue, rents, profit] = [0, 0, 0].map(() => new Float64Array(N));
  const output = new Float64Array(N * S);
  const purchases = new Float64Array(N * N * S);
  eachFlow(N, S, (flow, o, d, s) => {
    const [landed, remitted] = landedAndRemitted(shock, flow);
    const paid = trade[flow] * landed;
    output[o * S + s] += trade[flow];
    purchases[flow] = paid * (1 + shock.tariff[flow]);
    tariffRevenue[d] += shock.tariff[flow] * paid;
    rents[d] += paid - trade[flow] * remitted;
    rents[o] += trade[flow] * (remitted - 1);
  });
  const { accounts, labour } = state;
  output.forEach((value, at) => { profit[Math.floor(at / S)] += problem.profitShare[at] * value; });
  return {
    point, state, trade, purchases, output, tariffRevenue, rents, steps, residual,
    labourIncomeHat: unknowns.wage.map(Math.exp),
    labourSupplyHat: labour.hours.map(Math.exp),
    employmentHat: employmentOf(labour, output, problem),
    employmentRate: labour.employed.map(Math.exp),
    sectorWageHat: labour.wage.map(Math.exp),
    priceHat: ofUse(unknowns.price, 0, problem).map(Math.exp),
    inputPriceHat: ofUse(unknowns.price, problem.M - S, problem).map(Math.exp),
    marketPrice: unknowns.price,
    unitCostHat: state.unitCost.map(Math.exp),
    expenditure: folds(state.spent, problem),
    income: accounts.income,
    deficit: accounts.deficit,
    profit,
    status: statusOf(residual, accounts.income),
  };
}

/** Of prices by market those of final use, which begin at zero, or of inputs. */
const ofUse = (price, begin, { N, S, M }) =>
  Float64Array.from({ length: N * S }, (_, at) => price[Math.floor(at / S) * M + begin + (at % S)]);

/** Hours supplied, times the part of them that is hired. */
function employmentOf(labour, output, problem) {
  const { N, S, labourShare } = problem;
  const [offered, hired] = [new Float64Array(N), new Float64Array(N)];
  for (let at = 0; at < N * S; at++) {
    const n = Math.floor(at / S);
    const supplied = (labourShare[at] * output[at]) / Math.exp(labour.wage[at] + labour.employed[at]);
    offered[n] += supplied;
    hired[n] += supplied * Math.exp(labour.employed[at]);
  }
  return offered.map((value, n) => Math.exp(labour.hours[n]) * (hired[n] / value));
}

function statusOf(residual, income) {
  if (!Number.isFinite(residual)) return "not-finite";
  if (residual > TOLERANCE) return "steps";
  return income.every((value) => value > 0) ? "solved" : "income";
}

/** What a year leaves to the next; Chen, Goes, Muendler and Trottner (2023). */
function leftToNextYear(equilibrium, problem, given, change, closure) {
  const { market: economy, wedges: shock, choice } = inMarkets(given, change, closure);
  const { N, S } = economy;
  const { staggered } = choice;
  const { state } = equilibrium;
  const began = lockedAtFirst(economy, staggered);
  const bought = flowsThrough("spending", { ...state }, { ...problem, locked: null });
  const total = new Float64Array(N * S);
  const mean = new Float64Array(N * S);
  eachFlow(N, S, (flow, o, d, s) => { total[d * S + s] += bought[flow]; });
  if (shock.tasteHat)
    eachFlow(N, S, (flow, o, d, s) => {
      const sigma = 1 + staggered.lockedElasticity[s];
      mean[d * S + s] += ratio(bought[flow], total[d * S + s]) * shock.tasteHat[flow] ** (-1 / sigma);
    });
  const left = new Float64Array(N * N * S);
  eachFlow(N, S, (flow, o, d, s) => {
    const theta = staggered.lockedElasticity[s];
    const to = d * S + s;
    const dearer = Math.exp(theta * (state.price[o * given.S + (s % given.S)] + logBarrier(economy, shock, flow)));
    let level = Math.exp(-theta * equilibrium.marketPrice[to]);
    if (shock.tasteHat) level *= power(mean[to], -(1 + theta)) / shock.tasteHat[flow];
    const anew = ratio(bought[flow], state.spent[to]) * level * dearer;
    left[flow] = (1 - staggered.reset) * shock.allowed[flow] * began[flow] + anew;
  });
  return left;
}

function nextYear(closure, equilibrium) {
  const { staggered, wageFloor, labourImmobility } = closure;
  const moves = labourImmobility != null && (staggered.movesLabour ?? true);
  return {
    ...closure,
    staggered: { ...staggered, locked: equilibrium.left },
    labourImmobility: moves ? labourImmobility * (1 - staggered.reset) : labourImmobility,
    wageFloor: wageFloor && { ...wageFloor, years: wageFloor.years + 1 },
  };
}

/** Change of the exact consumption price index, Cobb-Douglas over sectors. */
export function priceIndexHat(economy, equilibrium) {
  const { N, S, finalShare } = economy;
  const logs = finalShare.map((share, at) => share * Math.log(equilibrium.priceHat[at]));
  return sumBySector(logs, N, S).map(Math.exp);
}

/** Change of real income, exact: income over the consumption price index. */
export function welfareHat(economy, equilibrium) {
  const index = priceIndexHat(economy, equilibrium);
  return equilibrium.income.map((income, n) => income / economy.income[n] / index[n]);
}

/** Change of real GDP: value added double-deflated, tariffs at old rates on imports as shipped. */
export function realGdpHat(economy, equilibrium) {
  const { N, S, capital, output, tariff, trade } = economy;
  // What replaces capital is investment, not an input.
  const inputShare = capital ? capital.technology : economy.inputShare;
  const valueAddedShare = capital ? capital.grossShare : economy.valueAddedShare;
  const [before, after] = [new Float64Array(N), new Float64Array(N)];
  const dearer = equilibrium.inputPriceHat.map(Math.log);
  for (let n = 0; n < N; n++)
    for (let s = 0; s < S; s++) {
      const at = n * S + s;
      const share = valueAddedShare[at];
      const added = share * output[at];
      before[n] += added;
      if (!(output[at] > 0 && share > 0)) after[n] += added;
      else if (equilibrium.output[at] > 0) {
        let inputs = 0;
        for (let k = 0; k < S; k++)
          inputs += inputShare[(n * S + k) * S + s] * dearer[n * S + k];
        const price = (Math.log(equilibrium.unitCostHat[at]) - inputs) / share;
        after[n] += added * Math.exp(Math.log(equilibrium.output[at] / output[at]) - price);
      }
    }
  eachFlow(N, S, (flow, o, d, s) => {
    before[d] += tariff[flow] * trade[flow];
    after[d] += (tariff[flow] * equilibrium.trade[flow]) / equilibrium.unitCostHat[o * S + s];
  });
  return after.map((value, n) => value / before[n]);
}
