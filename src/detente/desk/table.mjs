// The page of a stance game: sliders, the agent's table, best answers, equilibria and B*, redrawn at
// every move as the plays are solved.

import { boundedPercent, flipInWords, flipsAt, playInWords, summaryOf } from "./argue.mjs";
import { cellsWanted, keyOfCell, serveCells } from "./cells.mjs";
import { element, items, make, menu, unbroken } from "./dom.mjs";
import { ASSUMED, fieldOf, range } from "./fields.mjs";
import { answersOf, columnsOf, otherHorizon, ownPositions, payoffsOf, seatsOf } from "./game.mjs";
import { handOn } from "./handon.mjs";
import { bars, fileOf, pngOf } from "./pictures.mjs";
import { unpacked } from "./scenario.mjs";
import { gameChanges, gameCommand, gameInPython, menusOf, seatedAt, seatsAddress } from "./seating.mjs";
import { resolved } from "./shelf.mjs";
import { turningLine } from "./turning.mjs";
import { workerOf } from "./worker.mjs";
import { say, sentence } from "./words.mjs";

const { pool, desks, version, say: said } = JSON.parse(element("desk").textContent, unpacked);
const desk = { ...resolved(pool, desks)[0], say: said };
// The words of a slider, but for what it is compared with.
const worded = { ...desk, say: { ...desk.say, desk: { ...desk.say.desk, own: desk.say.game.own } } };
const { agent, principals, players } = desk.game;
const known = new Map();
const evidence = new Map();
const undone = [];
let positions = null;
let pending = null;
let [asked, isAsked] = [0, false];

const solver = solverBeside();

/** The worker, or where the browser has none the same in the page between two moves. */
function solverBeside() {
  const hear = ({ data: { run, key, cell, imputed } }) => {
    if (key !== undefined) known.set(key, cell);
    else if (run === asked) evidence.set(JSON.stringify(positions.numbers), imputed);
    if (run === asked) redrawSoon(false);
  };
  let to = null;
  try {
    to = workerOf(element("program").textContent);
    to.onmessage = hear;
  } catch {
    const scope = { postMessage: (data) => hear({ data }) };
    serveCells(scope);
    to = { postMessage: (data) => scope.onmessage({ data }) };
  }
  to.postMessage({ desk });
  return to;
}

const incomeAt = (play, horizon) => known.get(keyOfCell(desk, positions, { play, horizon }))?.income ?? null;

/** Once per frame, however many moves came. */
function redrawSoon(isMoved) {
  isAsked ||= isMoved;
  pending ??= requestAnimationFrame(() => {
    pending = null;
    if (isAsked) ask();
    isAsked = false;
    showTable();
  });
}

/** Take a state: build the sliders where it has them, and ask for what is not solved yet. */
function take(next) {
  positions = next;
  buildControls();
  redrawSoon(true);
}

function ask() {
  const wanted = cellsWanted(desk, positions).filter(({ key }) => !known.has(key));
  asked += 1;
  if (wanted.length || !evidence.has(JSON.stringify(positions.numbers)))
    solver.postMessage({ run: asked, positions, wanted });
}

function movedTo(change, key) {
  if (undone.at(-1)?.key !== key) undone.push({ key, before: seatsAddress(desk, positions) });
  positions = { ...positions, numbers: { ...positions.numbers }, posted: { ...positions.posted } };
  change(positions);
  history.replaceState(null, "", `#${seatsAddress(desk, positions)}`);
  redrawSoon(true);
}

function legend(text) { return make("legend", { textContent: text }); }

function buildControls() {
  const { game: words } = desk.say;
  element("schedules").replaceChildren(...principals.map((code) => make("fieldset", {}, ...sizesOf(code))));
  element("weights").replaceChildren(legend(words.politics), ...desk.weights.map(weightField));
  element("assumptions").replaceChildren(legend(words.assumptions), ...assumptionFields(words));
}

/** The sizes of what a principal posts, of what it could do besides, and the menus of its schedule. */
function sizesOf(code) {
  const { inSentence: name, actions, schedule } = players[code];
  const posts = new Set(Object.values(schedule));
  const [own, others] = [true, false].map((isPosted) => actions
    .filter((action) => posts.has(action.name) === isPosted).flatMap((action) => actionFields(code, action)));
  const menus = menusOf(desk).filter((one) => one.code === code).map(({ key, stance, own: ownName }) => menu({
    id: key, value: positions.posted[key] ?? ownName,
    label: say(desk, "game.for_stance", { agent: players[agent].name, stance: stance.title }),
    options: actions.map((action) => [action.name, action.title]),
    change: (chosen) => movedTo((now) => { now.posted[key] = chosen; }, key),
  }));
  return [
    legend(say(desk, "game.sizes", { name })), ...own,
    folded(say(desk, "game.posts", { name }), menus),
    ...(others.length ? [folded(say(desk, "game.other_sizes", { name }), others)] : []),
  ];
}

