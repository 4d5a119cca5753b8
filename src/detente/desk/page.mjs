// The desk: sliders, the answer in words, and its pictures, redrawn at every move.

import { balanceRows, bars, csvOf, fileOf, pngOf } from "./pictures.mjs";
import { commandOf, playerOf, positionsOf, slidersOf, unpacked } from "./scenario.mjs";
import { answerOf, listing, mainPair, say, sectorRows, sentence, signedPercent } from "./words.mjs";

const ASSUMED = new Set(["cost_per_stri_point", "cost_per_point", "cost_per_deviation", "parts_elasticity", "realisation"]);
const SHOWN = 12;

const desk = JSON.parse(document.getElementById("desk").textContent, unpacked);
const play = playerOf(desk);
const own = positionsOf(desk);
const ownOutcome = play(own);
let positions = fromAddress();
let undone = [];
let pending = null;

// The state is the address: a link is a scenario.

function fromAddress() {
  const read = { ...own, numbers: { ...own.numbers } };
  const given = new URLSearchParams(location.hash.slice(1));
  for (const slider of slidersOf(desk)) {
    const written = Number.parseFloat(given.get(slider.key));
    const number = slider.isSwitch ? Math.round(written) : written;
    if (number >= slider.low && number <= slider.high) read.numbers[slider.key] = number;
  }
  if (given.get("horizon") in desk.horizons) read.horizon = given.get("horizon");
  const elasticity = Number.parseFloat(given.get("elasticity"));
  if (desk.elasticity && elasticity >= 0.5 && elasticity <= 2) read.elasticity = elasticity;
  return read;
}

function address() {
  const moved = new URLSearchParams();
  for (const [key, number] of Object.entries(positions.numbers))
    if (number !== own.numbers[key]) moved.set(key, String(number));
  if (positions.horizon !== own.horizon) moved.set("horizon", positions.horizon);
  if (positions.elasticity !== 1) moved.set("elasticity", String(positions.elasticity));
  return moved.toString();
}

/** Play and redraw once per frame, however many moves came. */
function moved(change, key) {
  if (undone.at(-1)?.key !== key) undone.push({ key, before: structuredClone(positions) });
  change(positions);
  if (pending === null)
    pending = requestAnimationFrame(() => {
      pending = null;
      history.replaceState(null, "", `#${address()}`);
      show();
    });
}

