// What a page of several scenarios makes of addresses: what each shows, and the address again.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { addressOf, shelfOf, stateAt } = await module("shelf");
const { apart, joined, pairOf, rowsOf, sumsOf } = await module("compare");
const { swapped, withSide } = await module("choose");
const { commandOf, unpacked } = await module("scenario");
const { citationOf, pythonOf } = await module("handon");
const { termRows } = await module("terms");
const { csvOf } = await module("pictures");

const { carried, addresses } = JSON.parse(readFileSync(given, "utf8"));
const shelf = shelfOf(JSON.parse(JSON.stringify(carried), unpacked));
const name = (side) => side?.desk.name ?? null;
const said = addresses.map((address) => {
  const state = stateAt(address, shelf);
  const { side, beside, positions, besidePositions, missing } = state;
  const shown = {
    side: name(side), beside: name(beside), positions, besidePositions, missing,
    address: addressOf(state, shelf), command: commandOf(side.desk, positions),
    others: shelf.filter((one) => one !== side).map((one) => addressOf(withSide(state, one), shelf)),
  };
  if (!beside) {
    const own = side.play(positions);
    const [of, at] = [pairOf(side), side.desk.focus[0] ?? 0];
    const lines = (picture) => pythonOf(side.desk, positions, picture, at, of);
    return {
      ...shown, cite: citationOf(side.desk, positions, "9"), sums: sumsOf(own, side.desk),
      rows: { ...rowsOf(own, side.ownOutcome, side.desk, at, of), terms: termRows(own.model, side.desk, at) },
      python: Object.fromEntries(["countries", "sectors", "flows", "thirds", "terms"].map((picture) => [picture, lines(picture)])),
    };
  }
  const [one, other] = [side.play(positions), beside.play(besidePositions)];
  const pair = pairOf(side, beside);
  const n = side.desk.focus[0] ?? 0;
  const rows = rowsOf(one, side.ownOutcome, side.desk, n, pair);
  const others = rowsOf(other, beside.ownOutcome, beside.desk, n, pair);
  const countries = joined(rows.countries, others.countries);
  return {
    ...shown, welfare: [one.welfare, other.welfare], countries, sectors: joined(rows.sectors, others.sectors),
    flows: joined(rows.flows, others.flows), csv: csvOf(countries, "title", "A\nB"),
    apart: apart(one, other, side.desk, beside.desk), swapped: addressOf(swapped(state), shelf),
  };
});
writeFileSync(answers, JSON.stringify({ said, same: shelf[0].desk.world.trade === shelf[1].desk.world.trade }));
