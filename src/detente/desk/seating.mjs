// Where a game's page stands: the address, and the changes that say the same on the command line.

import { ownPositions } from "./game.mjs";
import { elasticityAt } from "./scenario.mjs";

const FACTOR_ENDS = [0.5, 2];

/** Every number that the page moves: sizes of policies, and political weights. */
export const movable = (desk) => [...desk.sliders, ...desk.weights];

/** The menus of the schedules: a key of the file, who posts, for which stance, and what. */
export function menusOf({ game }) {
  const { agent, principals, players } = game;
  return principals.flatMap((code) => players[agent].actions.map((stance) => ({
    key: `${code}.schedule.${stance.name}`, code, stance,
    own: players[code].schedule[stance.name] ?? players[code].actions[0].name,
  })));
}

/** The positions of an address; what is no position of this page is left out. */
export function seatedAt(desk, address) {
  const given = new URLSearchParams(address);
  const positions = ownPositions(desk);
  for (const { key, low, high } of movable(desk)) {
    const number = Number.parseFloat(given.get(key));
    if (number >= low && number <= high) positions.numbers[key] = number;
  }
  for (const { key, code } of menusOf(desk)) {
    const name = given.get(key);
    if (desk.game.players[code].actions.some((one) => one.name === name)) positions.posted[key] = name;
  }
  const [state, horizon] = [given.get("state"), given.get("horizon")];
  if (desk.states.some(({ name }) => name === state)) positions.state = state;
  if (horizon !== null && Object.hasOwn(desk.horizons, horizon)) positions.horizon = horizon;
  const factor = Number.parseFloat(given.get("elasticity"));
  if (desk.elasticity && factor >= FACTOR_ENDS[0] && factor <= FACTOR_ENDS[1]) positions.elasticity = factor;
  return positions;
}

/** What is not as in the game, by its path in the file. */
function movedFrom(desk, { numbers, posted }) {
  const all = [
    ...movable(desk).map(({ key, value }) => [key, numbers[key] ?? value, value]),
    ...menusOf(desk).map(({ key, own }) => [key, posted[key] ?? own, own]),
  ];
  return all.filter(([, now, own]) => now !== own);
}

export function seatsAddress(desk, positions) {
  const moved = new URLSearchParams();
  if (positions.state !== desk.state) moved.set("state", positions.state);
  if (positions.horizon !== desk.horizon) moved.set("horizon", positions.horizon);
  if (positions.elasticity !== 1) moved.set("elasticity", String(positions.elasticity));
  for (const [key, now] of movedFrom(desk, positions)) moved.set(key, String(now));
  return moved.toString();
}

/** How positions differ from the game, as `--set` takes it. */
export function gameChanges(desk, positions) {
  const sets = [];
  if (positions.state !== desk.state) sets.push(`state=${positions.state}`);
  if (positions.horizon !== desk.horizon) sets.push(`horizon=${positions.horizon}`);
  const by = elasticityAt(desk, positions);
  if (by !== 1) {
    const whole = by * desk.horizons[positions.horizon].ratio;
    sets.push(`adjustment.relative_elasticity=${Number(whole.toPrecision(12))}`);
  }
  return [...sets, ...movedFrom(desk, positions).map(([key, now]) => `${key}=${now}`)];
}

/** Words of a command line that gives the same answer. */
export function gameCommand(desk, positions) {
  const quoted = (word) => (/^[\w./=,:+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`);
  return [desk.command, ...gameChanges(desk, positions).map((one) => `--set ${quoted(one)}`)].join(" ");
}

/** Lines of Python that give the numbers of a picture: the payoffs, or the thresholds. */
export function gameInPython(desk, positions, picture) {
  const changes = [...desk.settings, ...gameChanges(desk, positions)].map((one) => JSON.stringify(one));
  const asked = [JSON.stringify(desk.reference), ...(changes.length ? [`[${changes.join(", ")}]`] : [])];
  const printed = picture === "turns"
    ? ["argument = detente.geo.stance.stance(game, draws=0)", `print(argument.numbers.query("kind == 'flip'"))`]
    : ["world = detente.load_baseline(game.baseline)", "print(detente.geo.tabulate(game, world).frame())"];
  return ["import detente", "", `game = detente.geo.stance.load_game(${asked.join(", ")})`, ...printed].join("\n");
}