function build() {
  const policies = element("policies");
  const assumptions = element("assumptions");
  policies.replaceChildren(heading(desk.say.desk.policies));
  assumptions.replaceChildren(heading(desk.say.desk.assumptions), horizonField());
  if (desk.elasticity) assumptions.append(elasticityField());
  for (const [name, sentences] of Object.entries(desk.policies)) {
    const box = make("div", { className: "policy" });
    for (const slider of slidersOf(desk).filter((one) => one.policy === name))
      (ASSUMED.has(slider.field) ? assumptions : box).append(numberField(slider, name));
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

function numberField(slider, name) {
  const label = `${name.replaceAll("_", " ")}: ${desk.say.desk.numbers[slider.field]}`;
  const change = (number) => moved((now) => { now.numbers[slider.key] = number; }, slider.key);
  const value = positions.numbers[slider.key];
  if (slider.isSwitch) {
    const input = make("input", { type: "checkbox", checked: value === 1, id: slider.key });
    input.addEventListener("input", () => change(input.checked ? 1 : 0));
    return make("label", { className: "switch" }, input, document.createTextNode(` ${label}`));
  }
  return range({ label, key: slider.key, low: slider.low, high: slider.high, value,
    own: slider.value, change, inWords: inWordsOf(slider) });
}

function inWordsOf({ field, high }) {
  const plain = field.startsWith("cost_") || field === "deviations" || field === "parts_elasticity" || field === "value";
  return (number) => (plain
    ? String(Number(number.toPrecision(3)))
    : `${Number((100 * number).toPrecision(high > 1 ? 4 : 3))} %`).replace("-", "−");
}

function elasticityField() {
  return range({ label: desk.say.desk.elasticity, key: "elasticity", low: 0.5, high: 2,
    value: positions.elasticity, own: 1, inWords: (number) => String(Number(number.toPrecision(3))),
    change: (number) => moved((now) => { now.elasticity = number; }, "elasticity") });
}

function range({ label, key, low, high, value, own: ownValue, change, inWords }) {
  const input = make("input", { type: "range", min: low, max: high, step: "any", id: key });
  input.value = value;
  const output = make("output", { textContent: inWords(value) });
  output.htmlFor = key;
  // A slider moves in hundredths of its range, and lands on the scenario's own number exactly.
  input.addEventListener("input", () => {
    const step = (high - low) / 100;
    const near = Math.abs(input.valueAsNumber - ownValue) < step / 2;
    const number = near ? ownValue : low + Math.round((input.valueAsNumber - low) / step) * step;
    output.textContent = inWords(number);
    change(Number(number.toPrecision(12)));
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

function horizonField() {
  const select = make("select", { id: "horizon" });
  for (const [name, { words }] of Object.entries(desk.horizons))
    select.append(make("option", { value: name, textContent: words, selected: name === positions.horizon }));
  select.addEventListener("input", () => moved((now) => { now.horizon = select.value; }, "horizon"));
  const label = make("label", { textContent: desk.say.desk.horizon, htmlFor: "horizon" });
  return make("div", { className: "slider" }, label, select);
}

function show() {
  const outcome = play(positions);
  element("status").textContent = statusLine(outcome);
  const factor = element("elasticity");
  if (factor) factor.disabled = desk.horizons[positions.horizon].ratio === null;
  const solved = outcome.status === "solved";
  document.body.classList.toggle("unsolved", !solved);
  const sentences = solved ? Object.values(answerOf(outcome, desk)).flat() : [sentence(say(desk, "desk.unsolved"))];
  const changed = solved && address() ? [sentence(whatMoved(outcome))] : [];
  element("answer").replaceChildren(
    ...[...sentences.slice(0, 1), ...changed, ...sentences.slice(1)].map((text) => make("li", { textContent: unbroken(text) })));
  for (const name of ["countries", "sectors", "flows"]) element(name).hidden = !solved;
  element("commands").textContent = commandOf(desk, positions);
  if (solved) draw(outcome);
}

function statusLine(outcome) {
  if (outcome.status !== "solved") return outcome.refusal ?? desk.status[outcome.status];
  const residual = outcome.residual <= 1e-10 ? "less than 1e-10" : outcome.residual.toExponential(1);
  return sentence(say(desk, "desk.certificate", { residual, count: outcome.steps }, outcome.steps !== 1));
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
  const { inSentence } = desk.countries[n];
  return say(desk, "desk.moved", {
    owner: inSentence.endsWith("s") ? `${inSentence}'` : `${inSentence}'s`,
    now: signedPercent(now), own: signedPercent(ownOutcome.welfare[n]),
    policies: signedPercent(between - ownOutcome.welfare[n]),
    assumptions: signedPercent(now - between),
  });
}

function draw(outcome) {
  const order = desk.countries.map((_, n) => n).sort((a, b) =>
    desk.focus.includes(b) - desk.focus.includes(a) || Math.abs(outcome.worth[b]) - Math.abs(outcome.worth[a]));
  picture("countries", desk.say.desk.countries, order.slice(0, SHOWN).map((n) => ({
    name: desk.countries[n].name, value: outcome.welfare[n], own: ownOutcome.welfare[n],
    text: signedPercent(outcome.welfare[n]), strong: desk.focus.includes(n),
  })));
  const n = desk.focus[0] ?? order[0];
  const owns = new Map(sectorRows(ownOutcome, desk, n).map((row) => [row.code, row.output]));
  const rows = sectorRows(outcome, desk, n).filter((row) => row.share >= 0.2)
    .sort((a, b) => b.output - a.output);
  const extreme = rows.length > SHOWN ? [...rows.slice(0, SHOWN / 2), ...rows.slice(-SHOWN / 2)] : rows;
  picture("sectors", say(desk, "desk.sectors", { country: desk.countries[n].inSentence }),
    extreme.map((row) => ({ name: row.name, value: row.output, own: owns.get(row.code), text: signedPercent(row.output) })));
  const pair = mainPair(ownOutcome, desk);
  element("flows").hidden = !pair;
  if (pair) {
    const title = say(desk, "desk.flows", { country: desk.countries[pair[0]].inSentence, partner: desk.countries[pair[1]].inSentence });
    picture("flows", title, balanceRows(outcome, ownOutcome, desk, pair, SHOWN));
  }
}

function picture(name, title, rows) {
  const box = element(name);
  const drawn = bars(rows, title, box.clientWidth);
  const table = make("table", {}, make("tbody", {}, ...rows.map((row) =>
    make("tr", {}, make("td", { textContent: row.name }), make("td", { textContent: row.text })))));
  const open = box.querySelector("details")?.open ?? false;
  const details = make("details", { open }, make("summary", { textContent: desk.say.desk.table }), table);
  const saved = ["CSV", "SVG", "PNG"].map((kind) => {
    const button = make("button", { type: "button", textContent: kind });
    button.addEventListener("click", () => save(kind, name, title, rows, drawn));
    return button;
  });
  box.replaceChildren(make("figcaption", { textContent: title }), drawn,
    make("p", { className: "note", textContent: `${desk.say.desk.tick} ${settingLine()}` }),
    make("p", { className: "save" }, ...saved), details);
}

/** Of which world, on whose books and how long after a picture is. */
const settingLine = () =>
  `${element("setting").textContent}, ${desk.horizons[positions.horizon].words}`;

async function save(kind, name, title, rows, drawn) {
  const made = kind === "CSV" ? new Blob([csvOf(rows, title, settingLine())], { type: "text/csv" })
    : kind === "SVG" ? new Blob([fileOf(drawn, title, settingLine())], { type: "image/svg+xml" })
    : await pngOf(fileOf(drawn, title, settingLine()));
  const link = make("a", { href: URL.createObjectURL(made), download: `${name}.${kind.toLowerCase()}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

element("undo").addEventListener("click", () => {
  const last = undone.pop();
  if (!last) return;
  positions = last.before;
  history.replaceState(null, "", `#${address()}`);
  build();
  show();
});
element("reset").addEventListener("click", () => {
  undone.push({ key: "reset", before: structuredClone(positions) });
  positions = positionsOf(desk);
  history.replaceState(null, "", "#");
  build();
  show();
});
element("link").addEventListener("click", () => navigator.clipboard?.writeText(location.href));

function element(id) { return document.getElementById(id); }

function make(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function unbroken(text) {
  return text.replaceAll(" %", "\u00a0%").replaceAll("US$ ", "US$\u00a0")
    .replaceAll(" million", "\u00a0million").replaceAll(" billion", "\u00a0billion");
}

build();
show();
window.addEventListener("hashchange", () => { positions = fromAddress(); build(); show(); });
