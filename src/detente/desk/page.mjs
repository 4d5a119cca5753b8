// The desk: sliders, the answer in words, and its pictures, redrawn at every move.

import { choice } from "./choose.mjs";
import { apart, joined, pairOf, rowsOf, shownOf, sumsInWords } from "./compare.mjs";
import { element, items, make, menu } from "./dom.mjs";
import { takeFiles } from "./drop.mjs";
import { ASSUMED, fieldOf, range } from "./fields.mjs";
import { handedOn, handOn } from "./handon.mjs";
import { intervalIn } from "./interval.mjs";
import { fileOfScenario } from "./load.mjs";
import { possessive } from "./numbers.mjs";
import { besides, mapOf } from "./map.mjs";
import { bars, csvOf, fileOf, pngOf } from "./pictures.mjs";
import { commandOf, positionsOf, slidersOf, unpacked } from "./scenario.mjs";
import { addressOf, isMoved, shelfOf, stateAt } from "./shelf.mjs";
import { showTerms } from "./terms.mjs";
import { answerOf, isSolved, listing, say, sentence, signedPercent, statusLine } from "./words.mjs";

const PICTURES = ["countries", "sectors", "flows", "thirds"];

const { form, version, shapes, ...carried } = JSON.parse(element("desk").textContent, unpacked);
const written = { form, version };
const shelf = shelfOf(carried);
let [state, desk, play, own, positions] = [];
const follow = intervalIn(element("interval"), element("program").textContent);
let undone = [];
let pending = null;
let redraw = () => {};

/** Take a state: which scenario the sliders move, which stands beside it, and where they are. */
function enter(next) {
  state = next;
  ({ desk, play, own } = state.side);
  positions = state.positions;
  head();
  build();
  show();
}

/** Take a state that somebody chose: it can be undone, and it is the address. */
function go(next, key) {
  undone.push({ key, before: addressOf(state, shelf) });
  history.replaceState(null, "", `#${addressOf(next, shelf)}`);
  enter(next);
}

function head() {
  document.title = desk.title;
  element("title").textContent = desk.title;
  element("question").textContent = desk.question;
  element("question").hidden = !desk.question;
  element("setting").textContent = desk.setting;
  const [missing] = state.missing;
  element("notice").textContent = missing === undefined ? ""
    : sentence(say(desk, "desk.not_here", { name: missing, title: desk.title }));
}

/** Play and redraw once per frame, however many moves came. */
function moved(change, key) {
  if (undone.at(-1)?.key !== key) undone.push({ key, before: addressOf(state, shelf) });
  change(positions);
  if (pending === null)
    pending = requestAnimationFrame(() => {
      pending = null;
      history.replaceState(null, "", `#${addressOf(state, shelf)}`);
      show();
    });
}

function build() {
  choice(state, shelf, (next) => go(next, "choice"));
  const policies = element("policies");
  const assumptions = element("assumptions");
  policies.replaceChildren(heading(desk.say.desk.policies));
  assumptions.replaceChildren(heading(desk.say.desk.assumptions), horizonField());
  if (desk.elasticity) assumptions.append(elasticityField());
  for (const [name, sentences] of Object.entries(desk.policies)) {
    const box = make("div", { className: "policy" });
    for (const slider of slidersOf(desk).filter((one) => one.policy === name))
      (ASSUMED.has(slider.field) ? assumptions : box).append(numberField(slider));
    box.append(make("details", {}, make("summary", { textContent: say(desk, "desk.file", { policy: name.replaceAll("_", " ") }) }),
      make("p", { className: "note", textContent: sentences.join(" ") })));
    policies.append(box);
  }
  for (const [reason, names] of Object.entries(desk.fixed)) {
    if (!names.length) continue;
    const text = say(desk, `desk.${reason}`, { policies: listing(names) }, names.length > 1);
    policies.append(make("p", { className: "note", textContent: sentence(text) }));
  }
}

const heading = (text) => make("legend", { textContent: text });

function numberField(slider) {
  const change = (number) => moved((now) => { now.numbers[slider.key] = number; }, slider.key);
  return fieldOf(desk, slider, positions.numbers[slider.key], change);
}

function elasticityField() {
  return range(desk, { label: desk.say.desk.elasticity, key: "elasticity", low: 0.5, high: 2,
    value: positions.elasticity, own: 1, inWords: (number) => String(Number(number.toPrecision(3))),
    change: (number) => moved((now) => { now.elasticity = number; }, "elasticity") });
}

