// The headline of a brief at other numbers: sliders under it, and in its place, while they are
// moved, the same sentences solved here. The brief's own stay in the page and come back untouched.

import { element, items, make } from "./dom.mjs";
import { isDrawn } from "./draws.mjs";
import { ASSUMED, fieldOf } from "./fields.mjs";
import { intervalIn } from "./interval.mjs";
import { headlineOf } from "./lead.mjs";
import { changesOf, commandOf, playerOf, positionsOf, slidersOf, unpacked } from "./scenario.mjs";
import { isSolved, say, sentence, statusLine } from "./words.mjs";

const MOST_SLIDERS = 4;
// How long a slider rests before the other horizon is solved too.
const RESTED = 120;

const desk = JSON.parse(element("program-data").textContent, unpacked);
const section = document.querySelector(".answer");
const own = section.querySelector("ul");
const live = make("ul", { className: "at-sliders", hidden: true });
const mark = make("p", { className: "mark" });
const fields = make("div", { className: "fields" });
const interval = make("figure", { hidden: true });
const status = make("p", { className: "note status" });
const command = make("code");
const reset = make("button", { type: "button", disabled: true });
// Apostrophes are those of the brief.
const curled = (text) => text.replace(/(?<=\w)'(?=\w)/g, "’");
const said = (key) => curled(sentence(say(desk, key)));
// Made at the first move: a brief that is only read solves nothing.
let players = null;
let positions = positionsOf(desk);
let pending = null;
let follow = null;
let waiting = null;
let now = null;

/** Numbers that somebody decides; of a policy that has none, whether it is in force. */
function offered() {
  const decided = slidersOf(desk).filter(({ field }) => !ASSUMED.has(field));
  const withNumber = new Set(decided.filter(({ isSwitch }) => !isSwitch).map(({ policy }) => policy));
  return decided.filter(({ isSwitch, policy }) => !isSwitch || !withNumber.has(policy));
}

function build() {
  const sliders = offered();
  if (!sliders.length) return;
  own.className = "brief-own";
  live.setAttribute("aria-live", "polite");
  reset.textContent = curled(say(desk, "headline.reset"));
  reset.addEventListener("click", () => {
    positions = positionsOf(desk);
    place(sliders);
    show();
  });
  const box = make("details", { className: "sliders" },
    make("summary", { textContent: say(desk, "headline.summary") }),
    fields, make("p", { className: "save" }, reset), status, interval,
    make("h2", { textContent: say(desk, "desk.command") }), make("pre", {}, command),
    make("p", { className: "note", textContent: said("headline.desk") }),
    make("pre", {}, make("code", { textContent: desk.deskCommand })));
  // The mark has its room before anything moves, so that nothing jumps under a finger.
  box.addEventListener("toggle", () => { mark.hidden = !box.open && !isMoved(); });
  mark.hidden = true;
  mark.setAttribute("role", "status");
  section.prepend(mark);
  own.after(live);
  section.after(box);
  place(sliders);
  show();
}

function place(sliders) {
  const change = (key) => (number) => {
    positions.numbers[key] = number;
    pending ??= requestAnimationFrame(() => {
      pending = null;
      show();
    });
  };
  fields.replaceChildren(...sliders.slice(0, MOST_SLIDERS).map((one) =>
    fieldOf(desk, one, positions.numbers[one.key], change(one.key))));
}

const isMoved = () => changesOf(desk, positions).length > 0;

function show() {
  const moved = isMoved();
  clearTimeout(waiting);
  keepHeight();
  section.classList.toggle("moved", moved);
  live.hidden = !moved;
  reset.disabled = !moved;
  mark.textContent = said(moved ? "headline.moved" : "headline.own");
  command.textContent = commandOf(desk, positions);
  if (!moved) {
    status.textContent = "";
    follow?.(desk, positions, {}, () => {});
    return;
  }
  players ??= { here: playerOf(desk), there: playerOf(desk) };
  follow ??= intervalIn(interval, element("program").textContent);
  const here = { ...positions, numbers: { ...positions.numbers } };
  const outcome = players.here(here);
  status.textContent = statusLine(outcome, desk);
  now = { outcome, there: null };
  sayAll(now);
  waiting = setTimeout(() => {
    if (!desk.otherHorizon || !isSolved(outcome)) return;
    now.there = players.there({ ...here, horizon: desk.otherHorizon });
    sayAll(now);
  }, RESTED);
  if (!isDrawn(desk, here)) return;
  follow(desk, here, outcome, (ranges) => {
    now.outcome = { ...outcome, ranges };
    sayAll(now);
  });
}

function sayAll({ outcome, there }) {
  const sentences = isSolved(outcome)
    ? [...headlineOf(outcome, there, desk), ...withoutRange(outcome)] : [said("desk.unsolved")];
  live.replaceChildren(...items(sentences.map(curled)));
  keepHeight();
}

/** In place of a range that is not there yet, or will not be. */
function withoutRange({ ranges }) {
  if (ranges || !desk.draws) return [];
  if (desk.draws.why) return [said(desk.draws.why)];
  return isDrawn(desk, positions) ? [said("headline.waits")] : [];
}

/** The sentences keep the height that they had, so that the sliders stay where they are. */
function keepHeight() {
  const kept = Number.parseFloat(live.style.minHeight) || 0;
  live.style.minHeight = `${Math.max(kept, own.offsetHeight, live.offsetHeight)}px`;
}

build();
