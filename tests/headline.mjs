// Moves the sliders of a brief and says what its headline would, with its ranges where it has them.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { commandOf, playerOf, positionsOf, unpacked } = await module("scenario");
const { drawPlayerOf, drawsOf, isDrawn, measuresOf } = await module("draws");
const { rangesOf } = await module("sure");
const { headlineOf } = await module("lead");

const { desk, moves } = JSON.parse(readFileSync(given, "utf8"), unpacked);
const [play, playThere] = [playerOf(desk), playerOf(desk)];
const said = moves.map((numbers) => {
  const own = positionsOf(desk);
  const positions = { ...own, numbers: { ...own.numbers, ...numbers } };
  const outcome = play(positions);
  const there = desk.otherHorizon && playThere({ ...positions, horizon: desk.otherHorizon });
  if (isDrawn(desk, positions)) {
    const playDraw = drawPlayerOf(desk, positions);
    const played = drawsOf(desk, positions).map(({ of, draw }) => ({ of, values: measuresOf(desk, playDraw(draw)) }));
    outcome.ranges = rangesOf(desk, positions, played);
  }
  return { command: commandOf(desk, positions), headline: headlineOf(outcome, there, desk) };
});
writeFileSync(answers, JSON.stringify(said));
