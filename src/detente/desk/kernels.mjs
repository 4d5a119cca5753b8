// What stays fixed while one counterfactual is solved: shares, elasticities and trade kernels.
// The twin of `equilibrium/_problem.py`; names and equations are those of the model's page.
//
// Arrays are flat, the last axis fastest: flows "o d s" at (o * N + d) * S + s, countries by sectors
// "n s" at n * S + s, input shares "n k s" at (n * S + k) * S + s. Kernels are "s o d".

export const DEFICITS = ["fixed", "proportional", "saving", "removed"];

/** All that follows from the four arrays of an economy, once. */
export function economyOf(given) {
  const { countries: N, sectors: S, trade, tariff, inputShare, tradeElasticity } = given;
  const hiddenTrade = given.hiddenTrade ?? null;
  const output = new Float64Array(N * S);
  const expenditure = new Float64Array(N * S);
  const deficit = new Float64Array(N);
  eachFlow(N, S, (flow, o, d, s) => {
    output[o * S + s] += trade[flow];
    expenditure[d * S + s] += trade[flow] * (1 + tariff[flow]);
    deficit[d] += trade[flow];
    deficit[o] -= trade[flow];
  });
  const share = new Float64Array(N * N * S);
  const hiddenShare = hiddenTrade && new Float64Array(N * N * S);
  eachFlow(N, S, (flow, o, d, s) => {
    const spent = expenditure[d * S + s];
    if (!(spent > 0)) return;
    share[flow] = (trade[flow] * (1 + tariff[flow])) / spent;
    if (hiddenTrade) hiddenShare[flow] = (hiddenTrade[flow] * (1 + tariff[flow])) / spent;
  });
  const valueAddedShare = new Float64Array(N * S).fill(1);
  const finalDemand = Float64Array.from(expenditure);
  for (let n = 0; n < N; n++)
    for (let k = 0; k < S; k++)
      for (let s = 0; s < S; s++) {
        const gamma = inputShare[(n * S + k) * S + s];
        valueAddedShare[n * S + s] -= gamma;
        finalDemand[n * S + k] -= gamma * output[n * S + s];
      }
  const income = sumBySector(finalDemand, N, S);
  const finalShare = finalDemand.map((value, at) => value / income[Math.floor(at / S)]);
  const capital = given.capital ? capitalOf(given.capital, inputShare, valueAddedShare, S) : null;
  const valueAdded = sumBySector(valueAddedShare.map((part, at) => part * output[at]), N, S);
  return {
    N, S, trade, tariff, inputShare, tradeElasticity, hiddenShare, output, expenditure, deficit,
    share, valueAddedShare, income, finalShare, valueAdded, capital,
    market: given.finalTrade ? marketOf(given, hiddenShare) : null,
  };
}

/**
 * Each use of a sector as a sector of its own, final use before inputs, both made alike; the twin of
 * `equilibrium/_uses.py`. Absent where all buy alike.
 */
function marketOf({ countries: N, sectors: S, trade, tariff, tradeElasticity, finalTrade }, hiddenShare) {
  const M = 2 * S;
  const byUse = new Float64Array(N * N * M);
  const expenditure = new Float64Array(N * M);
  const rates = twice(tariff, S);
  eachFlow(N, M, (flow, o, d, m) => {
    const at = (o * N + d) * S + (m % S);
    byUse[flow] = m < S ? finalTrade[at] : trade[at] - finalTrade[at];
    expenditure[d * M + m] += byUse[flow] * (1 + rates[flow]);
  });
  const share = byUse.map((value, flow) => {
    const spent = expenditure[(Math.floor(flow / M) % N) * M + (flow % M)];
    return spent > 0 ? (value * (1 + rates[flow])) / spent : 0;
  });
  return {
    N, S: M, trade: byUse, tariff: rates, tradeElasticity: twice(tradeElasticity, S), expenditure,
    share, hiddenShare: hiddenShare && twice(hiddenShare, S),
  };
}

/** What each sector has, for both of its uses. */
export function twice(values, S) {
  return Float64Array.from({ length: 2 * values.length }, (_, at) =>
    values[Math.floor(at / (2 * S)) * S + (at % S)]);
}

/** The wedges of a shock in every market; the rest of it is of sectors and countries and stays. */
function shockTo(economy, shock) {
  const wedges = ["tariff", "tradeCostHat", "allowed", "exportTax", "rationing", "rentToImporter",
    "tasteHat", "opened"];
  const given = wedges.filter((name) => shock[name]);
  return { ...shock, ...Object.fromEntries(given.map((name) => [name, twice(shock[name], economy.S)])) };
}

