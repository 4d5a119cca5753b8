// Files dropped into a page of scenarios: the state that each makes, or the sentence that refuses it.

import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, given, answers] = process.argv.slice(2);
const module = (name) => import(pathToFileURL(`${folder}/${name}.mjs`));
const { commandOf, unpacked } = await module("scenario");
const { addressOf, shelfOf, stateAt } = await module("shelf");
const { fileOfScenario, Refusal } = await module("load");
const { stateWith } = await module("drop");
const { readToml } = await module("toml");
const { say } = await module("words");

const { carried, files, tomls, address } = JSON.parse(readFileSync(given, "utf8"));
const open = () => shelfOf(JSON.parse(JSON.stringify(carried), unpacked));
const written = { form: carried.form, version: carried.version };

function refusedOr(act, file, desk) {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: say(desk, error.key, { file, ...error.filled }) };
  }
}

const taken = files.map(([name, text]) => {
  const shelf = open();
  const state = stateAt(address ?? "", shelf);
  return refusedOr(() => {
    const next = stateWith(text, name, state, shelf, written);
    const outcome = next.side.play(next.positions);
    return { address: addressOf(next, shelf), scenarios: shelf.length, welfare: outcome.welfare,
      status: outcome.status, command: commandOf(next.side.desk, next.positions) };
  }, name, state.side.desk);
});
const read = tomls.map((text) => refusedOr(() => Object.fromEntries(readToml(text)), "file", open()[0].desk));
const state = stateAt(address ?? "", open());
const saved = fileOfScenario(state.side, written, address ?? "");
writeFileSync(answers, JSON.stringify({ taken, read, saved }));
