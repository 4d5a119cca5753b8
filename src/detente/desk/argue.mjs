// The argument of a game in the words and digits of `detente stance --draws 0`: the twin of
// `report/stance_summary.py` and of `report/stance.py`.

import { equilibriaOf, flipsOf, otherHorizon, playAt, rewardOf, weightAt } from "./game.mjs";
import { digitsBorne, finePercent, fixed, listing, MINUS, money, percent, possessive, sentence, SMALLEST, UNCHANGED } from "./numbers.mjs";
import { say } from "./words.mjs";

const SAID_WEIGHTS = ["stance_value", "curvature", "relative_gains", "reputation"];

/** A percentage with its sign and as many decimals as its size deserves; `signed_percent` in Python. */
export function boundedPercent(value) {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size < UNCHANGED) return "0";
  const decimals = size >= 10 ? 1 : size >= 0.1 ? 2 : 3;
  if (size < 10 ** -decimals / 2) return value > 0 ? `<${SMALLEST}` : `>${MINUS}${SMALLEST}`;
  return (value > 0 ? "+" : MINUS) + fixed(size, decimals);
}

const titleOf = (desk, code, name) =>
  desk.game.players[code].actions.find((one) => one.name === name).title;

/** Who does what, inside a sentence. */
export const doingOf = (desk, code, name) =>
  `${desk.game.players[code].inSentence} ${titleOf(desk, code, name)}`;

/** The answer in a few sentences; null while a number of it is missing. `income(play, horizon)`. */
export function summaryOf(desk, positions, income, imputed) {
  const { agent, players, principals: [first] } = desk.game;
  const { state, horizon } = positions;
  const at = (chosen, code, where = state) =>
    income(playAt(desk, where, chosen), horizon)?.[players[code].at] ?? Number.NaN;
  const reward = rewardOf(desk, positions, first);
  const worth = (code, where) => at({ [first]: reward }, code, where) - at({}, code, where);
  const lines = [
    say(desk, "stance.lead", {
      run: desk.horizons[horizon].words, action: doingOf(desk, first, reward),
      worth: [agent, first].map((code, place) => changes(desk, code, worth(code), imputed, place > 0)).join("; "),
    }),
    paysOrCosts(desk, first, worth(first)),
    ...flipInShort(desk, positions, income),
    disputeInShort(desk, positions, worth),
  ];
  const isWhole = Number.isFinite(worth(agent) + worth(first)) && !lines.includes(null);
  return isWhole ? [...lines.map(sentence), ...besideIncome(desk, positions)] : null;
}

function changes(desk, code, gain, imputed, isNext) {
  const { inSentence: country, plural, income } = desk.game.players[code];
  if (Math.abs(gain) < UNCHANGED) return say(desk, "lead.unmoved", { country }, plural);
  const digits = digitsBorne(imputed);
  const key = `lead.${gain > 0 ? "gains" : "loses"}${isNext ? "_next" : ""}`;
  const worth = money(Math.expm1(gain / 100) * income, digits);
  return say(desk, key, { country, percent: finePercent(gain, digits), worth, year: desk.year }, plural);
}

function paysOrCosts(desk, code, gain) {
  const name = desk.game.players[code].inSentence;
  if (gain >= 0) return say(desk, "stance.reward_pays", { name });
  return say(desk, "stance.reward_costs", { name, owner: possessive(name), cost: percent(gain) });
}

function flipInShort(desk, positions, income) {
  const agent = desk.game.players[desk.game.agent].inSentence;
  const { value } = flipsAt(desk, positions, income, positions.horizon)[0];
  const said = [say(desk, `stance.closest_${value > 0 ? "brings" : "costs"}`, { agent, size: percent(value), range: "" })];
  const there = otherHorizon(desk, positions);
  if (!there) return Number.isFinite(value) ? said : [null];
  const { value: other } = flipsAt(desk, positions, income, there)[0];
  if (!Number.isFinite(value + other)) return [null];
  const key = value > 0 === other > 0 ? "same" : "other_way";
  const verb = say(desk, `stance.${other > 0 ? "brings" : "costs"}`);
  return [...said, say(desk, `stance.${key}`, { run: desk.horizons[there].words, verb, agent, size: percent(other) })];
}

