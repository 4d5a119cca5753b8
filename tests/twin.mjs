// Plays cases in the desk's solver: reads them from a file, writes what came of each to another.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [solver, cases, answers] = process.argv.slice(2);
const { economyOf, realGdpHat, solve, welfareHat } = await import(pathToFileURL(solver));
const { shockOf, unpacked, wedgesAt } = await import(new URL("scenario.mjs", pathToFileURL(solver)));

const NAMES = [
  "labourIncomeHat", "labourSupplyHat", "employmentHat", "employmentRate", "sectorWageHat",
  "priceHat", "inputPriceHat", "unitCostHat", "trade", "purchases", "expenditure", "income", "deficit",
  "tariffRevenue", "rents", "profit",
];

// Arrays travel as base64 of their bytes, so that no digit is lost and no infinity refused.
const text = (values) => ({ float64: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64") });

const worlds = new Map();
const given = JSON.parse(readFileSync(cases, "utf8"), unpacked);
const played = given.cases.map(({ world, shock: made, desk, closure }) => {
  if (!worlds.has(world)) worlds.set(world, economyOf(given.worlds[world]));
  const economy = worlds.get(world);
  // What the sliders of a desk make of its wedges is a shock too.
  const shock = desk ? shockOf(desk, wedgesAt(desk, desk)) : made;
  const began = performance.now();
  const after = solve(economy, shock, closure);
  const milliseconds = performance.now() - began;
  const arrays = Object.fromEntries(NAMES.map((name) => [name, text(after[name])]));
  const { status, residual, steps } = after;
  const welfare = text(welfareHat(economy, after));
  const realGdp = text(realGdpHat(economy, after));
  return { ...arrays, status, residual: String(residual), steps, welfare, realGdp, milliseconds };
});
writeFileSync(answers, JSON.stringify(played));
