// The plays of a game, solved at the positions of its sliders beside the page, so that no slider
// waits for them: each once, the first that the answer needs first.

import {
  columnsOf, otherHorizon, playAt, playsOfFlips, profileAt, rewardOf,
} from "./game.mjs";
import { refusalInWords } from "./quantities.mjs";
import { imputedIn, movedFlows, shockOf, solverOf, wedgesAt } from "./scenario.mjs";
import { welfareHat } from "./solve.mjs";

/**
 * The factor on the elasticities of a horizon. What is set is the elasticities themselves over those
 * of the long run, `adjustment.relative_elasticity`, which both horizons then have.
 */
export function factorAt(desk, positions, horizon) {
  if (positions.elasticity === 1) return 1;
  const { horizons } = desk;
  return (positions.elasticity * horizons[positions.horizon].ratio) / horizons[horizon].ratio;
}

/** What a play's equilibrium depends on, as text: two positions with the same have the same. */
export function keyOfCell(desk, positions, { play, horizon }) {
  const { directions } = desk.plays[play];
  const numbers = directions.flatMap(({ sliders }) => sliders.map((one) => positions.numbers[one.key] ?? one.value));
  return [play, horizon, factorAt(desk, positions, horizon), ...numbers].join(" ");
}

/**
 * Every play that the page shows, each with its `key`: those of its words, of the agent's table and of
 * the thresholds first, and `isLate` where it is for best answers and equilibria alone.
 */
export function cellsWanted(desk, positions) {
  const { game, states } = desk;
  const { state, horizon } = positions;
  const [first] = game.principals;
  const reward = { [first]: rewardOf(desk, positions, first) };
  const others = states.filter(({ name }) => name !== state).slice(0, 1).map(({ name }) => name);
  const there = otherHorizon(desk, positions);
  const table = game.players[game.agent].actions.flatMap(({ name }) =>
    columnsOf(game).map(({ who }) => playAt(desk, state, profileAt(desk, positions, name, who))));
  const early = [
    ...[state, ...others].flatMap((one) => [playAt(desk, one, {}), playAt(desk, one, reward)]),
    ...table, ...playsOfFlips(desk, positions),
  ].map((play) => ({ play, horizon, isLate: false }));
  if (there) early.push(...playsOfFlips(desk, positions).map((play) => ({ play, horizon: there, isLate: false })));
  const wanted = new Map();
  for (const one of [...early, ...desk.rows[state].map((play) => ({ play, horizon, isLate: true }))]) {
    const key = keyOfCell(desk, positions, one);
    if (!wanted.has(key)) wanted.set(key, { key, ...one });
  }
  return [...wanted.values()];
}

/** A solver of plays, each from where it was solved last. */
export function cellPlayerOf(desk) {
  const solvers = new Map();
  return ({ play, horizon }, positions) => {
    if (!solvers.has(play)) solvers.set(play, solverOf(desk.plays[play]));
    const at = { numbers: positions.numbers, horizon, elasticity: factorAt(desk, positions, horizon) };
    const { economy, equilibrium } = solvers.get(play)(at);
    const isSolved = equilibrium.status === "solved" && !equilibrium.refusal;
    return {
      isSolved, residual: equilibrium.residual,
      income: isSolved ? Array.from(welfareHat(economy, equilibrium), (hat) => 100 * Math.log(hat)) : null,
    };
  };
}

/** Of the flows that any play acts on, or what the game has besides, the part that is imputed. */
export function imputedOf(desk, positions) {
  if (!desk.imputed) return 0;
  const { flow, touched } = desk.imputed;
  const [{ world }] = desk.plays;
  const isMoved = new Uint8Array(flow.length);
  for (const cell of touched) isMoved[cell] = 1;
  for (const model of desk.plays) {
    const wedges = wedgesAt(model, positions);
    movedFlows(model, shockOf(model, wedges), isMoved);
    for (const { policy, place, at } of model.targets)
      if (wedges[`log_quantity ${policy}`]?.[place] || wedges[`added ${policy}`]?.[place])
        for (const cell of at) isMoved[cell] = 1;
  }
  return imputedIn(world, flow, isMoved);
}

/** Answer `{desk}`, and `{run, positions, wanted}` with one cell after another; the newest alone. */
export function serveCells(scope) {
  let [desk, play, newest] = [null, null, null];
  const solveAll = async ({ run, positions, wanted }) => {
    // The digits of the words hang on it: it comes once what they say is there.
    const words = { isEvidence: true };
    const late = wanted.findIndex(({ isLate }) => isLate);
    const tasks = late < 0 ? [...wanted, words] : [...wanted.slice(0, late), words, ...wanted.slice(late)];
    for (const { key, isEvidence, ...cell } of tasks) {
      scope.postMessage(isEvidence ? { run, imputed: imputedOf(desk, positions) } : { run, key, cell: play(cell, positions) });
      await new Promise((rested) => { setTimeout(rested, 0); });
      if (newest !== run) return;
    }
  };
  scope.onmessage = ({ data }) => {
    if (data.desk) {
      desk = data.desk;
      play = cellPlayerOf(desk);
    }
    if (!data.positions) return;
    newest = data.run;
    solveAll(data);
  };
}

// In place of the draws, which this page has none of.
if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) serveCells(self);
