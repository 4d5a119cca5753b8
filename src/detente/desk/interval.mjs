// The interval as it fills: a tick for each simulation, of everything together and of each
// assumption alone, and the words of a run once all are there.

import { make } from "./dom.mjs";
import { isDrawn } from "./draws.mjs";
import { possessive, signedPercent } from "./numbers.mjs";
import { LETTER, NARROW, node, shortened, WIDE } from "./pictures.mjs";
import { leadingCountry, quantile, rangesOf } from "./sure.mjs";
import { workerOf } from "./worker.mjs";
import { say, sentence } from "./words.mjs";

// How long a slider rests before its draws begin.
const REST = 250;
const NAMES = 0.36;
const ENDS = 122;
const LINE = 26;
// Below this width names stand above their strips.
const WIDE_ENOUGH = 480;

/** Who keeps an interval in a figure: `follow` a position, and hear its ranges when they are there. */
export function intervalIn(box, program) {
  let [worker, sent, run, waiting] = [null, null, 0, null];
  let hear = () => {};
  // All draws of a position, so that a page that is only drawn again has them at once.
  let whole = null;
  const ask = (desk, positions) => {
    worker ??= workerOf(program);
    worker.onmessage = ({ data }) => { if (data.run === run) hear(data); };
    if (sent !== desk) worker.postMessage({ desk });
    sent = desk;
    worker.postMessage({ run, positions });
  };
  return function follow(desk, positions, outcome, done) {
    run += 1;
    clearTimeout(waiting);
    const isAsked = outcome.status === "solved" && isDrawn(desk, positions);
    box.hidden = !isAsked && !(outcome.status === "solved" && desk.draws?.why);
    if (!isAsked) {
      const why = desk.draws?.why;
      box.replaceChildren(...(why ? [note(say(desk, why))] : []));
      return;
    }
    const at = JSON.stringify(positions);
    const tell = (played, part) => {
      const ranges = rangesOf(desk, positions, played);
      fill(box, desk, outcome, played, ranges, part);
      if (part === 1 && ranges.solved > 0) done(ranges);
    };
    if (whole?.desk === desk && whole.at === at) {
      tell(whole.played, 1);
      return;
    }
    const played = [];
    hear = ({ played: more, done: solved, count }) => {
      played.push(...more);
      if (solved === count) whole = { desk, at, played };
      tell(played, solved / count);
    };
    tell(played, 0);
    waiting = setTimeout(() => {
      try {
        ask(desk, positions);
      } catch {
        box.replaceChildren(note(say(desk, "desk.no_worker")));
      }
    }, REST);
  };
}

function fill(box, desk, outcome, played, ranges, part) {
  const n = leadingCountry(outcome, desk);
  const owner = possessive(desk.countries[n].inSentence);
  const title = sentence(say(desk, "desk.interval", { owner })).replace(/\.$/, "");
  const rows = stripsOf(desk, n, played, ranges);
  const level = String(Number((100 * ranges.level).toPrecision(6)));
  const failed = played.filter(({ values }) => !values).length;
  const left = desk.draws.leftOut;
  box.replaceChildren(
    make("figcaption", { textContent: title }), strips(rows, outcome.welfare[n], title, box.clientWidth), progress(desk, played, part),
    note(say(desk, "desk.ticks", { level })),
    ...(part === 1 ? [tableOf(rows, desk)] : []),
    ...(failed ? [note(say(desk, "desk.failed", { count: failed }, failed > 1))] : []),
    ...(left.length ? [note(say(desk, "desk.left_out", { assumptions: left.join(", ") }))] : []));
}

/** Where the numbers of one country are: of everything together, and of what moves it most. */
function stripsOf(desk, n, played, ranges) {
  const alone = ranges.drivers(n).slice(0, desk.draws.drivers).filter(({ low }) => Number.isFinite(low));
  const of = new Map(Object.entries(desk.draws.names).map(([name, words]) => [words, name]));
  const numbers = (name) =>
    played.filter((one) => one.of === name && one.values).map(({ values }) => values[n]);
  const [low, high] = ranges.ends("welfare", n);
  return [
    { name: desk.say.desk.together, low, high, values: ranges.each("welfare", n), strong: true },
    ...alone.map((row) => ({ ...row, values: numbers(of.get(row.name)) })),
  ];
}

/** The ends and the middle of every strip, and how many simulations it has. */
function tableOf(rows, desk) {
  const row = (kind, texts) => make("tr", {}, ...texts.map((text) => make(text === "" ? "td" : kind, { textContent: text })));
  const heads = [desk.say.desk.low, desk.say.desk.median, desk.say.desk.high, desk.say.desk.simulations];
  const table = make("table", {}, row("th", ["", ...heads]), ...rows.map(({ name, values, ...ends }) =>
    row("td", [name, ...[ends.low, quantile(values, 0.5), ends.high].map((end) => signedPercent(end)), values.length])));
  return make("details", {}, make("summary", { textContent: desk.say.desk.table }), table);
}

function progress(desk, played, part) {
  const bar = make("progress", { max: 1, value: part });
  const text = say(desk, part > 0 ? "desk.running" : "desk.waits", { done: played.length, count: Math.round(played.length / part) });
  bar.setAttribute("aria-label", text);
  return make("p", { className: "progress", hidden: part === 1 }, bar, ` ${text}`);
}

const note = (text) => make("p", { className: "note", textContent: sentence(text) });

/** Rows of `{name, low, high, values}` as strips on one scale, with the answer's own figure. */
function strips(rows, own, title, room) {
  const width = Math.min(Math.max(room || WIDE, NARROW), WIDE);
  const above = width < WIDE_ENOUGH ? 16 : 0;
  const [from, to] = [above ? 2 : width * NAMES, width - ENDS];
  const numbers = [0, own, ...rows.flatMap(({ values }) => [...values])];
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const x = (value) => from + ((to - from) * (value - least)) / (most - least || 1);
  const height = rows.length * (LINE + above) + 4;
  const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", class: "bars strips" });
  svg.append(node("title", {}, title));
  const line = (at, y, reach, kind) =>
    node("line", { x1: x(at), x2: x(at), y1: y - reach, y2: y + reach, class: kind });
  rows.forEach(({ name, low, high, values, strong }, at) => {
    const y = at * (LINE + above) + above + LINE / 2 + 2;
    const label = above ? name : shortened(name, Math.floor((from - 10) / LETTER));
    const place = above ? { x: 0, y: y - LINE / 2 - 2 } : { x: from - 8, y: y + 4, "text-anchor": "end" };
    svg.append(node("text", { ...place, class: strong ? "strong" : "" }, label));
    if (Number.isFinite(low))
      svg.append(
        node("rect", { x: x(low), y: y - 6, width: Math.max(x(high) - x(low), 0.5), height: 12, class: "range" }),
        ...values.map((value) => line(value, y, 4, "draw")),
        line(quantile(values, 0.5), y, 8, "middle"),
        node("text", { x: width, y: y + 4, "text-anchor": "end", class: "number" }, `${signedPercent(low)} to ${signedPercent(high)}`));
    // As high as the strip, so that they cross no name above the next.
    svg.append(line(0, y, LINE / 2, "zero"), line(own, y, LINE / 2, "own"));
  });
  return svg;
}
