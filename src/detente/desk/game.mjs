// A stance game at the positions of its sliders: payoffs, best answers, equilibria and thresholds, as
// `geo/stance` has them, from the changes of real income that its plays have. All in percent of each
// country's own income.

/** Differences below it are the solver's rounding, and no reason to prefer anything. */
export const TIE = 1e-6;
const AGENT_ALONE = "reward alone";

/** Where everything of the page begins: as the file of the game has it. */
export const ownPositions = (desk) =>
  ({ numbers: {}, posted: {}, state: desk.state, horizon: desk.horizon, elasticity: 1 });

/** A number of the file, where the sliders have it. */
export const weightAt = (positions, key, own) => positions.numbers[key] ?? own;

export const otherHorizon = (desk, { horizon }) =>
  Object.keys(desk.horizons).find((name) => name !== horizon) ?? null;

export const actionOf = (game, code, name) => game.players[code].actions.find((one) => one.name === name);

/** What a principal answers to a stance; its first action where its schedule is silent. */
export function postedAt(desk, positions, code, stance) {
  const { schedule, actions } = desk.game.players[code];
  return positions.posted[`${code}.schedule.${stance}`] ?? schedule[stance] ?? actions[0].name;
}

/** What it posts for the stance it likes best: the first principal the closest. */
export const rewardOf = (desk, positions, code) => postedAt(desk, positions, code,
  code === desk.game.principals[0] ? desk.game.closest : desk.game.furthest);

/** Every combination of actions, by place; the last player's moves fastest. */
export const profilesOf = ({ active, players }) => active.reduce((made, code) =>
  made.flatMap((begun) => players[code].actions.map((_, at) => [...begun, at])), [[]]);

/** The place of a profile; a player that is not named takes its first action. */
export function placeOf({ active, players }, chosen) {
  return active.reduce((place, code) => {
    const { actions } = players[code];
    const at = chosen[code] === undefined ? 0 : actions.findIndex(({ name }) => name === chosen[code]);
    return place * actions.length + at;
  }, 0);
}

/** The schedules of some principals at a stance of the agent, as a profile. */
export const profileAt = (desk, positions, stance, who) => ({
  [desk.game.agent]: stance,
  ...Object.fromEntries(who.map((code) => [code, postedAt(desk, positions, code, stance)])),
});

/** The play that a profile is, in a state. */
export const playAt = (desk, state, chosen) => desk.rows[state][placeOf(desk.game, chosen)];

/**
 * The political term of each active player where the actions are those of a profile, and `welfare`
 * what the active players have there; `political_terms` in Python.
 */
export function politicalTerms(desk, positions, profile, welfare) {
  const { active, agent, players } = desk.game;
  const chosen = Object.entries(players).map(([code, player]) => {
    const at = active.indexOf(code);
    return [code, player.actions[at < 0 ? 0 : profile[at]]];
  });
  const { stance } = new Map(chosen).get(agent);
  return active.map((code, column) => {
    const { politics } = players[code];
    const weight = (name) => weightAt(positions, `${code}.politics.${name}`, politics[name]);
    const besides = chosen.reduce((sum, [by, action]) => sum + (code in action.political
      ? weightAt(positions, `${by}.actions.${action.name}.political.${code}`, action.political[code]) : 0), 0);
    const { resolve } = new Map(chosen).get(code);
    const rivals = politics.rivals.map((rival) => active.indexOf(rival)).filter((at) => at >= 0);
    const lead = weight("relative_gains") && rivals.length
      ? welfare[column] - rivals.reduce((sum, at) => sum + welfare[at], 0) / rivals.length : 0;
    return weight("stance_value") * stance - (weight("curvature") / 2) * (stance - weight("bliss")) ** 2
      + besides + weight("reputation") * resolve * (1 - stance) + (lead && weight("relative_gains") * lead);
  });
}

/** Welfare, politics and both, by profile and active player; `income(play)` is by country. */
export function payoffsOf(desk, positions, income) {
  const { active, players } = desk.game;
  const rows = desk.rows[positions.state];
  return profilesOf(desk.game).map((profile, place) => {
    const moved = income(rows[place]);
    const welfare = active.map((code) => (moved ? moved[players[code].at] : Number.NaN));
    const political = politicalTerms(desk, positions, profile, welfare);
    return { profile, welfare, political, total: welfare.map((value, at) => value + political[at]) };
  });
}

/** The profiles in which only one player's action differs, itself among them. */
function alternatives({ active, players }, place, column) {
  const sizes = active.map((code) => players[code].actions.length);
  const stride = sizes.slice(column + 1).reduce((product, size) => product * size, 1);
  const first = place - (Math.floor(place / stride) % sizes[column]) * stride;
  return players[active[column]].actions.map((_, at) => first + at * stride);
}

/** The best that a player can do, the others' actions in a profile being given: its actions. */
export function bestAnswers(desk, payoffs, place, code) {
  const column = desk.game.active.indexOf(code);
  const values = alternatives(desk.game, place, column).map((one) => payoffs[one].total[column]);
  const best = Math.max(...values);
  const { actions } = desk.game.players[code];
  return { best, actions: actions.filter((_, at) => values[at] >= best - TIE), values };
}