function folded(title, parts) {
  return make("details", { className: "more" }, make("summary", { textContent: title }), ...parts);
}

function actionFields(code, action) {
  const of = desk.sliders.filter(({ path, field }) =>
    path.startsWith(`${code}.actions.${action.name}.`) && !ASSUMED.has(field));
  if (!of.length) return [];
  return [make("div", { className: "policy" }, make("p", { className: "action", textContent: action.title }), ...of.map(sizeField))];
}

function sizeField(slider) {
  const value = positions.numbers[slider.key] ?? slider.value;
  return fieldOf(worded, { ...slider, policy: slider.path.split(".").at(-1) }, value,
    (number) => movedTo((now) => { now.numbers[slider.key] = number; }, slider.key));
}

function weightField({ key, field, player, by, action, value, low, high }) {
  const plain = field === "bliss" || field === "curvature";
  const inWords = (number) => `${Number(number.toPrecision(3))}${plain ? "" : " %"}`.replace("-", "−");
  const doing = by && `${players[by].inSentence} ${players[by].actions.find(({ name }) => name === action).title}`;
  return range(worded, { key, low, high, inWords, own: value, value: positions.numbers[key] ?? value,
    label: say(desk, `game.weights.${field}`, { name: players[player].name, action: doing }),
    change: (number) => movedTo((now) => { now.numbers[key] = number; }, key) });
}

function assumptionFields(words) {
  const choose = (name, options, label) => menu({ id: name, label, options, value: positions[name],
    change: (chosen) => movedTo((now) => { now[name] = chosen; }, name) });
  const fields = [
    choose("state", desk.states.map(({ name, title }) => [name, title]), words.state),
    choose("horizon", Object.entries(desk.horizons).map(([name, one]) => [name, one.words]), words.horizon),
  ];
  if (desk.elasticity)
    fields.push(range(worded, { label: words.elasticity, key: "elasticity", low: 0.5, high: 2, own: 1, value: positions.elasticity,
      inWords: (number) => String(Number(number.toPrecision(3))),
      change: (number) => movedTo((now) => { now.elasticity = number; }, "elasticity") }));
  const assumed = desk.sliders.filter(({ field, path }) => ASSUMED.has(field) || !path.includes(".actions."));
  fields.push(...assumed.map((slider) => make("div", { className: "policy" },
    make("p", { className: "action", textContent: ownerOf(slider.path) }), sizeField(slider))));
  const held = [...new Set(desk.fixed.filter((path) => !path.includes(".threat.")).map((path) => `${ownerOf(path)} (${path.split(".").at(-1)})`))];
  if (held.length) fields.push(make("p", { className: "note", textContent: sentence(say(desk, "game.fixed", { policies: held.join("; ") }, held.length > 1)) }));
  return fields;
}

/** Whose a policy of the file is: the title of an action with its player, or of a state. */
function ownerOf(path) {
  const [first, second, third] = path.split(".");
  if (first === "states") return desk.states.find(({ name }) => name === second).title;
  const action = players[first].actions.find(({ name }) => name === third);
  return action ? `${players[first].name} ${action.title}` : players[first].name;
}

/** What is solved at these positions: what is not is dimmed, and changes as a whole once it is. */
function showTable() {
  const cells = cellsWanted(desk, positions);
  const solved = cells.map(({ key }) => known.get(key)).filter(Boolean);
  const failed = solved.filter(({ isSolved }) => !isSolved).length;
  const left = cells.filter(({ key }) => !known.has(key));
  const imputed = evidence.get(JSON.stringify(positions.numbers));
  const isWaiting = imputed === undefined || left.some(({ isLate }) => !isLate);
  document.body.classList.toggle("waiting", isWaiting);
  document.body.classList.toggle("unsolved", failed > 0);
  element("answers-box").classList.toggle("late", left.length > 0);
  element("turns-box").setAttribute("aria-busy", String(left.length > 0));
  element("status").textContent = sentence(howSolved(cells.length, left.length, failed, solved));
  element("commands").textContent = gameCommand(desk, positions);
  if (isWaiting) return;
  const payoffs = payoffsOf(desk, positions, (play) => incomeAt(play, positions.horizon));
  element("answer").replaceChildren(...items(summaryOf(desk, positions, incomeAt, imputed) ?? [noAnswer()]));
  showSeats(seatsOf(desk, positions, payoffs));
  showTurns();
  if (left.length) return;
  for (const code of principals) showAnswers(code, answersOf(desk, positions, payoffs, code));
  element("play").replaceChildren(...items(playInWords(desk, positions, payoffs) ?? [noAnswer()]));
}

