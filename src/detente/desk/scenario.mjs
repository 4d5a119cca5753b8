// A scenario at the positions of its sliders: what Python compiled, moved, and solved.

import { meet, refusalInWords, wantedOf } from "./quantities.mjs";
import { economyOf, realGdpHat, solve, welfareHat } from "./solve.mjs";

export const NEUTRAL = { tariff: null, log_cost: 0, export_tax: 0, rationing: 0, rent_to_importer: 0,
  allowed: 1, log_taste: 0, opened: 0, log_productivity: 0 };
const BY_SECTOR = new Set(["log_productivity"]);

/** Typed arrays in place of the base64 that travels in the page. */
export function unpacked(_, value) {
  if (value === null || typeof value !== "object" || !("float64" in value || "int32" in value))
    return value;
  const bytes = Uint8Array.from(atob(value.float64 ?? value.int32), (c) => c.charCodeAt(0));
  return "float64" in value ? new Float64Array(bytes.buffer) : new Int32Array(bytes.buffer);
}

/** Where every slider and assumption of the page begins. */
export function positionsOf(desk) {
  const numbers = Object.fromEntries(slidersOf(desk).map((slider) => [slider.key, slider.value]));
  return { numbers, horizon: desk.horizon, elasticity: 1 };
}

/** The factor on trade elasticities; one where a horizon has a pace in their place. */
export const elasticityAt = (desk, { horizon, elasticity }) =>
  desk.horizons[horizon].ratio === null ? 1 : elasticity;

// A product of two short numbers, without the digits of its rounding.
const rounded = (number) => Number(number.toPrecision(12));

/** How positions differ from the scenario but in time, as `--set` takes it. */
export function changesOf(desk, positions) {
  const own = positionsOf(desk);
  const sets = slidersOf(desk)
    .filter(({ key }) => positions.numbers[key] !== own.numbers[key])
    .map(({ key, isSwitch }) => {
      const number = positions.numbers[key];
      return `policies.${key}=${isSwitch ? number === 1 : number}`;
    });
  const by = elasticityAt(desk, positions);
  if (by !== 1)
    sets.push(`adjustment.relative_elasticity=${rounded(by * desk.horizons[positions.horizon].ratio)}`);
  return sets;
}

