// Solves a desk at positions of its sliders, each from scratch: wedges, hats and flows.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { commandOf, playerOf, positionsOf, solverOf, unpacked } = await module("scenario");

const { desk, moves } = JSON.parse(readFileSync(given, "utf8"), unpacked);
const base64 = (values) => ({ float64: Buffer.from(Float64Array.from(values).buffer).toString("base64") });
const solved = moves.map((move) => {
  const positions = { ...positionsOf(desk), ...move };
  const { equilibrium } = solverOf(desk)(positions);
  const { status, refusal } = playerOf(desk)(positions);
  const { sought = [], steps, labourIncomeHat, priceHat, unitCostHat, trade } = equilibrium;
  return {
    command: commandOf(desk, positions), status, refusal: refusal ?? "", steps,
    sought: base64(sought), labourIncomeHat: base64(labourIncomeHat), priceHat: base64(priceHat),
    unitCostHat: base64(unitCostHat), trade: base64(trade),
  };
});
writeFileSync(answers, JSON.stringify(solved));
