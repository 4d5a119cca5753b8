// The model's equations, in changes from the baseline (Dekle, Eaton and Kortum 2008; Caliendo and
// Parro 2015). The twin of `equilibrium/_equations.py` and `equilibrium/_sourcing.py`.
//
// Unknowns are logs of changes, in one vector: wages "n", prices "n m", expenditures "n m" and,
// where costs depend on them, outputs "n s". A market "m" is a sector or, where uses are told apart,
// one of its two uses, as in `equilibrium/_uses.py`.

import { twice } from "./kernels.mjs";

import { byDestination, byOrigin, product, room } from "./sums.mjs";

// Log of an output so small that the sector counts as closed.
const CLOSED = -32;
// What solving a world without deficits leaves of them, over income.
const ROUNDING = 1e-9;

/** The unknowns as parts of one vector. */
export function unknownsOf(point, problem) {
  const { N, M } = problem;
  const size = N * M;
  return {
    wage: point.subarray(0, N),
    price: point.subarray(N, N + size),
    expenditure: point.subarray(N + size, N + 2 * size),
    output: point.length > N + 2 * size ? point.subarray(N + 2 * size) : null,
  };
}

/** The map whose fixed point is the equilibrium: writes into `mapped`, returns the residual. */
export function step(point, mapped, problem) {
  const unknowns = unknownsOf(point, problem);
  const state = evaluate(unknowns, problem);
  return settle(unknowns, state, unknownsOf(mapped, problem), problem);
}

/** Costs, trade and accounts at one point, whether or not it is a solution. */
export function evaluate(unknowns, problem) {
  const spent = spentAt(unknowns, problem);
  const labour = labourOf(unknowns, problem);
  const bundle = bundleCost(labour.wage, unknowns.price, problem);
  const unitCost = lessProductivity(bundle, problem);
  const price = lessVariety(unitCost, bundle, unknowns, problem);
  const market = byMarket(problem);
  const offers = offersOf(market === problem ? price : twice(price, problem.S), market);
  const demand = demandOf(offers, spent, market);
  const sales = overUses(salesOf(offers, demand, market), problem);
  if (problem.passThrough !== null) sales.price = withReach(demand.price, unknowns, labour, problem);
  const accounts = accountsOf(unknowns, spent, sales, problem);
  return { spent, labour, unitCost, price, offers, demand, sales, accounts };
}

function spentAt(unknowns, problem) {
  const { N, M, expenditure: before } = problem;
  const { expenditure } = unknowns;
  const spent = room(problem, "spent", N * M);
  for (let at = 0; at < N * M; at++) spent[at] = Math.exp(expenditure[at]) * before[at];
  return spent;
}

function lessProductivity(bundle, problem) {
  const { N, S, logProductivity } = problem;
  if (!logProductivity) return bundle;
  const cost = room(problem, "unitCost", N * S);
  for (let at = 0; at < N * S; at++) cost[at] = bundle[at] - logProductivity[at];
  return cost;
}

/** The problem of those who choose among origins: markets are its sectors. */
const byMarket = (problem) => (problem.M > problem.S ? { ...problem, S: problem.M } : problem);

/** What is sold in all markets of a sector; prices stay by market. */
function overUses(sold, problem) {
  if (problem.M === problem.S) return sold;
  const { price, ...totals } = sold;
  const folded = Object.entries(totals).map(([name, values]) => [name, folds(values, problem)]);
  return { price, ...Object.fromEntries(folded) };
}

/** The sum over the markets of each sector, on the last axis. */
export function folds(values, { S, M }) {
  if (M === S) return values;
  return Float64Array.from({ length: values.length / 2 }, (_, at) => {
    const first = Math.floor(at / S) * M + (at % S);
    return values[first] + values[first + S];
  });
}

/** Wages by sector, labour supplied and hired; Rodriguez-Clare, Ulate and Vasquez (2025). */
function labourOf(unknowns, problem) {
  const { N, S, wageFloor, immobility } = problem;
  const hours = hoursOf(unknowns, problem);
  const wage = room(problem, "wage", N * S);
  const employed = room(problem, "employed", N * S);
  for (let n = 0; n < N; n++) {
    const average = unknowns.wage[n] - hours[n];
    const floor = wageFloor
      ? wageFloor.fall[n] * wageFloor.years + (1 - wageFloor.pegged[n]) * unknowns.wage[n]
      : -Infinity;
    for (let s = 0; s < S; s++) {
      const at = n * S + s;
      // Workers of Fréchet skills; Galle, Rodriguez-Clare and Yi (2023), eq. 6.
      const cleared = immobility === null || unknowns.output === null
        ? average
        : average + immobility * (logOutput(unknowns, problem, at) - unknowns.wage[n]);
      wage[at] = Math.max(cleared, floor);
      employed[at] = cleared - wage[at];
    }
  }
  return { wage, hours, employed };
}