/** The elasticities of a closure in every market; the rest is of sectors and stays. */
function closureWithin(economy, closure) {
  const doubled = (values) => twice(values, economy.S);
  const { nests, staggered } = closure;
  return {
    ...closure,
    nests: nests && {
      groups: nests.groups, homeElasticity: doubled(nests.homeElasticity),
      member: doubled(nests.member), elasticity: doubled(nests.elasticity),
    },
    staggered: staggered && { ...staggered, lockedElasticity: doubled(staggered.lockedElasticity) },
  };
}

/** What a choice among origins is made in: the economy, the shock and the closure by market. */
export function inMarkets(economy, shock, closure) {
  if (!economy.market) return { market: economy, wedges: shock, choice: closure };
  const { market } = economy;
  return { market, wedges: shockTo(economy, shock), choice: closureWithin(economy, closure) };
}

/**
 * What capital that is produced earns, what replaces it and what that is made of; Ravikumar,
 * Santacreu and Sposi (2019), the steady state of section 2. The inputs have what replaces it.
 */
function capitalOf({ share, replaced, basket }, inputShare, valueAddedShare, S) {
  const country = (at) => Math.floor(at / S);
  const grossShare = valueAddedShare.map((net, at) =>
    net / (1 - replaced[country(at)] * share[country(at)]));
  const paid = grossShare.map((gross, at) => share[country(at)] * gross);
  const netReturn = paid.map((value, at) => value * (1 - replaced[country(at)]));
  const cell = (at) => [Math.floor(at / S), country(Math.floor(at / S)) * S + (at % S)];
  const technology = inputShare.map((gamma, at) => {
    const [product, seller] = cell(at);
    return gamma - basket[product] * replaced[country(seller)] * paid[seller];
  });
  const inputWeight = inputShare.map((gamma, at) => {
    const [product, seller] = cell(at);
    return gamma + basket[product] * netReturn[seller];
  });
  return { grossShare, netReturn, technology, inputWeight };
}

/** The shock that changes nothing. */
export function noShock(economy) {
  const one = () => new Float64Array(economy.trade.length).fill(1);
  return { tariff: Float64Array.from(economy.tariff), tradeCostHat: one(), allowed: one() };
}

/** The shock at a part of its size: prices move in logs, the rest in levels. */
export function partOf(shock, economy, part) {
  const powered = (values) => values && values.map((value) => Math.exp(part * Math.log(value)));
  const rate = (values) =>
    values && values.map((value) => Math.exp(part * Math.log(1 + value)) - 1);
  const between = (after, before) =>
    after && after.map((value, at) => before[at] + part * (value - before[at]));
  return {
    tariff: shock.tariff.map((value, at) => {
      const before = 1 + economy.tariff[at];
      return before * Math.exp(part * Math.log((1 + value) / before)) - 1;
    }),
    tradeCostHat: powered(shock.tradeCostHat),
    allowed: shock.allowed.map((value) => 1 - part * (1 - value)),
    exportTax: rate(shock.exportTax),
    rationing: rate(shock.rationing),
    rentToImporter: shock.rentToImporter,
    tasteHat: powered(shock.tasteHat),
    productivityHat: powered(shock.productivityHat),
    opened: shock.opened && shock.opened.map((value) => part * value),
    finalShare: between(shock.finalShare, economy.finalShare),
    deficit: between(shock.deficit, economy.deficit),
  };
}

/** What the buyer pays before the tariff over what the producer gets, and what the origin gets. */
export function landedAndRemitted(shock, flow) {
  const tax = shock.exportTax ? shock.exportTax[flow] : 0;
  const markUp = shock.rationing ? shock.rationing[flow] : 0;
  const landed = (1 + tax) * (1 + markUp);
  const kept = shock.rationing && shock.rentToImporter ? shock.rentToImporter[flow] : 0;
  return [landed, landed * (1 - (kept * markUp) / (1 + markUp))];
}

/** Log change of what stands between the cost of a good and its price to the buyer. */
export function logBarrier(economy, shock, flow) {
  const [landed] = landedAndRemitted(shock, flow);
  const wedge = (1 + shock.tariff[flow]) * landed * shock.tradeCostHat[flow];
  const before = 1 + economy.tariff[flow];
  // Most flows have no new wedge.
  return wedge === before ? 0 : Math.log(wedge / before);
}

