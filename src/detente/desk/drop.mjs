// Files dropped into the page, or chosen with a button, and the scenario handed on as a file.

import { withBeside, withSide } from "./choose.mjs";
import { element } from "./dom.mjs";
import { fileOfScenario, Refusal, scenariosOf } from "./load.mjs";
import { areComparable, stateAt } from "./shelf.mjs";
import { movedBy } from "./toml.mjs";
import { say, sentence } from "./words.mjs";

const MOST_BYTES = 8e6;

/** The state after a file: its scenario beside what is shown, or sliders moved as it says. */
export function stateWith(text, file, state, shelf, written) {
  const { say: sentences, status, refusals } = state.side.desk;
  if (!file.toLowerCase().endsWith(".json")) {
    const { side, positions } = movedBy(text, [state.side, ...shelf.filter((one) => one !== state.side)], file);
    return { ...withSide(state, side), positions };
  }
  const { sides, address } = scenariosOf(text, written, { say: sentences, status, refusals });
  const here = sides.map((side) => alike(side, shelf, written) ?? side);
  const added = here.filter((side) => !shelf.includes(side));
  const names = [...shelf, ...added].map(({ desk }) => desk.name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new Refusal("desk.there_already", { name: twice });
  shelf.push(...added);
  const given = new URLSearchParams(address);
  given.delete("beside");
  given.set("scenario", here[0].desk.name);
  const next = { ...stateAt(given.toString(), shelf) };
  return areComparable(next.side.desk, state.side.desk)
    ? { ...withBeside(next, state.side), besidePositions: state.positions } : next;
}

/** The scenario of the page that is the very one of a file. */
function alike(side, shelf, written) {
  const text = fileOfScenario(side, written, "");
  return shelf.find((one) => one.desk.name === side.desk.name && fileOfScenario(one, written, "") === text);
}

/** Take files wherever they are dropped, or from the button; `now` is the state and `enter` takes one. */
export function takeFiles(shelf, written, now, enter) {
  const take = async (file) => {
    if (!file) return;
    const { desk } = now().side;
    try {
      if (file.size > MOST_BYTES) throw new Refusal("desk.too_large");
      enter(stateWith(await file.text(), file.name, now(), shelf, written));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      element("notice").textContent = sentence(say(desk, error.key, { file: file.name, ...error.filled }));
      element("notice").scrollIntoView({ block: "nearest" });
    }
  };
  for (const name of ["dragenter", "dragover", "drop"])
    document.addEventListener(name, (event) => event.preventDefault());
  document.addEventListener("drop", (event) => take(event.dataTransfer?.files[0]));
  element("file").addEventListener("change", ({ target }) => {
    take(target.files[0]);
    target.value = "";
  });
}