/** The thresholds at one horizon. */
export const flipsAt = (desk, positions, income, horizon) =>
  flipsOf(desk, positions, (play) => income(play, horizon));

function disputeInShort(desk, positions, worth) {
  const other = desk.states.find(({ name }) => name !== positions.state);
  if (!other) return say(desk, "stance.no_dispute");
  const { agent, players } = desk.game;
  const [calm, row] = [worth(agent), worth(agent, other.name)];
  if (!Number.isFinite(calm + row)) return null;
  return say(desk, `stance.dispute_${Math.abs(row - calm) < SMALLEST ? "small" : "moves"}`, {
    state: other.title, agent: players[agent].inSentence, row: boundedPercent(row), calm: boundedPercent(calm),
    smallest: SMALLEST,
  });
}

/** The political weights that stand at anything but zero. */
function besideIncome(desk, positions) {
  const { players } = desk.game;
  const weights = Object.entries(players).flatMap(([code, { inSentence, politics }]) => SAID_WEIGHTS
    .map((name) => [name, weightAt(positions, `${code}.politics.${name}`, politics[name])])
    .filter(([, value]) => value)
    .map(([name, value]) => `${possessive(inSentence)} ${name.replaceAll("_", " ")} ${general(value)}`));
  const actions = Object.entries(players).flatMap(([code, player]) => player.actions.flatMap((action) =>
    Object.entries(action.political)
      .map(([receiver, own]) => [receiver, weightAt(positions, `${code}.actions.${action.name}.political.${receiver}`, own)])
      .filter(([, value]) => value)
      .map(([receiver, value]) => `${doingOf(desk, code, action.name)}, to ${players[receiver].inSentence} ${general(value)}`)));
  const all = [...weights, ...actions].join("; ");
  return all ? [sentence(say(desk, "stance.politics", { weights: all }))] : [];
}

/** A number as Python's `g` has it. */
export function general(value) {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e6) return String(Number(value.toPrecision(6)));
  return Number(value.toPrecision(6)).toExponential().replace(/e([+-])(\d)$/, "e$10$2");
}

/** What play gives in the state that holds; null while a payoff is missing. */
export function playInWords(desk, positions, payoffs) {
  if (payoffs.some(({ total }) => total.some(Number.isNaN))) return null;
  const { agent, principals, players } = desk.game;
  const owner = players[agent].inSentence;
  const equilibria = equilibriaOf(desk, payoffs);
  if (!equilibria.length) return [sentence(say(desk, "stance.no_equilibrium"))];
  const state = desk.states.find(({ name }) => name === positions.state).title;
  const said = equilibria.map(({ acts, stances, indifferent }) => {
    const titles = stances.map((one) => titleOf(desk, agent, one));
    const stance = indifferent ? say(desk, "stance.whatever", { owner: possessive(owner) })
      : say(desk, "stance.takes", { does: `${owner} ${titles.join(" or ")}` });
    return say(desk, "stance.equilibrium", { state, acts: listing(principals.map((code) => doingOf(desk, code, acts[code]))), stance });
  });
  if (equilibria.every(({ indifferent }) => indifferent)) said.push(say(desk, "stance.free_stance", { agent: owner }));
  return said.map(sentence);
}

/** What a threshold is of, in words. */
export function flipInWords(desk, of) {
  const [first] = desk.game.principals.map((code) => desk.game.players[code].inSentence);
  if (of.startsWith("threats ")) {
    const other = desk.game.players[of.slice("threats ".length)].inSentence;
    return say(desk, "game.flip_threats", { first, other });
  }
  const key = { schedules: "flip_schedules", "first alone": "flip_first", "reward alone": "flip_reward" }[of];
  return say(desk, `game.${key}`, { first });
}
