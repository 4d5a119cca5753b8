// The draws beside the page: in a worker, so that no slider waits for them. The worker runs the
// page's own program, whose text stands in the page and is what its policy lets run.

import { drawPlayerOf, drawsOf, measuresOf } from "./draws.mjs";

// What stands behind this in the program needs a document.
const PAGE_BEGINS = "/* The page begins here. */";
// How long the worker goes on before it says what it has, and hears whether it is still asked.
const MILLISECONDS = 80;

/** A worker that runs the program up to the page; throws where the browser has none. */
export function workerOf(program) {
  const solver = program.slice(0, program.lastIndexOf(PAGE_BEGINS));
  const address = URL.createObjectURL(new Blob([`"use strict";\n${solver}`], { type: "text/javascript" }));
  const worker = new Worker(address);
  URL.revokeObjectURL(address);
  return worker;
}

/**
 * Play what the page asks for, the newest alone: `{desk}` is what is played from then on, and
 * `{run, positions}` asks for all draws there. Answers `{run, played, done, count}` as they come.
 */
export function serve(scope) {
  let [desk, newest] = [null, null];
  const play = async ({ run, positions }) => {
    const draws = drawsOf(desk, positions);
    const playDraw = drawPlayerOf(desk, positions);
    let [played, began] = [[], performance.now()];
    for (let at = 0; at < draws.length; at++) {
      const { of, draw } = draws[at];
      played.push({ of, values: measuresOf(desk, playDraw(draw)) });
      if (performance.now() - began < MILLISECONDS && at < draws.length - 1) continue;
      scope.postMessage({ run, played, done: at + 1, count: draws.length });
      await new Promise((rested) => { setTimeout(rested, 0); });
      if (newest !== run) return;
      [played, began] = [[], performance.now()];
    }
  };
  scope.onmessage = ({ data }) => {
    if (data.desk) desk = data.desk;
    if (!data.positions) return;
    newest = data.run;
    play(data);
  };
}

if (typeof WorkerGlobalScope !== "undefined" && self instanceof WorkerGlobalScope) serve(self);