function hoursOf(unknowns, problem) {
  const { N, S, M, labourSupply, finalShare } = problem;
  const hours = room(problem, "hours", N);
  if (labourSupply === null) return hours;
  for (let n = 0; n < N; n++) {
    let index = 0;
    for (let s = 0; s < S; s++) index += finalShare[n * S + s] * unknowns.price[n * M + s];
    hours[n] = (labourSupply / (1 + labourSupply)) * (unknowns.wage[n] - index);
  }
  return hours;
}

/** Log change of the value of output: the unknown and what tied labour gains by any rise. */
function logOutput(unknowns, problem, at) {
  if (!(problem.output[at] > 0)) return 0;
  return unknowns.output[at] + common(unknowns, problem, at);
}

const common = (unknowns, problem, at) =>
  (problem.immobility ?? 0) * unknowns.wage[Math.floor(at / problem.S)];

/** Log change of the cost of an input bundle; Caliendo and Parro (2015), eq. 10. */
function bundleCost(wage, price, problem) {
  const { N, S, M, labourWeight, inputWeight } = problem;
  const cost = room(problem, "bundle", N * S);
  for (let n = 0; n < N; n++) {
    const own = n * S;
    for (let s = 0; s < S; s++) cost[own + s] = labourWeight[own + s] * wage[own + s];
    for (let k = 0, at = own * S; k < S; k++, at += S) {
      const dearer = price[n * M + (M - S) + k];
      for (let s = 0; s < S; s++) cost[own + s] += inputWeight[at + s] * dearer;
    }
  }
  return cost;
}

/** What variety takes off the cost to buyers; Kucheryavyy, Lyn and Rodriguez-Clare (2023). */
function lessVariety(unitCost, bundle, unknowns, problem) {
  const { S, scale, theta, output } = problem;
  if (scale === null || unknowns.output === null) return unitCost;
  return unitCost.map((cost, at) => {
    const entry = output[at] > 0 ? logOutput(unknowns, problem, at) - bundle[at] : 0;
    return cost - (scale[at % S] / theta[at % S]) * entry;
  });
}

/** The supply side of every kernel; Caliendo and Parro (2015), eq. 12, its numerator. */
function offersOf(cost, problem) {
  const { S, theta, nests, groupOf, locked } = problem;
  const within = (at) => (nests ? nests.elasticity[groupOf[at] * S + (at % S)] : theta[at % S]);
  const offered = (name, elasticityOf) => {
    const values = room(problem, name, cost.length);
    for (let at = 0; at < values.length; at++) values[at] = Math.exp(-elasticityOf(at) * cost[at]);
    return values;
  };
  const abroad = offered("offered", within);
  return {
    abroad,
    home: nests ? offered("offeredAtHome", (at) => nests.homeElasticity[at % S]) : abroad,
    locked: locked && offered("offeredLocked", (at) => locked.elasticity[at % S]),
  };
}

/** Prices and demand; Caliendo and Parro (2015), eq. 11 and eq. 12, its denominator. */
function demandOf(offers, spent, problem) {
  const { N, S, spending, nests, locked } = problem;
  const bought = byDestination("bought", spending, offers.abroad, problem);
  const atHome = room(problem, "atHome", N * S);
  for (let at = 0; at < N * S; at++) atHome[at] = spending.home[at] * offers.home[at];
  let demand = nests
    ? nestedDemand(bought, atHome, offers, spent, problem)
    : plainDemand(bought, atHome, offers, spent, problem);
  if (locked) demand = withLocked(demand, offers.locked, spent, problem);
  for (let at = 0; at < N * S; at++)
    // What is spent on but may not be sold by anyone has no price: not a solution.
    if (spent[at] > 0 && demand.total[at] === 0) demand.price[at] = Infinity;
  return demand;
}

