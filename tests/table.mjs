// Moves the sliders of a game and says what its page would: answers by position.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { unpacked } = await module("scenario");
const { resolved } = await module("shelf");
const { cellPlayerOf, cellsWanted, imputedOf, keyOfCell } = await module("cells");
const { answersOf, otherHorizon, ownPositions, payoffsOf, pureNash, seatsOf } = await module("game");
const { flipInWords, flipsAt, playInWords, summaryOf } = await module("argue");
const { gameChanges, gameCommand, gameInPython, seatedAt, seatsAddress } = await module("seating");

const { carried, moves } = JSON.parse(readFileSync(given, "utf8"), unpacked);
const desk = { ...resolved(carried.pool, carried.desks)[0], say: carried.say };
const play = cellPlayerOf(desk);
const known = new Map();
const said = moves.map((move) => {
  const positions = { ...ownPositions(desk), ...move };
  const wanted = cellsWanted(desk, positions);
  const began = performance.now();
  let count = 0;
  for (const { key, ...cell } of wanted) {
    if (known.has(key)) continue;
    known.set(key, play(cell, positions));
    count += 1;
  }
  const milliseconds = performance.now() - began;
  const income = (at, horizon) => known.get(keyOfCell(desk, positions, { play: at, horizon }))?.income ?? null;
  const payoffs = payoffsOf(desk, positions, (at) => income(at, positions.horizon));
  const there = otherHorizon(desk, positions);
  const imputed = imputedOf(desk, positions);
  const again = seatedAt(desk, seatsAddress(desk, positions));
  return {
    payoffs, imputed, count, milliseconds, worlds: wanted.length,
    seats: seatsOf(desk, positions, payoffs),
    answers: Object.fromEntries(desk.game.principals.map((code) => [code, answersOf(desk, positions, payoffs, code)])),
    nash: pureNash(desk, payoffs),
    flips: flipsAt(desk, positions, income, positions.horizon).map((one) => ({ ...one, words: flipInWords(desk, one.of) })),
    others: there ? flipsAt(desk, positions, income, there) : [],
    summary: summaryOf(desk, positions, income, imputed),
    play: playInWords(desk, positions, payoffs),
    changes: gameChanges(desk, positions), command: gameCommand(desk, positions),
    python: ["seats", "turns"].map((picture) => gameInPython(desk, positions, picture)),
    address: seatsAddress(desk, positions), again: seatsAddress(desk, again),
  };
});
// What is no number is null.
writeFileSync(answers, JSON.stringify(said));