const noAnswer = () => sentence(say(desk, "game.no_answer"));

function howSolved(count, left, failed, solved) {
  if (left > 0) return say(desk, "game.solving", { left, count });
  if (failed > 0) return say(desk, "game.unsolved", { count: failed, worlds: count }, failed > 1);
  const worst = Math.max(...solved.map(({ residual }) => residual));
  return say(desk, "game.solved", { count, residual: worst <= 1e-10 ? "less than 1e-10" : worst.toExponential(1) });
}

const shownNumber = (value) => boundedPercent(value);

const hasPolitics = (seats) => seats.some(({ cells }) => cells.some(({ political }) => political !== 0));

/** A table of texts or elements: of numbers, or of words. */
function tableWith(label, heads, rows, className = "") {
  const cell = (kind, scope) => (content) => {
    const made = make(kind, scope ? { scope } : {});
    made.append(content);
    return made;
  };
  const row = ([first, ...rest]) => make("tr", {}, cell("th", "row")(first), ...rest.map(cell("td")));
  // Where it is wider than the window, whoever has no mouse scrolls it too.
  return make("div", { className: "wide", tabIndex: 0, role: "region", ariaLabel: label }, make("table", { className },
    make("thead", {}, make("tr", {}, ...heads.map(cell("th", "col")))), make("tbody", {}, ...rows.map(row))));
}

function showSeats(seats) {
  const { inSentence: name } = players[agent];
  const withPolitics = hasPolitics(seats);
  const title = say(desk, withPolitics ? "game.seats_politics" : "game.seats", { agent: name });
  const heads = columnsOf(desk.game).map(({ name: of, who }) => (of === "schedules" ? desk.say.game.schedules
    : who.length ? say(desk, "game.alone", { name: players[of].inSentence }) : desk.say.game.nobody));
  const rows = seats.map(({ action, cells }) => [action.title, ...cells.map((one) => seatCell(one, withPolitics))]);
  const drawn = seats.filter(({ cells: [one] }) => Number.isFinite(one.total)).map(({ action, cells: [one] }) => ({
    name: action.title, value: one.total, text: shownNumber(one.total), strong: one.isBest }));
  const records = seats.flatMap(({ action, cells }) => cells.map((one, at) =>
    [action.title, heads[at], one.welfare, one.political, one.total, one.isBest]));
  pictureOf("seats", title, drawn.length ? bars(drawn, title, element("seats").clientWidth) : null,
    [tableWith(title, [desk.say.game.stance, ...heads], rows)], [sentence(desk.say.game.marked)],
    [["stance", "answered by", "real income", "besides trade", "both", "best"], ...records]);
}

function seatCell({ total, political, isBest }, withPolitics) {
  const made = make("span", { className: isBest ? "seat best" : "seat" }, shownNumber(total));
  if (isBest) made.append(make("span", { className: "point", textContent: " ●", ariaHidden: "true" }), make("span", { className: "unseen", textContent: ` ${desk.say.game.best}` }));
  if (withPolitics) made.append(make("small", { textContent: say(desk, "game.of_politics", { size: shownNumber(political) }) }));
  return made;
}

function showAnswers(code, rows) {
  const { inSentence } = players[code];
  const titleOfAction = (one) => players[code].actions.find((action) => action.name === one).title;
  const title = say(desk, "game.answers", { name: inSentence, agent: players[agent].inSentence });
  const { game: words } = desk.say;
  const cells = rows.map(({ action, posted, best, cost, isBelieved }) => [action.title, titleOfAction(posted),
    Number.isFinite(cost) ? (isBelieved ? words.anyway : best.map((one) => one.title).join("; ")) : "–",
    Number.isFinite(cost) ? (isBelieved ? "0" : shownNumber(cost)) : "–"]);
  pictureOf(`answers-${code}`, title, null, [tableWith(title, [words.stance, words.posted, words.would, words.cost], cells, "words")],
    [sentence(say(desk, "game.would_note", { name: inSentence }))], [[words.stance, words.posted, words.would, words.cost],
      ...rows.map(({ action, posted, best, cost }) => [action.title, titleOfAction(posted), best.map((one) => one.title).join("; "), cost])]);
}