function plainDemand(bought, atHome, offers, spent, problem) {
  const { N, S, theta, valued } = problem;
  const total = room(problem, "total", N * S);
  const scale = room(problem, "scale", N * S);
  const price = room(problem, "price", N * S);
  const abroad = valued && byDestination("valued", valued, offers.abroad, problem);
  for (let at = 0; at < N * S; at++) {
    const chosen = bought[at] + atHome[at];
    total[at] = chosen;
    scale[at] = ratio(spent[at], chosen);
    price[at] = valued
      ? truePrice(chosen, abroad[at] + valued.home[at] * offers.home[at], theta[at % S])
      : -logOrZero(chosen) / theta[at % S];
  }
  return { price, total, abroad: scale, home: scale, locked: null };
}

function nestedDemand(bought, atHome, offers, spent, problem) {
  const { N, S, G, theta, nests, reference, valued } = problem;
  const size = N * S;
  const old = valued && byDestination("valued", valued, offers.abroad, problem);
  const price = room(problem, "price", size);
  const total = room(problem, "total", size);
  const home = room(problem, "home", size);
  const toGroup = room(problem, "toGroup", G * size);
  for (let at = 0; at < size; at++) {
    const s = at % S;
    const top = nests.homeElasticity[s];
    let [abroad, worth] = [0, 0];
    for (let g = 0; g < G; g++) {
      const within = nests.elasticity[g * S + s];
      const group = ratio(bought[g * size + at], reference.group[g * size + at]);
      const part = ratio(reference.group[g * size + at], reference.abroad[at]);
      const chosen = power(group, theta[s] / within);
      abroad += part * chosen;
      if (old) {
        const was = ratio(old[g * size + at], reference.group[g * size + at]);
        worth += part * worthOf(chosen, truePrice(group, was, within), theta[s]);
      }
    }
    total[at] = atHome[at] + reference.abroad[at] * power(abroad, top / theta[s]);
    home[at] = ratio(spent[at], total[at]);
    const toAbroad = home[at] * power(abroad, top / theta[s] - 1);
    for (let g = 0; g < G; g++) {
      const group = ratio(bought[g * size + at], reference.group[g * size + at]);
      toGroup[g * size + at] = toAbroad * power(group, theta[s] / nests.elasticity[g * S + s] - 1);
    }
    if (!old) {
      price[at] = -logOrZero(total[at]) / top;
      continue;
    }
    const priceAbroad = truePrice(abroad, worth, theta[s]);
    const from = worthOf(power(abroad, top / theta[s]), priceAbroad, top);
    const valuedAtHome = valued.home[at] * offers.home[at];
    price[at] = truePrice(total[at], valuedAtHome + reference.abroad[at] * from, top);
  }
  return { price, total, abroad: toGroup, home, locked: null };
}

/**
 * Prices where tariff pass-through is not whole: firms choose markets, whose price level then moves
 * with spending over the wage; Ignatenko, Lashkaripour, Macedoni and Simonovska (2025).
 */
function withReach(price, unknowns, { hours }, { M, passThrough, expenditure }) {
  return price.map((value, at) => {
    if (!(expenditure[at] > 0)) return value;
    const n = Math.floor(at / M);
    const larger = unknowns.expenditure[at] - (unknowns.wage[n] - hours[n]);
    return value + (1 - passThrough) * larger;
  });
}

/** The goods of the free and of the locked in one bundle; Chen and others (2023). */
function withLocked(free, offer, spent, problem) {
  const { N, S, G, locked } = problem;
  const size = N * S;
  const over = (name, flows) => {
    const sum = byDestination(name, flows, offer, problem, 1);
    for (let at = 0; at < size; at++) sum[at] += flows.home[at] * offer[at];
    return sum;
  };
  const chosen = over("boughtLocked", locked.spending);
  const valued = locked.valued && over("valuedLocked", locked.valued);
  const demand = {
    price: new Float64Array(size), total: new Float64Array(size),
    abroad: Float64Array.from(free.abroad), home: Float64Array.from(free.home),
    locked: new Float64Array(size),
  };
  for (let at = 0; at < size; at++) {
    const theta = locked.elasticity[at % S];
    const toLocked = valued
      ? power(ratio(valued[at], chosen[at]), theta) * valued[at]
      : chosen[at];
    const toFree = free.total[at] > 0 ? locked.reset * Math.exp(-theta * free.price[at]) : 0;
    const both = toFree + toLocked;
    const part = ratio(toFree, both);
    demand.total[at] = both;
    demand.price[at] = -logOrZero(both) / theta;
    demand.home[at] *= part;
    for (let g = 0; g < G; g++) demand.abroad[g * size + at] *= part;
    demand.locked[at] = ratio(spent[at] * ratio(toLocked, both), chosen[at]);
  }
  return demand;
}