function horizonField() {
  return menu({ id: "horizon", label: desk.say.desk.horizon, value: positions.horizon,
    options: Object.entries(desk.horizons).map(([name, { words }]) => [name, words]),
    change: (name) => moved((now) => { now.horizon = name; }, "horizon") });
}

function show() {
  const outcome = play(positions);
  const other = state.beside && state.beside.play(state.besidePositions);
  element("status").textContent = statusLine(outcome, desk);
  const factor = element("elasticity");
  if (factor) factor.disabled = desk.horizons[positions.horizon].ratio === null;
  const solved = isSolved(outcome);
  document.body.classList.toggle("unsolved", !solved);
  showAnswer(outcome);
  showBeside(outcome, other);
  for (const name of [...PICTURES, "map"]) element(name).hidden = !solved;
  const commands = [commandOf(desk, positions)];
  if (other) commands.push(commandOf(state.beside.desk, state.besidePositions));
  element("commands").textContent = commands.join("\n");
  redraw = () => { if (solved) draw(outcome, other); };
  redraw();
  follow(desk, positions, outcome, (ranges) => showAnswer({ ...outcome, ranges }));
}

const sentencesOf = (outcome, of) => (isSolved(outcome)
  ? Object.values(answerOf(outcome, of)).flat() : [sentence(say(desk, "desk.unsolved"))]);

function showAnswer(outcome) {
  const sentences = sentencesOf(outcome, desk);
  const changed = isSolved(outcome) && isMoved(state.side, positions) ? [sentence(whatMoved(outcome))] : [];
  element("answer").replaceChildren(...items([...sentences.slice(0, 1), ...changed, ...sentences.slice(1)]));
}

/** The answer of the scenario beside this one, and how far the two are apart. */
function showBeside(outcome, other) {
  for (const name of ["apart", "title-a", "second"]) element(name).hidden = !other;
  document.body.classList.toggle("two", Boolean(other));
  if (!other) return;
  const both = isSolved(outcome) && isSolved(other);
  element("apart").replaceChildren(...items(both ? apart(outcome, other, desk, state.beside.desk) : []));
  element("title-a").textContent = `A: ${desk.title}`;
  element("title-b").textContent = `B: ${state.beside.desk.title}`;
  element("beside-answer").replaceChildren(...items(sentencesOf(other, state.beside.desk)));
  element("beside-status").textContent = statusLine(other, state.beside.desk);
}

/** How much of what changed comes from policies, and how much from assumptions. */
function whatMoved(outcome) {
  const n = desk.focus[0] ?? 0;
  const policies = { ...own, numbers: { ...own.numbers } };
  for (const slider of slidersOf(desk))
    if (!ASSUMED.has(slider.field)) policies.numbers[slider.key] = positions.numbers[slider.key];
  const withPolicies = play(policies);
  const now = outcome.welfare[n];
  const between = withPolicies.status === "solved" ? withPolicies.welfare[n] : now;
  return say(desk, "desk.moved", {
    owner: possessive(desk.countries[n].inSentence),
    now: signedPercent(now), own: signedPercent(state.side.ownOutcome.welfare[n]),
    policies: signedPercent(between - state.side.ownOutcome.welfare[n]),
    assumptions: signedPercent(now - between),
  });
}

function draw(outcome, other) {
  const { side, beside } = state;
  const n = desk.focus[0] ?? shownOf.countries(rowsOf(outcome, side.ownOutcome, desk, 0, null).countries)
    .map(({ key }) => desk.countries.findIndex(({ code }) => code === key))[0];
  const pair = pairOf(side, beside);
  const rows = rowsOf(outcome, side.ownOutcome, desk, n, pair);
  const paired = other && isSolved(other);
  const others = paired && rowsOf(other, beside.ownOutcome, beside.desk, n, pair);
  const titles = {
    countries: desk.say.desk.countries,
    sectors: say(desk, "desk.sectors", { country: desk.countries[n].inSentence }),
    thirds: desk.say.desk.thirds,
    flows: pair && say(desk, "desk.flows", { country: desk.countries[pair[0]].inSentence, partner: desk.countries[pair[1]].inSentence }),
  };
  for (const name of PICTURES) {
    const shown = paired ? joined(rows[name], others[name]) : shownOf[name](rows[name]);
    element(name).hidden = !shown.length;
    const notes = name === "thirds" && !paired ? [sumsInWords(outcome, desk)] : [];
    if (shown.length) picture(name, titles[name], shown, { paired, n, pair, notes });
  }
  const areas = shapes[desk.hash];
  element("map").hidden = !areas;
  if (areas) {
    const every = paired ? besides(rows.countries, others.countries) : rows.countries;
    const title = desk.say.desk.map;
    picture("map", title, every, { paired, n, pair, notes: [desk.say.desk.map_key],
      from: [desk.say.desk.map_from], given: mapOf(every, title, areas) });
  }
  const taken = (title, shown, of, two) => picture("terms", title, shown, { paired: two, n: of, pair, notes: [] });
  showTerms(outcome, paired && other, desk, taken);
}