function showTurns() {
  const { game: words } = desk.say;
  const [here, there] = [positions.horizon, otherHorizon(desk, positions)];
  const flips = flipsAt(desk, positions, incomeAt, here);
  const others = there ? flipsAt(desk, positions, incomeAt, there) : [];
  const drawn = turningLine(desk, flips, words.turns, element("turns").clientWidth);
  const runs = [here, there].filter(Boolean).map((one) => desk.horizons[one].words);
  const rows = flips.map(({ of, value }, at) =>
    [flipInWords(desk, of), shownNumber(value), ...(there ? [shownNumber(others[at].value)] : [])]);
  const name = players[agent].inSentence;
  const notes = [say(desk, "stance.flip", { agent: name }), say(desk, "game.line", { agent: name }), words.here].map(sentence);
  pictureOf("turns", words.turns, drawn, [tableWith(words.turns, [words.threshold, ...runs], rows)], notes,
    [["threshold", ...runs, "against the closest stance besides trade"], ...flips.map(({ of, value, against }, at) =>
      [flipInWords(desk, of), value, ...(there ? [others[at].value] : []), against])]);
}

/** A figure with what is drawn, what stands under it, and what hands it on. */
function pictureOf(id, title, drawn, parts, notes, rows) {
  const box = element(id);
  const setting = `${desk.setting}, ${desk.horizons[positions.horizon].words}; ${desk.states.find(({ name }) => name === positions.state).title}`;
  const kinds = {
    CSV: () => new Blob([rowsAsCsv(title, setting, rows)], { type: "text/csv" }),
    ...(drawn && { SVG: () => new Blob([fileOf(drawn, title, setting)], { type: "image/svg+xml" }), PNG: () => pngOf(fileOf(drawn, title, setting)) }),
  };
  const buttons = Object.entries(kinds).map(([kind, made]) => {
    const button = make("button", { type: "button", textContent: kind });
    button.addEventListener("click", async () => handOn(await made(), `${id}.${kind.toLowerCase()}`));
    return button;
  });
  const cited = make("details", { className: "handed-on", open: box.querySelector(".handed-on")?.open ?? false },
    make("summary", { textContent: desk.say.desk.handed_on }),
    make("p", { className: "note", textContent: say(desk, "game.cite", { version, title: desk.title, name: desk.name,
      setting: desk.setting, hash: desk.hash, horizon: desk.horizons[positions.horizon].words, command: gameCommand(desk, positions) }) }),
    make("pre", {}, make("code", { textContent: gameInPython(desk, positions, id) })));
  box.replaceChildren(make("figcaption", { textContent: title }), ...(drawn ? [drawn] : []), ...parts,
    ...[...notes, setting].map((text) => make("p", { className: "note", textContent: unbroken(text) })),
    make("p", { className: "save" }, ...buttons), cited);
}

/** Rows as comma-separated values, with what they are in the first lines. */
function rowsAsCsv(title, setting, rows) {
  const quoted = (value) => (typeof value === "number" ? value : `"${String(value).replaceAll('"', '""')}"`);
  return [`# ${title}`, `# ${setting}`, ...rows.map((row) => row.map(quoted).join(",")), ""].join("\n");
}

for (const code of principals) element("answers").append(make("figure", { id: `answers-${code}` }));
element("undo").addEventListener("click", () => {
  const last = undone.pop();
  if (!last) return;
  history.replaceState(null, "", `#${last.before}`);
  take(seatedAt(desk, last.before));
});
element("reset").addEventListener("click", () => {
  if (!gameChanges(desk, positions).length) return;
  undone.push({ key: "reset", before: seatsAddress(desk, positions) });
  history.replaceState(null, "", "#");
  take(ownPositions(desk));
});
element("link").addEventListener("click", () => navigator.clipboard?.writeText(location.href));
window.addEventListener("hashchange", () => take(seatedAt(desk, location.hash.slice(1))));
let breadth = window.innerWidth;
window.addEventListener("resize", () => {
  if (window.innerWidth === breadth) return;
  breadth = window.innerWidth;
  redrawSoon(false);
});
take(seatedAt(desk, location.hash.slice(1)));
