// What is uncertain, drawn: the engine's own draws, which Python wrote into the page, solved at the
// positions of the sliders. The twin of `ensemble/_setting.py`.
//
// A draw says for each assumption which of the engine's draws it takes, `{size: 17}`; an assumption
// that it does not name is the scenario's own.

import { economyOf, solve } from "./solve.mjs";
import { partOf } from "./kernels.mjs";
import { meet, wantedOf } from "./quantities.mjs";
import { closureAt, elasticityAt, outcomeOf, shockOf, sizeOf, wedgesAt } from "./scenario.mjs";

const HOLDERS = { own: 0, importer: 1, exporter: 2, nobody: 3 };
const KEEPERS = [null, "importer", "exporter", "nobody"];
// The log of a wage floor that binds nobody; `FREE` in Python.
const FREE = -50;

/** Whether the page draws anything at these positions. */
export const isDrawn = (desk, { horizon }) =>
  Boolean(desk.draws?.byHorizon) && desk.draws.byHorizon[horizon].length > 0;

/** All draws of an answer: of everything together, then of each assumption alone. */
export function drawsOf(desk, { horizon }) {
  const { count, byHorizon, alone } = desk.draws;
  const assumptions = byHorizon[horizon];
  const together = Array.from({ length: count }, (_, at) =>
    Object.fromEntries(assumptions.map((name) => [name, at])));
  const single = assumptions.flatMap((name) =>
    Array.from(alone[name], (at) => ({ of: name, draw: { [name]: at } })));
  return [...together.map((draw) => ({ of: null, draw })), ...single];
}

/** A player of draws at some positions: `(draw) -> outcome`, each solve from the one before. */
export function drawPlayerOf(desk, positions) {
  const horizon = desk.horizons[positions.horizon];
  const by = elasticityAt(desk, positions);
  const theta = horizon.theta.map((value) => value * by);
  const closure = closureAt(horizon.closure, by);
  const nests = desk.draws.byHorizon[positions.horizon].includes("nests");
  const own = economyOf({ ...desk.world, tradeElasticity: theta });
  const wedges = wedgesAt(desk, positions);
  const shockAt = shocksAt(desk, positions, wedges);
  const stated = wantedOf(desk.targets, wedges, desk.world.trade);
  let near = null;
  return (draw) => {
    const economy = worldIn(draw, desk, own);
    const resized = sizedIn(draw, desk, shockAt(draw), economy);
    const rules = closureOfDraw(draw, desk, closure, theta, nests);
    const equilibrium = stated.length
      ? metIn(economy, resized, rules, wantedIn(draw, desk, stated), near, sizeOfDraw(draw, desk))
      : solve(economy, resized, rules, near);
    near = equilibrium.status === "solved" ? equilibrium : null;
    return outcomeOf(desk, economy, equilibrium, positions);
  };
}

/** The equilibrium in which what is wanted is so; not solved where no wedge was found. */
function metIn(economy, shock, closure, wanted, near, size) {
  const equilibrium = meet(economy, shock, closure, wanted, near, size);
  return equilibrium.isMet ? equilibrium : { ...equilibrium, status: "unmet" };
}

/** What is wanted, with the rents of limits kept by the holder of the draw. */
function wantedIn({ rents: at }, desk, stated) {
  const holder = at === undefined ? HOLDERS.own : desk.draws.parts.rents[at];
  if (holder === HOLDERS.own) return stated;
  return stated.map((one) => (one.isLimit ? { ...one, keeper: KEEPERS[holder] } : one));
}

const sizeOfDraw = ({ size: at }, desk) => drawnOr(desk.draws.parts.size, at, 1);

/** Number `at` of what is drawn, or what is the scenario's own. */
const drawnOr = (values, at, own) => (at === undefined ? own : values[at]);

/** Factors on the trade elasticities of a draw, sector by sector. */
function factorIn({ elasticities: at }, { draws, world }) {
  if (at === undefined) return new Float64Array(world.sectors).fill(1);
  const { patterns, which, scale } = draws.parts.elasticities;
  const from = which[at] * world.sectors;
  return patterns.slice(from, from + world.sectors).map((value) => value * scale[at]);
}

function worldIn(draw, desk, own) {
  const { tariffs, services_split: split } = desk.draws.parts;
  const factor = factorIn(draw, desk);
  const tradeElasticity = own.tradeElasticity.map((value, s) => value * factor[s]);
  const line = tariffs ? drawnOr(tariffs.weight, draw.tariffs, 0) : 0;
  const other = split ? drawnOr(split.weight, draw.services_split, 0) : 0;
  if (line === 0 && other === 0) return { ...own, tradeElasticity };
  const tariff = withMore(desk.world.tariff, line, tariffs?.base);
  const trade = withMore(desk.world.trade, other, split?.base);
  return economyOf({ ...desk.world, tariff, trade, tradeElasticity });
}

/** The values with a multiple of some sparse ones added. */
function withMore(values, weight, more) {
  if (weight === 0 || !more) return values;
  const made = Float64Array.from(values);
  more.at.forEach((cell, i) => { made[cell] += weight * more.by[i]; });
  return made;
}

/** The shock of the positions in a draw, before its size is drawn. */
function shocksAt(desk, positions, wedges) {
  const plain = shockOf(desk, wedges);
  const { tariffs, rents, bottlenecks } = desk.draws.parts;
  return (draw) => {
    const shock = { ...plain };
    const line = tariffs ? drawnOr(tariffs.weight, draw.tariffs, 0) : 0;
    if (line !== 0) shock.tariff = tariffIn(plain.tariff, line, desk, positions);
    if (draw.bottlenecks !== undefined)
      shock.productivityHat = productivityIn(draw.bottlenecks, bottlenecks, desk, positions);
    return draw.rents === undefined ? shock : keptBy(rents[draw.rents], shock);
  };
}

