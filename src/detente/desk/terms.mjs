// The change of one country's real income, taken apart once the sliders rest and somebody looks.

import { element, make, menu } from "./dom.mjs";
import { split, TERMS, unsplit } from "./split.mjs";
import { say, sentence, signedPercent } from "./words.mjs";

const RESTING = 200;
const NO_TERM = 1e-6;
const known = new WeakMap();
let [looked, wait] = [null, null];

/** Rows of the terms for a country; null where the change cannot be taken apart. */
export function termRows(model, desk, n) {
  if (!known.has(model)) known.set(model, unsplit(model) ? null : split(model));
  const terms = known.get(model);
  return terms && Object.keys(TERMS).map((name) => ({
    key: TERMS[name].split(".").at(-1), name: say(desk, TERMS[name]), value: terms[name][n], text: signedPercent(terms[name][n]),
  }));
}

/** The terms that are any, largest first; of two scenarios, those of either. */
export function termsShown(rows, others) {
  const both = rows.map((row, at) => (others ? { ...row, other: others[at].value, otherText: others[at].text } : row));
  const size = (row) => Math.max(Math.abs(row.value), Math.abs(row.other ?? 0));
  return both.filter((row) => size(row) >= NO_TERM).sort((a, b) => size(b) - size(a));
}

/** Keep the terms in step with the answer, where they are open; `draw` makes the picture. */
export function showTerms(outcome, other, desk, draw) {
  clearTimeout(wait);
  const box = element("terms-box");
  box.hidden = outcome.status !== "solved";
  const take = () => drawTerms(outcome, other, desk, draw);
  box.ontoggle = () => box.open && take();
  if (box.open && !box.hidden) wait = setTimeout(take, RESTING);
}

function drawTerms(outcome, other, desk, draw) {
  const at = desk.countries.findIndex(({ code }) => code === looked);
  const n = at >= 0 ? at : desk.focus[0] ?? 0;
  element("terms-country").replaceChildren(menu({
    id: "terms-of", label: desk.say.desk.terms_of, value: desk.countries[n].code,
    options: desk.countries.map(({ code, name }) => [code, name]),
    change: (code) => {
      looked = code;
      drawTerms(outcome, other, desk, draw);
    },
  }));
  const rows = termRows(outcome.model, desk, n);
  const others = other && termRows(other.model, desk, n);
  const shown = rows && (!other || others) ? termsShown(rows, others) : [];
  if (shown.length) draw(say(desk, "desk.terms_title", { country: desk.countries[n].inSentence }), shown, n, Boolean(others));
  else element("terms").replaceChildren(make("p", { className: "note",
    textContent: sentence(say(desk, rows ? "lead.unchanged" : unsplit(outcome.model) ?? "desk.no_path")) }));
}