/** What trade at one point adds up to: all that the accounts need to know of single flows. */
function salesOf(offers, demand, problem) {
  const { N, S, producer, remitted, locked } = problem;
  const rents = remitted !== producer;
  const empty = (name) => room(problem, name, N * S).fill(0);
  const sold = {
    price: demand.price,
    output: empty("output"), atHome: empty("soldAtHome"),
    exported: empty("exported"), imported: empty("imported"),
  };
  addSales(sold, offers.abroad, offers.home, demand.abroad, demand.home,
    producer, remitted, rents, problem, problem.G);
  if (locked)
    addSales(sold, offers.locked, offers.locked, demand.locked, demand.locked,
      locked.producer, locked.remitted, rents, problem, 1);
  return sold;
}

function addSales(sold, abroad, home, wanted, wantedHome, producer, remitted, rents, problem, G) {
  const { N, S } = problem;
  const made = byOrigin("made", producer, wanted, problem, G);
  const received = rents ? byOrigin("received", remitted, wanted, problem, G) : made;
  const paid = byDestination("paid", remitted, abroad, problem, G);
  for (let at = 0; at < N * S; at++) {
    const local = home[at] * wantedHome[at];
    sold.output[at] += local * producer.home[at] + abroad[at] * made[at];
    sold.atHome[at] += local * remitted.home[at];
    sold.exported[at] += abroad[at] * received[at];
    for (let g = 0; g < G; g++) sold.imported[at] += wanted[g * N * S + at] * paid[g * N * S + at];
  }
}

/** Who earns what from these sales, and what they spend it on; Caliendo and Parro, eq. 13. */
function accountsOf(unknowns, spent, sold, problem) {
  const { N, S, M, profitShare, netReturn, labourIncome, finalShare, inputShare } = problem;
  const bought = folds(spent, problem);
  // Of firms, and the net return to capital that is produced.
  const profit = room(problem, "profit", N).fill(0);
  const revenue = room(problem, "revenue", N).fill(0);
  for (let at = 0; at < N * S; at++) {
    const n = Math.floor(at / S);
    profit[n] += (profitShare[at] + netReturn[at]) * sold.output[at];
    revenue[n] += bought[at] - sold.imported[at] + sold.exported[at] - sold.output[at];
  }
  const earned = profit.map(
    (value, n) => Math.exp(unknowns.wage[n]) * labourIncome[n] + value + revenue[n]);
  const deficit = deficitOf(earned, problem);
  const income = earned.map((value, n) => value + deficit[n]);
  const expenditure = room(problem, "expenditure", N * M);
  for (let n = 0; n < N; n++)
    for (let k = 0; k < S; k++) {
      const inputs = product(inputShare, (n * S + k) * S, sold.output, n * S, S);
      expenditure[n * M + k] = finalShare[n * S + k] * income[n];
      // Its own market where uses are told apart, the same one where they are not.
      const into = n * M + (M - S) + k;
      expenditure[into] = (M > S ? 0 : expenditure[into]) + inputs;
    }
  return { profit, revenue, deficit, income, expenditure };
}

function deficitOf(earned, problem) {
  const total = (values) => values.reduce((sum, value) => sum + value, 0);
  if (problem.deficits === "saving") {
    const saved = earned.map((value, n) => problem.lent[n] * value);
    return saved.map((value, n) => problem.borrowed[n] * total(saved) - value);
  }
  if (problem.deficits !== "proportional") return problem.deficit;
  const wished = earned.map((value, n) => problem.spendingRatio[n] * value);
  const scale = total(earned) / total(wished);
  return wished.map((value, n) => value * scale - earned[n]);
}

