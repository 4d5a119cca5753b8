// Moves the sliders of a desk and says what its page would: answers by position.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { commandOf, playerOf, positionsOf, unpacked, wedgesAt } = await module("scenario");
const { drawPlayerOf, drawsOf, isDrawn, measuresOf } = await module("draws");
const { rangesOf } = await module("sure");
const { answerOf } = await module("words");

const { desk, moves } = JSON.parse(readFileSync(given, "utf8"), unpacked);
const play = playerOf(desk);
const base64 = (values) => ({ float64: Buffer.from(values.buffer).toString("base64") });
const said = moves.map((move) => {
  const positions = { ...positionsOf(desk), ...move };
  const outcome = play(positions);
  if (isDrawn(desk, positions)) {
    const playDraw = drawPlayerOf(desk, positions);
    const played = drawsOf(desk, positions).map(({ of, draw }) => ({ of, values: measuresOf(desk, playDraw(draw)) }));
    outcome.ranges = rangesOf(desk, positions, played);
  }
  const wedges = Object.entries(wedgesAt(desk, positions)).map(([name, values]) => [name, base64(values)]);
  return {
    command: commandOf(desk, positions), status: outcome.status, welfare: outcome.welfare, realGdp: outcome.realGdp, steps: outcome.steps, milliseconds: outcome.milliseconds,
    answer: Object.values(answerOf(outcome, desk)).flat(), wedges: Object.fromEntries(wedges),
  };
});
writeFileSync(answers, JSON.stringify(said));
