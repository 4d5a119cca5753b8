// Numbers of policies as sliders and switches.

import { make } from "./dom.mjs";
import { say } from "./words.mjs";

/** Numbers that nobody decides: what a policy takes for granted. */
export const ASSUMED = new Set(["cost_per_stri_point", "cost_per_point", "cost_per_deviation", "parts_elasticity", "realisation"]);

/** A number of a policy, where it stands at `value`; `change` hears where it is moved to. */
export function fieldOf(desk, slider, value, change) {
  const label = `${slider.policy.replaceAll("_", " ")}: ${desk.say.desk.numbers[slider.field]}`;
  if (slider.isSwitch) {
    const input = make("input", { type: "checkbox", checked: value === 1, id: slider.key });
    input.addEventListener("input", () => change(input.checked ? 1 : 0));
    return make("label", { className: "switch" }, input, document.createTextNode(` ${label}`));
  }
  return range(desk, { label, key: slider.key, low: slider.low, high: slider.high, value,
    own: slider.value, change, inWords: inWordsOf(slider) });
}

function inWordsOf({ field, high }) {
  const plain = field.startsWith("cost_") || field === "deviations" || field === "parts_elasticity" || field === "value";
  return (number) => (plain
    ? String(Number(number.toPrecision(3)))
    : `${Number((100 * number).toPrecision(high > 1 ? 4 : 3))} %`).replace("-", "−");
}

export function range(desk, { label, key, low, high, value, own: ownValue, change, inWords }) {
  const input = make("input", { type: "range", min: low, max: high, step: "any", id: key });
  input.value = value;
  const output = make("output", { textContent: inWords(value) });
  output.htmlFor = key;
  // A slider moves in hundredths of its range, and lands on the scenario's own number exactly.
  input.addEventListener("input", () => {
    const step = (high - low) / 100;
    const near = Math.abs(input.valueAsNumber - ownValue) < step / 2;
    const number = low + Math.round((input.valueAsNumber - low) / step) * step;
    const rested = near ? ownValue : Number(number.toPrecision(12));
    output.textContent = inWords(rested);
    change(rested);
  });
  input.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    input.value = input.valueAsNumber + (by * (high - low)) / 100;
    input.dispatchEvent(new Event("input"));
  });
  const title = make("label", { textContent: label, htmlFor: key });
  const note = make("span", { className: "own", textContent: say(desk, "desk.own", { value: inWords(ownValue) }) });
  return make("div", { className: "slider" }, title, output, input, note);
}
