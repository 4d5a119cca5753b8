// Plays the draws of a desk and says what each came to: measures by draw, at positions.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { positionsOf, unpacked } = await module("scenario");
const { drawPlayerOf, drawsOf, measuresOf } = await module("draws");
const { rangesOf } = await module("sure");

// The draw at place `lost` is played and then counted as one that found nothing.
const { desk, moves, lost } = JSON.parse(readFileSync(given, "utf8"), unpacked);
const base64 = (values) => ({ float64: Buffer.from(Float64Array.from(values).buffer).toString("base64") });
const said = moves.map((move) => {
  const positions = { ...positionsOf(desk), ...move };
  const play = drawPlayerOf(desk, positions);
  const played = [];
  const draws = drawsOf(desk, positions).map(({ of, draw }, at) => {
    const outcome = play(draw);
    played.push({ of, values: at === lost ? null : measuresOf(desk, outcome) });
    const { status, steps, welfare, realGdp, employment, output } = outcome;
    return { of, draw, status, steps, welfare: base64(welfare), real_gdp: base64(realGdp), total_employment: base64(employment), output: base64(output) };
  });
  const ranges = rangesOf(desk, positions, played);
  const ends = desk.countries.map((_, n) => ranges.ends("welfare", n));
  const drivers = ranges.drivers(0).map(({ name, low, high }) => ({ name, low, high }));
  return { draws, ends, drivers, solved: ranges.solved, drawn: ranges.draws };
});
writeFileSync(answers, JSON.stringify(said));