/** The places of every equilibrium in pure strategies; of what was not solved, none. */
export function pureNash(desk, payoffs) {
  return payoffs.map((_, place) => place).filter((place) => desk.game.active.every((code, column) => {
    const { best } = bestAnswers(desk, payoffs, place, code);
    return payoffs[place].total[column] >= best - TIE;
  }));
}

/** Equilibria that differ in what the others do; the agent's actions in each together. */
export function equilibriaOf(desk, payoffs) {
  const { active, agent, players } = desk.game;
  const made = new Map();
  for (const place of pureNash(desk, payoffs)) {
    const named = active.map((code, at) => [code, players[code].actions[payoffs[place].profile[at]].name]);
    const others = named.filter(([code]) => code !== agent);
    const key = others.map(([, name]) => name).join(" ");
    if (!made.has(key)) made.set(key, { acts: Object.fromEntries(others), stances: [] });
    made.get(key).stances.push(new Map(named).get(agent));
  }
  const all = players[agent].actions.length;
  return [...made.values()].map((one) => ({ ...one, indifferent: one.stances.length === all }));
}

/** By what answers them, the profiles of the agent's furthest and closest stance, and who answers. */
function ends(desk, positions) {
  const { principals, furthest, closest } = desk.game;
  const [first] = principals;
  const of = (name, who) => [name, profileAt(desk, positions, furthest, who), profileAt(desk, positions, closest, who)];
  return [
    of("schedules", principals), of("first alone", [first]),
    [AGENT_ALONE, {}, { [first]: rewardOf(desk, positions, first) }],
  ];
}

/** What has to be solved for the thresholds, at one horizon. */
export function playsOfFlips(desk, positions) {
  const { state } = positions;
  const between = ends(desk, positions).flatMap(([, ...both]) => both.map((one) => playAt(desk, state, one)));
  return [...between, ...Object.values(desk.threats[state])];
}

/**
 * B* of the agent between its ends, by what answers them, and what stands against the closest there
 * besides trade; `income(play)` is by country or null.
 */
export function flipsOf(desk, positions, income) {
  const { agent, principals, players } = desk.game;
  const { state } = positions;
  const own = (play) => income(play)?.[players[agent].at] ?? Number.NaN;
  const flips = ends(desk, positions).map(([of, furthest, closest]) => ({
    of, value: own(playAt(desk, state, closest)) - own(playAt(desk, state, furthest)),
    against: costAgainst(desk, positions, income, furthest, closest, of),
  }));
  const threats = desk.threats[state];
  const [first, ...others] = principals;
  return [...flips, ...others.filter((code) => first in threats && code in threats).map((code) => ({
    of: `threats ${code}`, value: own(threats[code]) - own(threats[first]), against: Number.NaN,
  }))];
}

/** What the agent's closest stance costs it besides trade, over its furthest. */
function costAgainst(desk, positions, income, furthest, closest, of) {
  const { active, agent, players } = desk.game;
  const column = active.indexOf(agent);
  const end = (chosen, stance) => {
    const whole = of === AGENT_ALONE ? { ...chosen, [agent]: stance } : chosen;
    const profile = profilesOf(desk.game)[placeOf(desk.game, whole)];
    const moved = income(playAt(desk, positions.state, whole));
    const welfare = active.map((code) => (moved ? moved[players[code].at] : Number.NaN));
    return politicalTerms(desk, positions, profile, welfare)[column];
  };
  return end(furthest, desk.game.furthest) - end(closest, desk.game.closest);
}

/** Who answers the stance, in each column of the agent's table. */
export const columnsOf = ({ principals }) => [
  { name: "schedules", who: principals }, ...principals.map((code) => ({ name: code, who: [code] })),
  { name: "nobody", who: [] },
];

/**
 * The agent's table: a row for each of its stances, with a cell for whoever answers it, the best of
 * each column marked.
 */
export function seatsOf(desk, positions, payoffs) {
  const { active, agent, players } = desk.game;
  const column = active.indexOf(agent);
  const columns = columnsOf(desk.game);
  const cell = (stance, who) => payoffs[placeOf(desk.game, profileAt(desk, positions, stance, who))];
  const best = columns.map(({ who }) =>
    Math.max(...players[agent].actions.map(({ name }) => cell(name, who).total[column])));
  return players[agent].actions.map((action) => ({
    action,
    cells: columns.map(({ name, who }, at) => {
      const { welfare, political, total } = cell(action.name, who);
      return { name, welfare: welfare[column], political: political[column], total: total[column],
        isBest: total[column] >= best[at] - TIE };
    }),
  }));
}

/** For each stance of the agent, what a principal posts and what it would do. */
export const answersOf = (desk, positions, payoffs, code) => desk.game.players[desk.game.agent].actions
  .map((action) => ({ action, ...answerAt(desk, positions, payoffs, action.name, code) }));

/** What a principal posts for a stance, what it would do, and what posting costs it then. */
function answerAt(desk, positions, payoffs, stance, code) {
  const place = placeOf(desk.game, profileAt(desk, positions, stance, desk.game.principals));
  const { best, actions } = bestAnswers(desk, payoffs, place, code);
  const posted = postedAt(desk, positions, code, stance);
  const own = payoffs[place].total[desk.game.active.indexOf(code)];
  return { code, posted, best: actions, cost: best - own, isBelieved: own >= best - TIE };
}
