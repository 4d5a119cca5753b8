// Takes the welfare of scenarios of a page apart, and polynomials: what the page makes of each.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { unpacked } = await module("scenario");
const { shelfOf, stateAt } = await module("shelf");
const { differentiation, gauss, split, unsplit } = await module("split");

const { carried, addresses, counts } = JSON.parse(readFileSync(given, "utf8"), unpacked);
const shelf = shelfOf(carried);
const terms = addresses.map((address) => {
  const { side, positions } = stateAt(address, shelf);
  const { model, welfare, status } = side.play(positions);
  const began = performance.now();
  const made = unsplit(model) ? null : split(model);
  const listed = made && Object.fromEntries(Object.entries(made).map(([name, values]) => [name, [...values]]));
  return { terms: listed, welfare, status, milliseconds: performance.now() - began };
});
const rules = counts.map((count) => {
  const { nodes, weights } = gauss(count);
  return { nodes: [...nodes], weights: [...weights], slopes: differentiation(nodes) };
});
writeFileSync(answers, JSON.stringify({ terms, rules }));
