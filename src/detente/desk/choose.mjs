// Which scenario of the page is shown, and which beside it.

import { element, make, menu } from "./dom.mjs";
import { positionsOf } from "./scenario.mjs";
import { areComparable } from "./shelf.mjs";

/** The menus of a page of several scenarios; `enter` takes the state that was chosen. */
export function choice(state, shelf, enter) {
  const box = element("choice");
  const { desk } = state.side;
  const words = desk.say.desk;
  const named = (name) => shelf.find((side) => side.desk.name === name);
  const listed = (sides) => sides.map((side) => [side.desk.name, side.desk.title]);
  const comparable = shelf.filter((side) => areComparable(desk, side.desk));
  box.hidden = shelf.length < 2;
  if (box.hidden) return;
  const shown = menu({ id: "scenario", label: words.scenario, options: listed(shelf), value: desk.name,
    change: (name) => enter(withSide(state, named(name))) });
  const beside = menu({ id: "beside", label: words.beside,
    options: [["", words.alone], ...listed(comparable)], value: state.beside?.desk.name ?? "",
    change: (name) => enter(withBeside(state, named(name) ?? null)) });
  const swap = make("button", { type: "button", id: "swap", textContent: words.swap, hidden: !state.beside });
  swap.addEventListener("click", () => enter(swapped(state)));
  box.replaceChildren(shown, beside, make("p", { className: "save" }, swap));
}

/** Another scenario, where it has its sliders; what stands beside it stays where it can. */
export function withSide(state, side) {
  const next = { ...state, side, positions: positionsOf(side.desk) };
  return state.beside && areComparable(side.desk, state.beside.desk) ? next : withBeside(next, null);
}

export const withBeside = (state, beside) =>
  ({ ...state, beside, besidePositions: beside && positionsOf(beside.desk) });

/** The one beside it gets the sliders. */
export const swapped = ({ side, beside, positions, besidePositions, ...rest }) =>
  ({ ...rest, side: beside, beside: side, positions: besidePositions, besidePositions: positions });
