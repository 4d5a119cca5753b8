// What whoever hands a picture on needs: how to cite it, and the lines of Python that give its numbers.

import { make } from "./dom.mjs";
import { changesOf, commandOf } from "./scenario.mjs";
import { say } from "./words.mjs";

const PLAYED = "outcome = detente.simulate(world, scenario)";
const PRINTED = {
  countries: () => [PLAYED, "print(outcome.welfare.to_series())"],
  map: () => PRINTED.countries(),
  thirds: () => [PLAYED, "print(outcome.equivalent_variation.to_series())"],
  sectors: (desk, n) => [PLAYED, `print(outcome.output.sel(country=${quotedInPython(desk.countries[n].code)}).to_series())`],
  flows: (desk, n, pair) => {
    const codes = `[${pair.map((one) => quotedInPython(desk.countries[one].code)).join(", ")}]`;
    return [PLAYED, "change = outcome.trade_after - outcome.trade_before",
      `print(change.sel(origin=${codes}, destination=${codes}).to_series())`];
  },
  terms: (desk, n) => ["terms = detente.analysis.decompose(world, scenario)",
    `print(terms.sel(country=${quotedInPython(desk.countries[n].code)}).sum())`],
};

// Text in JSON is text in Python, but for what is not in the basic plane, which stays as it is.
const quotedInPython = (text) => JSON.stringify(text);

/** Lines of Python that give the numbers of a picture. */
export function pythonOf(desk, positions, name, n, pair) {
  const horizon = positions.horizon === desk.horizon ? [] : [`horizon=${positions.horizon}`];
  const changes = [...desk.settings, ...horizon, ...changesOf(desk, positions)].map(quotedInPython);
  const asked = [quotedInPython(desk.reference), ...(changes.length ? [`[${changes.join(", ")}]`] : [])];
  return [
    "import detente", "",
    `scenario = detente.load_scenario(${asked.join(", ")})`,
    "world = detente.load_baseline(scenario.baseline)",
    ...PRINTED[name](desk, n, pair),
  ].join("\n");
}

/** How to cite an answer: the program, the scenario, the world by its fingerprint, and the command. */
export const citationOf = (desk, positions, version) => say(desk, "desk.cite", {
  version, title: desk.title, name: desk.name, setting: desk.setting, hash: desk.hash,
  horizon: desk.horizons[positions.horizon].words, command: commandOf(desk, positions),
});

/** Both, folded up under a picture, for one scenario or for each of two. */
export function handedOn(name, sides, version, n, pair, open) {
  const { desk } = sides[0];
  const said = sides.flatMap(({ desk: of, positions }) => [
    make("p", { className: "note", textContent: citationOf(of, positions, version) }),
    make("pre", {}, make("code", { textContent: pythonOf(of, positions, name, n, pair) })),
  ]);
  return make("details", { className: "handed-on", open }, make("summary", { textContent: desk.say.desk.handed_on }), ...said);
}

/** Give the reader a file. */
export function handOn(made, name) {
  const link = make("a", { href: URL.createObjectURL(made), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