/** Words of a command line that gives the same answer. */
export function commandOf(desk, positions) {
  const quoted = (word) => (/^[\w./=,:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);
  const horizon = positions.horizon === desk.horizon ? "" : ` --horizon ${positions.horizon}`;
  return [desk.command + horizon, ...changesOf(desk, positions).map((one) => `--set ${quoted(one)}`)].join(" ");
}

/** Each once: a switch may move a policy in several ways. */
export const slidersOf = (desk) =>
  [...new Map(desk.directions.flatMap(({ sliders }) => sliders.map((one) => [one.key, one]))).values()];

/** What the wedges of a policy move in proportion to; `Law.size` in Python. */
export function sizeOf({ law, part }, number) {
  if (!law.logarithmic) return number;
  if (law.of_itself) return Math.log(number);
  return Math.log1p((law.of_part ? part : 1) * number);
}

/** The wedges at the positions, by name: `Compiled.at` in Python. */
export function wedgesAt(desk, { numbers }) {
  const wedges = {};
  const of = (name) => {
    if (!(name in wedges)) wedges[name] = neutral(desk, name);
    return wedges[name];
  };
  for (const [name, { at, to }] of Object.entries(desk.wedges)) {
    const values = of(name);
    at.forEach((cell, i) => { values[cell] = to[i]; });
  }
  for (const { sliders, product, moved } of desk.directions) {
    const now = sliders.reduce((size, slider) =>
      size * sizeOf(slider, numbers[slider.key] ?? slider.value), 1);
    for (const [name, { at, by }] of Object.entries(moved)) {
      const values = of(name);
      if (now !== product) at.forEach((cell, i) => { values[cell] += (now - product) * by[i]; });
    }
  }
  return wedges;
}

function neutral(desk, name) {
  if (name === "tariff") return Float64Array.from(desk.world.tariff);
  // What a policy states, a place for each of its quantities.
  if (!(name in NEUTRAL)) return new Float64Array(desk.targets.length);
  const { countries, sectors } = desk.world;
  const size = countries * sectors * (BY_SECTOR.has(name) ? 1 : countries);
  return new Float64Array(size).fill(NEUTRAL[name]);
}

/** The shock of these wedges; a kind that no policy has is left out. */
export function shockOf(desk, wedges) {
  const there = (name) => wedges[name] ?? null;
  const exp = (values) => values && values.map(Math.exp);
  return {
    tariff: there("tariff") ?? neutral(desk, "tariff"),
    tradeCostHat: exp(there("log_cost") ?? neutral(desk, "log_cost")),
    allowed: there("allowed") ?? neutral(desk, "allowed"),
    exportTax: there("export_tax")?.map(Math.expm1),
    rationing: there("rationing"),
    rentToImporter: there("rationing") && (there("rent_to_importer") ?? neutral(desk, "rent_to_importer")),
    tasteHat: exp(there("log_taste")),
    opened: there("opened"),
    productivityHat: exp(there("log_productivity")),
  };
}

// Two ways to write the same wedge differ by the rounding of a few products.
const SAME_WEDGE = 1e-12;

/** Of the flows between countries that the shock acts on, the part that is imputed. */
export function imputedPart(desk, shock) {
  if (!desk.imputed) return 0;
  return imputedIn(desk.world, desk.imputed.flow, movedFlows(desk, shock, new Uint8Array(desk.world.trade.length)));
}

/** Mark the flows that the shock acts on. */
export function movedFlows({ world: { trade, tariff } }, shock, moved) {
  const { exportTax, rationing, opened, allowed, tradeCostHat, tasteHat } = shock;
  const isWedge = (by) => Math.abs(by) > SAME_WEDGE;
  for (let cell = 0; cell < trade.length; cell++)
    if (isWedge(shock.tariff[cell] - tariff[cell]) || isWedge(tradeCostHat[cell] - 1) || isWedge(allowed[cell] - 1)
      || isWedge(exportTax?.[cell] ?? 0) || isWedge(rationing?.[cell] ?? 0) || isWedge(opened?.[cell] ?? 0)
      || isWedge((tasteHat?.[cell] ?? 1) - 1)) moved[cell] = 1;
  return moved;
}

/** The imputed part of the value of marked flows between countries. */
export function imputedIn({ countries: N, sectors: S, trade }, imputed, moved) {
  let [value, part] = [0, 0];
  for (let cell = 0; cell < trade.length; cell++) {
    const pair = Math.floor(cell / S);
    if (Math.floor(pair / N) === pair % N || !moved[cell]) continue;
    value += trade[cell];
    part += trade[cell] * imputed[cell];
  }
  return value > 0 ? part / value : 0;
}

/** A player of the page's scenario: positions in, outcome out. */
export function playerOf(desk) {
  const solveAt = solverOf(desk);
  return (positions) => {
    const began = performance.now();
    const { economy, equilibrium, ...model } = solveAt(positions);
    const milliseconds = performance.now() - began;
    const outcome = {
      ...outcomeOf(desk, economy, equilibrium, positions), milliseconds, model: { economy, ...model },
      imputed: imputedPart(desk, model.shock),
    };
    if (!equilibrium.refusal) return outcome;
    return { ...outcome, status: "unmet", refusal: refusalInWords(equilibrium.refusal, desk.refusals) };
  };
}

/**
 * The same before it is said: the world, its closure, the whole shock and its equilibrium, each solve
 * from the one before.
 */
export function solverOf(desk) {
  const worlds = new Map();
  let near = null;
  const worldOf = (horizon, elasticity) => {
    const name = `${horizon} ${elasticity}`;
    if (!worlds.has(name)) {
      const { theta } = desk.horizons[horizon];
      const tradeElasticity = theta.map((value) => value * elasticity);
      worlds.set(name, economyOf({ ...desk.world, tradeElasticity }));
    }
    return worlds.get(name);
  };
  return (positions) => {
    const by = elasticityAt(desk, positions);
    const economy = worldOf(positions.horizon, by);
    const closure = closureAt(desk.horizons[positions.horizon].closure, by);
    const wedges = wedgesAt(desk, positions);
    const shock = shockOf(desk, wedges);
    const wanted = wantedOf(desk.targets, wedges, desk.world.trade);
    const equilibrium = wanted.length
      ? meet(economy, shock, closure, wanted, near)
      : solve(economy, shock, closure, near);
    near = equilibrium.status === "solved" ? equilibrium : null;
    return { economy, closure, equilibrium, shock: equilibrium.shock ?? shock };
  };
}

/**
 * The closure where all trade elasticities are multiplied by one number, as by the setting
 * `adjustment.relative_elasticity`: mark-ups stay those of the long run.
 */
export function closureAt(closure, by) {
  const { nests } = closure;
  if (!nests) return closure;
  const times = (values) => values.map((value) => value * by);
  const homeElasticity = times(nests.homeElasticity);
  return { ...closure, nests: { ...nests, homeElasticity, elasticity: times(nests.elasticity) } };
}

/** What is said and drawn of an equilibrium: percent, million US$ at the prices of the baseline. */
export function outcomeOf(desk, economy, equilibrium, positions) {
  const { N, S } = economy;
  const percent = (hats) => Array.from(hats, (hat) => 100 * (hat - 1));
  const welfare = percent(welfareHat(economy, equilibrium));
  const output = new Float64Array(N * S);
  const employmentBySector = new Float64Array(N * S);
  for (let at = 0; at < N * S; at++) {
    if (!(economy.output[at] > 0)) continue;
    const ratio = equilibrium.output[at] / economy.output[at];
    output[at] = 100 * (ratio / equilibrium.unitCostHat[at] - 1);
    employmentBySector[at] = 100 * (ratio / equilibrium.sectorWageHat[at] - 1);
  }
  const employment = percent(equilibrium.employmentHat);
  const balance = (trade) => (n, m) => {
    let sum = 0;
    for (let s = 0; s < S; s++)
      sum += trade[(n * N + m) * S + s] - trade[(m * N + n) * S + s];
    return sum;
  };
  return {
    status: equilibrium.status, residual: equilibrium.residual, steps: equilibrium.steps,
    horizon: desk.horizons[positions.horizon].words,
    welfare,
    worth: welfare.map((value, n) => (value / 100) * economy.income[n]),
    realGdp: percent(realGdpHat(economy, equilibrium)),
    employment,
    movesLabour: employment.some((value) => Math.abs(value) >= 1e-6),
    output, employmentBySector,
    outputBefore: economy.output,
    tradeBefore: economy.trade,
    tradeAfter: equilibrium.trade,
    balanceBefore: balance(economy.trade),
    balanceAfter: balance(equilibrium.trade),
  };
}