function picture(name, title, rows, { paired, n, pair, notes, from = [], given = null }) {
  const box = element(name);
  const drawn = given ?? bars(rows, title, box.clientWidth);
  const cells = (texts) => texts.map((text) => make("td", { textContent: text }));
  const heads = paired ? [make("thead", {}, make("tr", {}, ...["", "A", "B"].map((text) => make(text ? "th" : "td", { textContent: text }))))] : [];
  const table = make("table", {}, ...heads, make("tbody", {}, ...rows.map((row) =>
    make("tr", {}, ...cells([row.name, row.text, ...(paired ? [row.otherText] : [])])))));
  const isOpen = (which) => box.querySelector(which)?.open ?? false;
  const details = make("details", { className: "table", open: isOpen(".table") }, make("summary", { textContent: desk.say.desk.table }), table);
  const here = settingLines(paired);
  const setting = [...here, ...from];
  const saved = ["CSV", "SVG", "PNG"].map((kind) => {
    const button = make("button", { type: "button", textContent: kind });
    button.addEventListener("click", () => save(kind, name, title, rows, drawn, setting.join("\n")));
    return button;
  });
  const sides = [{ desk, positions }, ...(paired ? [{ desk: state.beside.desk, positions: state.besidePositions }] : [])];
  const cited = handedOn(name, sides, version, n, pair, isOpen(".handed-on"));
  const ticks = !given && rows.some((row) => Number.isFinite(row.own)) ? [desk.say.desk.tick] : [];
  const legend = paired && !given ? [desk.say.desk.pairs] : ticks;
  box.replaceChildren(make("figcaption", { textContent: title }), drawn,
    ...[...notes, ...legend, ...setting].map((text) => make("p", { className: here.includes(text) ? "note of" : "note", textContent: text })),
    make("p", { className: "save" }, ...saved), details, cited);
}

/** Of which world, on whose books and how long after a picture is; of two scenarios, each. */
function settingLines(paired) {
  const line = (of, at) => `${of.setting}, ${of.horizons[at.horizon].words}`;
  if (!paired) return [line(desk, positions)];
  const { desk: second } = state.beside;
  return [`A: ${desk.title}. ${line(desk, positions)}`, `B: ${second.title}. ${line(second, state.besidePositions)}`];
}

async function save(kind, name, title, rows, drawn, setting) {
  const made = kind === "CSV" ? new Blob([csvOf(rows, title, setting)], { type: "text/csv" })
    : kind === "SVG" ? new Blob([fileOf(drawn, title, setting)], { type: "image/svg+xml" })
    : await pngOf(fileOf(drawn, title, setting));
  handOn(made, `${name}.${kind.toLowerCase()}`);
}

element("undo").addEventListener("click", () => {
  const last = undone.pop();
  if (!last) return;
  history.replaceState(null, "", `#${last.before}`);
  enter(stateAt(last.before, shelf));
});
element("reset").addEventListener("click", () => go({ ...state, positions: positionsOf(desk) }, "reset"));
element("link").addEventListener("click", () => navigator.clipboard?.writeText(location.href));

element("save").addEventListener("click", () => {
  const text = fileOfScenario(state.side, written, addressOf({ side: state.side, positions, beside: null }, shelf));
  handOn(new Blob([text], { type: "application/json" }), `${desk.name.replace(/[^\w-]/g, "-")}.json`);
});
takeFiles(shelf, written, () => state, (next) => go(next, "file"));

enter(stateAt(location.hash.slice(1), shelf));
window.addEventListener("hashchange", () => enter(stateAt(location.hash.slice(1), shelf)));
for (const [name, onPaper] of [["beforeprint", true], ["afterprint", false]])
  window.addEventListener(name, () => {
    document.body.classList.toggle("paper", onPaper);
    redraw();
  });
let width = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth === width) return;
  width = window.innerWidth;
  pending ??= requestAnimationFrame(() => {
    pending = null;
    show();
  });
});