/** One counterfactual, ready for the iteration. */
export function problemOf(economy, shock, closure) {
  const { N, S, output } = economy;
  const { market, wedges, choice } = inMarkets(economy, shock, closure);
  const { S: M, tradeElasticity: theta } = market;
  const groupOf = choice.nests ? groupsOf(choice.nests, N, M) : new Int32Array(N * M);
  const netReturn = economy.capital ? economy.capital.netReturn : new Float64Array(N * S);
  const left = economy.valueAddedShare.map((share, at) => share - netReturn[at]);
  const profitShare = left.map((share, at) =>
    closure.profitShare ? Math.min(closure.profitShare[at % S], share) : 0);
  const labourShare = left.map((share, at) => share - profitShare[at]);
  const labourWeight = labourShare.map((share, at) => share / (1 - profitShare[at]));
  const inputsInCost = economy.capital ? economy.capital.inputWeight : economy.inputShare;
  const inputWeight = inputsInCost.map((gamma, at) => {
    const seller = Math.floor(at / (S * S)) * S + (at % S);
    return gamma / (1 - profitShare[seller]);
  });
  const hasRents = Boolean(shock.exportTax || shock.rationing);
  const kernels = freeKernels(market, wedges, choice, groupOf, hasRents);
  const earned = economy.income.map((income, n) => income - economy.deficit[n]);
  const owed = economy.deficit.reduce((sum, value) => sum + Math.max(value, 0), 0);
  const deficit = shock.deficit ?? economy.deficit;
  return {
    rooms: {}, N, S, M, G: closure.nests ? closure.nests.groups : 1, groupOf, theta, hasRents, ...kernels,
    inputShare: economy.inputShare, inputWeight, labourShare, labourWeight, profitShare, netReturn,
    finalShare: shock.finalShare ?? economy.finalShare,
    expenditure: market.expenditure,
    output,
    labourIncome: sumBySector(labourShare.map((share, at) => share * output[at]), N, S),
    deficit: closure.deficits === "removed" ? new Float64Array(N) : deficit,
    deficits: closure.deficits ?? "fixed",
    spendingRatio: economy.income.map((income, n) => income / earned[n]),
    lent: economy.deficit.map((value, n) => Math.max(-value, 0) / earned[n]),
    borrowed: economy.deficit.map((value) => Math.max(value, 0) / (owed > 0 ? owed : 1)),
    worldValueAdded: economy.valueAdded.reduce((sum, value) => sum + value, 0),
    immobility: closure.labourImmobility ?? null,
    labourSupply: closure.labourSupply ?? null,
    wageFloor: closure.wageFloor ?? null,
    scale: closure.scale ?? null,
    passThrough: closure.passThrough ?? null,
    logProductivity: shock.productivityHat && shock.productivityHat.map(Math.log),
    nests: choice.nests ?? null,
    reference: choice.nests ? referenceOf(market, choice.nests, groupOf) : null,
    locked: choice.staggered ? lockedOf(market, wedges, choice.staggered, hasRents) : null,
    wageStep: wageStepOf(economy, closure),
    outputStep: outputStepOf(economy, closure, labourWeight),
  };
}

/** Whether costs depend on outputs, which are then unknown. */
export const outputIsUnknown = (closure) =>
  closure.labourImmobility != null || closure.scale != null;

/** What buyers who keep their supplier begin the first year with. */
export const lockedAtFirst = (economy, staggered) => staggered.locked ?? economy.share;

function freeKernels(economy, shock, closure, groupOf, hasRents) {
  const { share, hiddenShare } = economy;
  const elasticity = (o, d, s) => leafElasticity(economy, closure.nests, groupOf, o, d, s);
  const there = (flow) =>
    share[flow] + (shock.opened && hiddenShare ? shock.opened[flow] * hiddenShare[flow] : 0);
  const part = closure.passThrough ?? 1;
  return kernelsOf(economy, shock, hasRents, elasticity, there, part);
}

/** Buyers who keep their supplier this year; Chen, Goes, Muendler and Trottner (2023). */
function lockedOf(economy, shock, staggered, hasRents) {
  const began = lockedAtFirst(economy, staggered);
  const { reset, lockedElasticity: elasticity } = staggered;
  const there = (flow) => (1 - reset) * began[flow];
  const kernels = kernelsOf(economy, shock, hasRents, (o, d, s) => elasticity[s], there);
  return { reset, elasticity, ...kernels };
}

/**
 * What buyers spend of what is `there`, before costs move, and what reaches producer and origin.
 * They answer to a `part` of what a tariff adds; Ignatenko and others (2025).
 */