/** What these accounts ask for, written into `moved`; the largest relative error of any equation. */
export function settle(unknowns, state, moved, problem) {
  const { N, S, M, labourShare, labourIncome, output } = problem;
  const { sales: sold, accounts } = state;
  let residual = 0;
  const worse = (error) => {
    const size = Math.abs(error);
    if (!(size <= residual)) residual = size;
  };
  let earned = 0;
  for (let n = 0; n < N; n++) {
    const gap = externalGap(sold, accounts, problem, n);
    let wanted = 0;
    for (let s = 0; s < S; s++) wanted += labourShare[n * S + s] * sold.output[n * S + s];
    worse(gap);
    worse(logOrZero(ratio(wanted, labourIncome[n])) - unknowns.wage[n]);
    moved.wage[n] = unknowns.wage[n] + problem.wageStep * gap;
    earned += Math.exp(moved.wage[n]) * labourIncome[n] + accounts.profit[n];
  }
  const numeraire = Math.log(earned / problem.worldValueAdded);
  for (let n = 0; n < N; n++) moved.wage[n] -= numeraire;
  for (let at = 0; at < N * M; at++) {
    moved.price[at] = sold.price[at];
    moved.expenditure[at] = logOrZero(ratio(accounts.expenditure[at], problem.expenditure[at]));
    worse(moved.price[at] - unknowns.price[at]);
    worse(moved.expenditure[at] - unknowns.expenditure[at]);
  }
  if (unknowns.output === null) return residual;
  for (let at = 0; at < N * S; at++) {
    const made = logOrZero(ratio(sold.output[at], output[at])) - common(unknowns, problem, at);
    const error = output[at] > 0 ? made - unknowns.output[at] : 0;
    const next = Math.max(unknowns.output[at] + problem.outputStep[at] * error, CLOSED);
    moved.output[at] = next;
    // A sector whose sales fall short of any output has closed down: a corner, not an error.
    worse(next > CLOSED ? error : Math.max(error, 0));
  }
  return residual;
}

/** Log of what comes in from abroad over what goes out; Caliendo and Parro (2015), eq. 14. */
function externalGap(sold, accounts, problem, n) {
  const { S, labourIncome } = problem;
  let [exports, imports] = [0, 0];
  for (let s = 0; s < S; s++) {
    exports += sold.exported[n * S + s];
    imports += sold.imported[n * S + s];
  }
  const deficit = accounts.deficit[n];
  const rounding = Math.abs(deficit) <= ROUNDING * labourIncome[n];
  if (exports + imports === 0 && rounding) return 0;
  return logOrZero(exports + Math.max(deficit, 0)) - logOrZero(imports + Math.max(-deficit, 0));
}

/** Flows "o d m" through a pair of kernels: free buyers, and those who keep their supplier. */
export function flowsThrough(name, state, problem) {
  const { N, M: S, G, groupOf, locked } = problem;
  const { offers, demand } = state;
  const flows = new Float64Array(N * N * S);
  for (let o = 0, flow = 0; o < N; o++)
    for (let d = 0; d < N; d++)
      for (let s = 0; s < S; s++, flow++) {
        const [from, to] = [o * S + s, d * S + s];
        if (o === d) {
          flows[flow] = offers.home[from] * problem[name].home[from] * demand.home[to];
          if (locked)
            flows[flow] += offers.locked[from] * locked[name].home[from] * demand.locked[to];
          continue;
        }
        const kernel = (s * N + o) * N + d;
        const group = G > 1 ? groupOf[from] * N * S : 0;
        flows[flow] = offers.abroad[from] * problem[name].abroad[kernel] * demand.abroad[group + to];
        if (locked)
          flows[flow] += offers.locked[from] * locked[name].abroad[kernel] * demand.locked[to];
      }
  return flows;
}

// Price of a CES bundle chosen with new tastes and valued with old ones, in logs.
const truePrice = (chosen, valued, elasticity) =>
  logOrZero(chosen) - (1 + 1 / elasticity) * logOrZero(valued);

// The chosen quantity of a branch to the power sigma-1 over sigma, up to the bundle's size.
function worthOf(chosen, logPrice, elasticity) {
  const exponent = elasticity / (1 + elasticity);
  return power(chosen, exponent) * Math.exp(-exponent * logPrice);
}

// What is not a number is something, or it would pass for a zero and be called solved.
const something = (value) => value > 0 || Number.isNaN(value);
export const ratio = (value, by) => (something(by) ? value / by : 0);
export const power = (value, exponent) =>
  something(value) ? Math.exp(exponent * Math.log(value)) : 0;
export const logOrZero = (value) => (something(value) ? Math.log(value) : 0);
