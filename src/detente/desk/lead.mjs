// What a brief says first, as `report/brief.py` puts it together.

import { digitsBorne, finePercent, listing, sentence, UNCHANGED } from "./numbers.mjs";
import { leadingCountry } from "./sure.mjs";
import { answerOf, isSolved, leadingFocus, NAMED, say } from "./words.mjs";

/**
 * Who gains, why, and how sure that is; `there` is the outcome at the other horizon, null where a
 * run has none beside its own.
 */
export function headlineOf(outcome, there, desk) {
  const { gains, volumes, between, sure } = answerOf(outcome, desk);
  const first = volumes.slice(0, 1);
  // Where capital is produced the last says what the page leaves to the command.
  if (desk.world.capital && volumes.length > 1) first.push(volumes.at(-1));
  const lead = [...gains, ...(there ? [sentence(atOther(outcome, there, desk))] : []), ...first];
  return [lead.join(" "), ...between, ...sure.slice(0, 1)];
}

/** What those named gain or lose at the horizon that is not the answer's own. */
function atOther(outcome, there, desk) {
  const { horizon } = there;
  if (!isSolved(there)) return say(desk, "lead.other_unsolved", { horizon });
  const named = leadingFocus(outcome, desk, NAMED);
  const digits = digitsBorne(outcome.imputed);
  const parts = (named.length ? named : [leadingCountry(outcome, desk)]).map((n, at) => {
    const { inSentence: country, plural } = desk.countries[n];
    const welfare = there.welfare[n];
    if (Math.abs(welfare) < UNCHANGED) return say(desk, "lead.unmoved", { country }, plural);
    const key = `change.${welfare > 0 ? "gains" : "loses"}${at > 0 ? "_next" : ""}`;
    return say(desk, key, { country, percent: finePercent(welfare, digits) }, plural);
  });
  return say(desk, "lead.at_other", { horizon, parts: listing(parts) });
}