function tariffIn(tariff, line, desk, { numbers }) {
  const { base, shock, directions } = desk.draws.parts.tariffs;
  let made = withMore(withMore(tariff, line, base), line, shock);
  desk.directions.forEach(({ sliders, product }, way) => {
    const now = sliders.reduce((size, slider) =>
      size * sizeOf(slider, numbers[slider.key] ?? slider.value), 1);
    made = withMore(made, line * (now - product), directions[way]);
  });
  return made;
}

function productivityIn(draw, bottlenecks, desk, { numbers }) {
  const { countries, sectors } = desk.world;
  const log = new Float64Array(countries * sectors);
  for (const { policy, at, to } of bottlenecks) {
    const isOn = numbers[`${policy}.enabled`] ?? 1;
    at.forEach((cell, i) => { log[cell] += isOn * to[draw * at.length + i]; });
  }
  return log.map(Math.exp);
}

/** The shock with its mark-ups kept by one holder, whoever keeps them in the scenario. */
function keptBy(holder, shock) {
  if (holder === HOLDERS.own || !shock.rationing) return shock;
  if (holder === HOLDERS.nobody)
    return {
      ...shock,
      tradeCostHat: shock.tradeCostHat.map((cost, flow) => cost * (1 + shock.rationing[flow])),
      rationing: shock.rationing.map(() => 0),
      rentToImporter: shock.rationing.map(() => 0),
    };
  const kept = holder === HOLDERS.importer ? 1 : 0;
  return { ...shock, rentToImporter: shock.rationing.map(() => kept) };
}

/** The shock at the size of a draw; prohibitions and bottlenecks stay whole. */
function sizedIn({ size: at }, desk, shock, economy) {
  if (at === undefined) return shock;
  const other = partOf(shock, economy, desk.draws.parts.size[at]);
  return {
    ...other,
    allowed: shock.allowed,
    productivityHat: shock.productivityHat,
    opened: other.opened && other.opened.map((value) => Math.min(value, 1)),
  };
}

function closureOfDraw(draw, desk, closure, theta, nests) {
  const { parts } = desk.draws;
  const factor = factorIn(draw, desk);
  const { profitShare, wageFloor } = closure;
  const lowest = drawnOr(parts.wage_floor, draw.wage_floor, null);
  return {
    ...closure,
    ...atPace(draw, desk, closure, factor),
    // One over sigma at the elasticities of the draw, which are of the long run at any horizon.
    profitShare: profitShare && profitShare.map((share, s) => 1 / (1 + (1 / share - 1) * factor[s])),
    nests: nestsIn(draw, desk, nests ? parts.nests : null, closure.nests, theta, factor),
    wageFloor: lowest === null ? wageFloor : {
      ...wageFloor,
      fall: wageFloor.fall.map((fall) => (fall > FREE ? Math.log(lowest) : fall)),
    },
  };
}

/** Buyers and workers at the pace of the draw, at its elasticities. */
function atPace({ pace: at }, desk, closure, factor) {
  const { staggered, labourImmobility } = closure;
  if (!staggered) return {};
  const { pace } = desk.draws.parts;
  const slower = at === undefined ? 1 : pace.locked[at];
  const lockedElasticity = staggered.lockedElasticity.map((value, s) => value * factor[s] * slower);
  const reset = drawnOr(pace?.reset, at, staggered.reset);
  const ties = at !== undefined && (staggered.movesLabour ?? true);
  return {
    staggered: { ...staggered, reset, lockedElasticity },
    labourImmobility: ties ? 1 - reset : labourImmobility,
  };
}

/** Nests whose elasticities stay in proportion to the sector's, but for what the draw moves. */
function nestsIn({ nests: at }, desk, drawn, own, theta, factor) {
  const S = theta.length;
  if (!drawn && !own) return null;
  if (!drawn)
    return {
      ...own,
      homeElasticity: own.homeElasticity.map((value, s) => value * factor[s]),
      elasticity: own.elasticity.map((value, gs) => value * factor[gs % S]),
    };
  const home = drawnOr(drawn.home, at, drawn.own);
  const within = drawnOr(drawn.within, at, 1);
  return {
    groups: drawn.groups,
    member: drawn.member,
    homeElasticity: theta.map((value, s) => value * factor[s] * home),
    // The first group holds the origins that no nest names.
    elasticity: drawn.relative.map((value, gs) =>
      value * theta[gs % S] * factor[gs % S] * (gs < S ? 1 : within)),
  };
}

const MEASURES = ["welfare", "worth", "realGdp", "employment", "output", "balance"];

/** How many numbers there are of a measure. */
function sizeOfMeasure(desk, name) {
  const { countries: N, sectors: S } = desk.world;
  return name === "output" ? N * S : name === "balance" ? N * N : N;
}

/** Where number `at` of a measure stands among the measures of a draw. */
export function columnOf(desk, name, at) {
  const before = MEASURES.slice(0, MEASURES.indexOf(name));
  return before.reduce((start, one) => start + sizeOfMeasure(desk, one), 0) + at;
}

/** What is kept of a draw, in one array; null where nothing was solved. */
export function measuresOf(desk, outcome) {
  if (outcome.status !== "solved") return null;
  const { countries: N } = desk.world;
  const values = new Float64Array(columnOf(desk, "balance", N * N));
  for (const name of MEASURES.slice(0, -1)) values.set(outcome[name], columnOf(desk, name, 0));
  for (let n = 0, at = columnOf(desk, "balance", 0); n < N; n++)
    for (let m = 0; m < N; m++, at++)
      values[at] = outcome.balanceAfter(n, m) - outcome.balanceBefore(n, m);
  return values;
}