function kernelsOf(economy, shock, hasRents, elasticity, there, part = 1) {
  const { N, S } = economy;
  const spending = emptyFlows(N, S);
  const producer = emptyFlows(N, S);
  const valued = shock.tasteHat ? emptyFlows(N, S) : null;
  const remitted = hasRents ? emptyFlows(N, S) : producer;
  eachFlow(N, S, (flow, o, d, s) => {
    const before = there(flow);
    if (!(before > 0)) return;
    const theta = elasticity(o, d, s);
    let barrier = logBarrier(economy, shock, flow);
    if (part !== 1)
      barrier -= (1 - part) * Math.log((1 + shock.tariff[flow]) / (1 + economy.tariff[flow]));
    const dearer = barrier === 0 ? 1 : Math.exp(-theta * barrier);
    let wanted = shock.allowed[flow] * before * dearer;
    if (valued) {
      put(valued, N, S, o, d, s, wanted * shock.tasteHat[flow] ** (theta / (1 + theta)));
      wanted *= shock.tasteHat[flow];
    }
    const [landed, toOrigin] = landedAndRemitted(shock, flow);
    const made = wanted / ((1 + shock.tariff[flow]) * landed);
    put(spending, N, S, o, d, s, wanted);
    put(producer, N, S, o, d, s, made);
    if (hasRents) put(remitted, N, S, o, d, s, made * toOrigin);
  });
  return { spending, valued, producer, remitted };
}

export function leafElasticity(economy, nests, groupOf, o, d, s) {
  if (!nests) return economy.tradeElasticity[s];
  if (o === d) return nests.homeElasticity[s];
  return nests.elasticity[groupOf[o * economy.S + s] * economy.S + s];
}

function groupsOf(nests, N, S) {
  const groupOf = new Int32Array(N * S);
  for (let g = 0; g < nests.groups; g++)
    for (let at = 0; at < N * S; at++) if (nests.member[g * N * S + at] > 0) groupOf[at] = g;
  return groupOf;
}

/** Baseline shares of spending by branch; what a ban hides whole is weighted by what it hides. */
function referenceOf(economy, nests, groupOf) {
  const { N, S, share, hiddenShare } = economy;
  const seen = new Float64Array(nests.groups * N * S);
  const hidden = new Float64Array(nests.groups * N * S);
  eachFlow(N, S, (flow, o, d, s) => {
    if (o === d) return;
    const at = (groupOf[o * S + s] * N + d) * S + s;
    seen[at] += share[flow];
    if (hiddenShare) hidden[at] += hiddenShare[flow];
  });
  const group = seen.map((value, at) => (value > 0 ? value : hidden[at]));
  const abroad = new Float64Array(N * S);
  for (let at = 0; at < N * S; at++) {
    let [shown, all] = [0, 0];
    for (let g = 0; g < nests.groups; g++) {
      shown += seen[g * N * S + at];
      all += group[g * N * S + at];
    }
    abroad[at] = shown > 0 ? shown : all;
  }
  return { group, abroad };
}

function withinAYear(economy, closure, s) {
  const theta = economy.tradeElasticity[s];
  const staggered = closure.staggered;
  if (!staggered) return theta;
  return staggered.reset * theta + (1 - staggered.reset) * staggered.lockedElasticity[s];
}

/** One over the elasticity of the external balance to the wage, about a Newton step. */
function wageStepOf(economy, closure) {
  const { N, S, trade } = economy;
  let [weighted, total] = [0, 0];
  eachFlow(N, S, (flow, o, d, s) => {
    if (o === d) return;
    weighted += trade[flow] * withinAYear(economy, closure, s);
    total += trade[flow];
  });
  return 1 / (1 + weighted / Math.max(total, 1e-300));
}

/** One over one less the elasticity of a sector's sales to its output, about a Newton step. */
function outputStepOf(economy, closure, labourWeight) {
  const { S } = economy;
  return labourWeight.map((weight, at) => {
    const theta = withinAYear(economy, closure, at % S);
    const scale = closure.scale ? closure.scale[at % S] : 0;
    const slope = scale - (closure.labourImmobility ?? 0) * weight * (theta + scale);
    return 1 / (1 - 0.9 * slope);
  });
}

export function eachFlow(N, S, visit) {
  for (let o = 0, flow = 0; o < N; o++)
    for (let d = 0; d < N; d++) for (let s = 0; s < S; s++, flow++) visit(flow, o, d, s);
}

export function sumBySector(values, N, S) {
  const sums = new Float64Array(N);
  for (let at = 0; at < N * S; at++) sums[Math.floor(at / S)] += values[at];
  return sums;
}

const emptyFlows = (N, S) => ({
  abroad: new Float64Array(S * N * N),
  home: new Float64Array(N * S),
});

function put(flows, N, S, o, d, s, value) {
  if (o === d) flows.home[o * S + s] = value;
  else flows.abroad[(s * N + o) * N + d] = value;
}
