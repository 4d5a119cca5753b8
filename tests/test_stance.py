"""The stance game on the engine: payoffs, politics apart, thresholds, and the tariff that aligns."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

import detente
from detente._core import ScenarioError
from detente.equilibrium import solve
from detente.geo.stance import (
    Alignment,
    alignment_tariff,
    auction_threshold,
    expected_path,
    flip_threshold,
    Game,
    load_game,
    menu_auction,
    Payoffs,
    resting_points,
    Rule,
    stance,
    stance_path,
    strategic_response,
    tabulate,
)
from detente.geo.stance.argument import Argument
from detente.geo.stance.payoffs import board, policies_of, profiles, scenario_of
from detente.report import (
    document,
    html,
    page_of,
    stance_chart,
    stance_sections,
    stance_table,
    stance_tables,
)
from detente.report.section import Table
from detente.report.stance_summary import _beside_income
from detente.scenario import parse_scenario, with_potential, without_policies
from detente.simulation import prepare
from detente.world import Baseline, Economy


SMALL = """
title = "Two bidders and one between them"

[players.CHN]
role = "principal"

[players.CHN.schedule]
far = "ration"
near = "open"

[players.CHN.actions.nothing]
title = "does nothing"

[players.CHN.actions.open]
title = "opens"

[players.CHN.actions.open.policies.cost]
kind = "trade_cost"
importers = ["CHN"]
exporters = ["KOR"]
sectors = ["services"]
change = -0.1

[players.CHN.actions.ration]
title = "rations"
resolve = 1.0

[players.CHN.actions.ration.policies.limit]
kind = "rationing"
importers = ["CHN"]
exporters = ["KOR"]
sectors = ["TEX", "FOD"]
markup = 0.2
rent = "nobody"

[players.USA]
role = "principal"

[players.USA.schedule]
near = "tariff"

[players.USA.actions.nothing]
title = "does nothing"

[players.USA.actions.tariff]
title = "levies a tariff"

[players.USA.actions.tariff.policies.tariff]
kind = "tariff"
importers = ["USA"]
exporters = ["KOR"]
rate = 0.1

[players.KOR]
role = "agent"

[players.KOR.actions.far]
title = "stays away"
stance = 0.0

[players.KOR.actions.near]
title = "comes near"
stance = 1.0
"""


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("games") / "small.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def world() -> Baseline:
    return detente.load_baseline("compact-2022")


@pytest.fixture(scope="module")
def table(file: Path, world: Baseline) -> Payoffs:
    return tabulate(load_game(file), world)


@pytest.fixture(scope="module")
def argument(file: Path, world: Baseline) -> Iterator[Argument]:
    yield stance(load_game(file), world, draws=3)


def test_every_payoff_is_what_one_run_gives(file: Path, world: Baseline, table: Payoffs) -> None:
    game = load_game(file)
    for profile in (("open", "tariff", "near"), ("ration", "nothing", "far")):
        one = scenario_of(game, policies_of(game, profile, game.current_state))
        outcome = detente.simulate(world, one)
        at = table.place(dict(zip(table.players, profile, strict=True)))
        for column, code in enumerate(table.players):
            expected = 100 * np.log1p(float(outcome.welfare.sel(country=code)) / 100)
            assert table.welfare[at][column] == pytest.approx(expected, abs=1e-8)


def test_doing_nothing_pays_nothing_and_words_move_no_trade(table: Payoffs) -> None:
    np.testing.assert_allclose(table.welfare[0, 0, 0], 0.0, atol=1e-8)
    stances = table.players.index("KOR")
    np.testing.assert_array_equal(table.welfare.take(0, stances), table.welfare.take(1, stances))
    assert (table.political == 0).all()
    assert np.abs(table.welfare).max() > 0.1


def test_the_same_scenario_is_solved_once(file: Path) -> None:
    game = load_game(file)
    needed = board(game)
    assert len(profiles(game)) == 12 and len(needed.scenarios) == 6


def test_politics_are_additive_and_leave_welfare_alone(file: Path, world: Baseline) -> None:
    plain = tabulate(load_game(file), world)
    sets = {
        "value": ["CHN.politics.stance_value=0.2"],
        "curve": ["KOR.politics.curvature=0.6", "KOR.politics.bliss=0.25"],
        "word": ["USA.actions.tariff.political.KOR=-0.3"],
        "repute": ["CHN.politics.reputation=0.05"],
        "rivals": ["USA.politics.relative_gains=0.5", "USA.politics.rivals=['CHN']"],
    }
    parts = {name: tabulate(load_game(file, given), world) for name, given in sets.items()}
    whole = tabulate(load_game(file, [one for given in sets.values() for one in given]), world)
    for part in parts.values():
        np.testing.assert_array_equal(part.welfare, plain.welfare)
    added = sum(part.political for part in parts.values())
    np.testing.assert_allclose(whole.political, added, atol=1e-15)
    chn, usa, kor = (plain.players.index(code) for code in ("CHN", "USA", "KOR"))
    assert (parts["value"].political[..., 1, chn] == 0.2).all()
    np.testing.assert_allclose(parts["curve"].political[..., 1, kor], -0.3 * 0.75**2)
    assert (parts["word"].political[:, 1, :, kor] == -0.3).all()
    # Resolve 1, at a stance of zero alone.
    assert (parts["repute"].political[2, :, 0, chn] == 0.05).all()
    assert (parts["repute"].political[..., 1, chn] == 0).all()
    lead = 0.5 * (plain.welfare[..., usa] - plain.welfare[..., chn])
    np.testing.assert_allclose(parts["rivals"].political[..., usa], lead)


def test_the_frame_keeps_economics_and_politics_apart(table: Payoffs) -> None:
    frame = table.frame()
    assert len(frame) == table.welfare.size
    row = frame[(frame.action_CHN == "open") & (frame.action_USA == "tariff")
                & (frame.action_KOR == "near") & (frame.player == "KOR")].iloc[0]  # fmt: skip
    at = table.place({"CHN": "open", "USA": "tariff", "KOR": "near"})
    column = table.players.index("KOR")
    assert row.welfare_percent == table.welfare[at][column]
    dollars = np.expm1(row.welfare_percent / 100) * table.income[column]
    assert row.equivalent_variation == pytest.approx(dollars)


def test_the_order_of_players_is_of_no_matter(world: Baseline, tmp_path: Path) -> None:
    start, agent = SMALL.split("[players.CHN]", 1)[0], SMALL.index("[players.KOR]")
    turned = start + SMALL[agent:] + SMALL[SMALL.index("[players.CHN]") : agent]
    path = tmp_path / "turned.toml"
    path.write_text(turned, encoding="utf-8")
    (tmp_path / "own.toml").write_text(SMALL, encoding="utf-8")
    one, other = (
        tabulate(load_game(tmp_path / name), world) for name in ("own.toml", "turned.toml")
    )
    assert other.players == ("KOR", "CHN", "USA")
    moved = np.transpose(other.welfare, (1, 2, 0, 3))[..., [1, 2, 0]]
    np.testing.assert_allclose(moved, one.welfare, atol=1e-9)


def test_an_argument_s_points_are_those_of_the_table(argument: Argument, table: Payoffs) -> None:
    """All draws are one program there, in another batch."""
    merged = argument.table
    np.testing.assert_allclose(merged.welfare_percent, table.frame().welfare_percent, atol=1e-7)
    for code in ("CHN", "KOR"):
        place = table.place({"CHN": "open"})
        expected = table.welfare[place][table.players.index(code)]
        assert argument.number("worth", "CHN.open", code).value == pytest.approx(expected, abs=1e-7)


def test_the_other_horizon_is_a_run_at_that_horizon(
    file: Path, world: Baseline, argument: Argument
) -> None:
    short = tabulate(load_game(file, ["horizon=short"]), world)
    expected = short.welfare[short.place({"CHN": "ration"})][short.players.index("CHN")]
    found = argument.number("worth", "CHN.ration", "CHN").other_horizon
    assert found == pytest.approx(expected, abs=1e-7)


def test_thresholds_are_where_the_answer_turns(
    file: Path, world: Baseline, argument: Argument
) -> None:
    """With a cost of the stance a little below B* the agent moves; a little above, it stays."""
    threshold = float(argument.number("flip", "schedules", "as it is").value)
    for cost, moves in ((threshold - 1e-4, True), (threshold + 1e-4, False)):
        game = load_game(file, [f"KOR.politics.stance_value={-cost}"])
        found = tabulate(game, world)
        ends = {}
        for name in ("far", "near"):
            profile = {"KOR": name} | {code: game.posted(code, name) for code in game.principals}
            ends[name] = found.total[found.place(profile)][found.players.index("KOR")]
        assert (ends["near"] > ends["far"]) == moves


def test_the_flip_in_a_linear_world() -> None:
    """Losses of 2 and 1.2 from either cut-off: the agent sides with the harsher one up to 0.8."""
    draws = np.array([-2.0, -2.2]), np.array([-1.2, -1.1])
    np.testing.assert_allclose(flip_threshold(*draws).value, [0.8, 1.1])


@pytest.mark.parametrize("seed", range(5))
def test_the_auction_turns_at_its_threshold(seed: int) -> None:
    rng = np.random.default_rng(seed)
    agent, worth, income = rng.normal(size=4), rng.normal(size=(2, 4)), 50.0
    stances = np.array([0.0, 0.25, 0.5, 1.0])
    at = auction_threshold(agent + worth.sum(axis=0), stances, income)
    for weight, wins in ((at - 1e-6, False), (at + 1e-6, True)):
        valued = worth + np.array([[weight * income / 100], [0.0]]) * stances
        assert (menu_auction(agent, valued).action == 3) == wins


def test_the_tariff_without_politics_is_the_optimum_tariff(world: Baseline) -> None:
    scenario = without_policies()
    found = alignment_tariff(world, scenario, "USA", "KOR", Alignment(), exporters="all")
    best = detente.analysis.choose_tariffs(world, scenario, ("USA",), aim="alone", rates="one")
    rate = float(best.tariff.sel(origin="KOR", destination="USA", sector="AUT"))
    assert 100 * found.rate == pytest.approx(rate, abs=2e-3)
    assert abs(found.first_order) < 1e-6


def test_a_value_of_alignment_raises_the_tariff(world: Baseline) -> None:
    scenario, rates = without_policies(), []
    for weight in (0.0, 0.01, 0.03):
        aim = Alignment(weight=weight, spread=0.2)
        found = alignment_tariff(world, scenario, "USA", "KOR", aim)
        rates.append(found.rate)
        assert abs(found.first_order) < 1e-6 and 0.5 <= found.probability < 1
    assert rates[0] < rates[1] < rates[2]
    with pytest.raises(ScenarioError, match="spread must be more than zero"):
        alignment_tariff(world, scenario, "USA", "KOR", Alignment(spread=0.0))
    with pytest.raises(ScenarioError, match="'KRO' is not a country of compact-2022"):
        alignment_tariff(world, scenario, "USA", "KRO", Alignment())


def test_two_senders_say_how_they_answer_each_other(world: Baseline) -> None:
    slope, word = strategic_response(
        world, without_policies(), ("USA", "CHN"), "KOR", Alignment(0.01, 0.0, 0.2), rival_rate=0.05
    )
    assert word == ("complements" if slope > 0 else "substitutes")
    assert abs(slope) > 1e-4


def test_governments_follow_each_other() -> None:
    rule = Rule(bliss=(0.2, 0.8), hazard=(0.2, 0.3))
    path = expected_path(rule, 0, 200)
    assert path.stance[0] == 0.2 and path.reversals[0] == 0.0
    # The chain rests where as many leave as come.
    assert path.chance[-1] == pytest.approx(0.2 / 0.5)
    assert path.stance[1] == pytest.approx(0.8 * 0.2 + 0.2 * 0.8)
    np.testing.assert_allclose(np.diff(path.reversals)[-1], 2 * 0.2 * 0.3 / 0.5)
    simulated = np.random.default_rng(0).random((20_000, 4))
    second = np.zeros(20_000, bool)
    for draw in simulated.T:
        second = np.where(second, draw >= 0.3, draw < 0.2)
    assert path.chance[4] == pytest.approx(second.mean(), abs=0.01)
    with pytest.raises(ScenarioError, match="from 0 to 1"):
        Rule(bliss=(0.2, 1.8), hazard=(0.2, 0.3))


def test_stances_that_feed_back_have_a_history() -> None:
    towards = lambda s: 0.5 - s
    np.testing.assert_allclose(stance_path(towards, 0.0, 0.5, 60)[-1], 0.5)
    assert resting_points(towards, 0.5, 200).tolist() == [0.5]
    # Trade follows the stance and makes it worth more: two places to rest, and one between.
    doubling = lambda s: s - 0.5
    assert resting_points(doubling, 0.5, 200).tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("CHN.schedule.near=opne", "did you mean 'open'"),
        ("CHN.schedule.nar=open", "'nar' in the schedule of CHN is not an action of KOR"),
        ("CNH.active=false", "did you mean 'CHN'"),
        ("CHN.politics.stance_valu=1", "did you mean 'stance_value'"),
        ("state=rain", "has no state 'rain'"),
        ("KOR.role=principal", "exactly one player with role = 'agent'"),
        ("KOR.actions.far.stance=2", "less than or equal to 1"),
        ("USA.politics.rivals=['CNH']", "'CNH' is not a player; did you mean 'CHN'"),
        ("states.KOR.title='named as a player'", "has a state 'KOR' that is named as a player"),
        ("horizon", "PATH=VALUE"),
    ],
)
def test_one_sentence_for_what_is_wrong(file: Path, override: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as error:
        load_game(file, [override])
    assert "\n" not in str(error.value)


def test_names_of_games_and_profiles(file: Path, table: Payoffs) -> None:
    with pytest.raises(ScenarioError, match="did you mean 'seoul'"):
        load_game("seuol")
    with pytest.raises(ScenarioError, match="did you mean 'open'"):
        table.place({"CHN": "opens"})
    with pytest.raises(ScenarioError, match="player of this game"):
        table.place({"JPN": "open"})


def test_the_shipped_game_means_what_it_says(world: Baseline) -> None:
    """Every policy of every action and state names what the world has."""
    game = load_game("seoul")
    held = [policies_of(game, profile, state) for state in game.states
            for profile in profiles(game)[:1] + profiles(game)[-1:]]  # fmt: skip
    held += [action.policies for one in game.players.values() for action in one.actions.values()]
    for policies in held:
        scenario = scenario_of(game, policies)
        detente.scenario.compile_shock(scenario, with_potential(scenario, world))
    assert all(player.politics.stance_value == 0 for player in game.players.values())
    assert {bracket.source for bracket in game.brackets}


def test_every_face_says_the_same_numbers(argument: Argument, tmp_path: Path) -> None:
    sections = stance_sections(argument)
    assert len({section.title for section in sections}) == len(sections)
    for section in sections:
        tables = [part for part in section.parts if isinstance(part, Table)]
        assert all(len(row) == len(table.columns) for table in tables for row in table.rows)
    whole = json.loads(document(argument.about.record, **stance_tables(argument)))
    row = next(one for one in whole["numbers"]
               if (one["kind"], one["of"], one["where"]) == ("worth", "CHN.open", "KOR"))  # fmt: skip
    assert row["value"] == pytest.approx(argument.number("worth", "CHN.open", "KOR").value)
    assert row["low"] <= row["high"]
    assert whole["payoffs"][0]["political_percent"] == 0
    drawn = json.dumps(stance_chart(argument))
    exact = float(argument.number("worth", "CHN.open", "KOR").value)
    assert json.dumps(exact) in drawn and "China opens" in drawn
    page = html(
        page_of(stance_table(argument), argument.about, "detente stance", stance_chart(argument))
    )
    style = (Path(detente.report.__path__[0]) / "page.css").read_text(encoding="utf-8")
    assert style.strip() in page
    assert "<svg" in page and "<script" not in page and "src=" not in page
    for section in sections[1:]:
        assert section.title.split("'")[0] in page


def test_weights_that_are_zero_make_a_stance_free(argument: Argument) -> None:
    assert argument.equilibria.indifferent.all()
    assert isinstance(argument.prices, pd.DataFrame) and not argument.prices.empty


def test_a_game_is_frozen(file: Path) -> None:
    game: Game = load_game(file)
    with pytest.raises(Exception, match="frozen"):
        game.title = "another"


# The shipped game and the library


OWN = {"CHN.boycott": {"tours": {"rent"}}, "CHN.selected": {"services": {"sectors"}}}
"""By action and policy: what the game says otherwise than the scenario that it names."""
NAMED = {
    "CHN.services": "services-opening",
    "CHN.selected": "services-opening",
    "CHN.services_all": "services-mfn",
    "CHN.entertainment": "entertainment-opening",
    "CHN.boycott": "korea-boycott",
    "CHN.boycott_home": "korea-boycott",
    "CHN.divide": "divide-and-reward",
    "JPN.outbids": "korea-japan",
    "row": "japan-boycott",
    "phase_two": "services-both",
}


def shipped() -> dict[str, Any]:
    """Actions and states of the shipped game that name a scenario."""
    game = load_game("seoul")
    actions = {f"{code}.{name}": action for code, player in game.players.items()
               for name, action in player.actions.items()}  # fmt: skip
    return {name: one for name, one in {**actions, **game.states}.items() if one.scenario}


def test_the_shipped_game_says_what_the_library_says() -> None:
    found = shipped()
    assert {name: one.scenario for name, one in found.items()} == {
        name: f"china-korea/{scenario}" for name, scenario in NAMED.items()
    }
    for name, one in found.items():
        library = detente.load_scenario(one.scenario).policies
        assert set(one.policies) == set(library)
        for key, policy in one.policies.items():
            free = OWN.get(name, {}).get(key, set())
            assert policy.model_dump(exclude=free) == library[key].model_dump(exclude=free)
    nests = load_game("seoul").adjustment.nests
    assert nests == detente.load_scenario(found["row"].scenario).adjustment.nests


def test_the_carrot_is_one_everywhere() -> None:
    shares = {
        policy.potential_share
        for name in ("entertainment-opening", "divide-and-reward", "services-with-culture")
        for policy in detente.load_scenario(f"china-korea/{name}").policies.values()
        if policy.kind == "opening"
    }
    assert len(shares) == 1


def test_the_boycott_of_the_game_cuts_the_quantity_by_48_3_percent(world: Baseline) -> None:
    """At the game's own horizon, in the whole model."""
    game = load_game("seoul")
    boycotts = tuple("boycott" if code == "CHN" else next(iter(game.players[code].actions))
                     for code in game.active)  # fmt: skip
    played = prepare(world, scenario_of(game, policies_of(game, boycotts, "calm")))
    after = solve(played.economy, played.shock, played.closure)
    kor, chn = (world.country_index[code] for code in ("KOR", "CHN"))
    tours = [world.sector_index[sector] for sector in ("TOU", "CUL", "AVP")]
    quantity = np.asarray(after.trade / after.unit_cost_hat[:, None, :])[kor, chn, tours].sum()
    before = np.asarray(played.economy.trade)[kor, chn, tours].sum()
    assert quantity / before == pytest.approx(1 - 0.483, rel=1e-8)


def test_a_scenario_of_the_library_is_worth_as_much_in_the_game(world: Baseline) -> None:
    """At the game's horizon: its nests are those of the scenario."""
    game = load_game("seoul")
    divides = tuple("divide" if code == "CHN" else next(iter(game.players[code].actions))
                    for code in game.active)  # fmt: skip
    played = scenario_of(game, policies_of(game, divides, "calm"))
    library = detente.load_scenario("china-korea/divide-and-reward", ["horizon=long"])
    assert welfare_of(played, world) == pytest.approx(welfare_of(library, world), abs=1e-9)


def welfare_of(scenario: Any, world: Baseline) -> list[float]:
    return [float(value) for value in detente.simulate(world, scenario).welfare]


def test_what_a_state_holds_is_not_done_twice(world: Baseline) -> None:
    game = load_game("seoul")
    divide = dict(zip(game.active, profiles(game)[0], strict=True)) | {"CHN": "divide"}
    held = policies_of(game, tuple(divide[code] for code in game.active), "row")
    japan = [policy for policy in held.values() if "JPN" in getattr(policy, "exporters", ())]
    assert len(japan) == 2 and "CHN.opening" in held


def test_a_scenario_s_policies_are_overlaid_value_by_value(tmp_path: Path) -> None:
    named = SMALL.replace(
        'title = "opens"\n', 'title = "opens"\nscenario = "china-korea/services-opening"\n'
    )
    path = tmp_path / "named.toml"
    path.write_text(named, encoding="utf-8")
    policies = load_game(path, ["CHN.actions.open.policies.services.stri_cut=0.25"])
    found = policies.players["CHN"].actions["open"].policies
    assert set(found) == {"services", "cost"}
    services = detente.load_scenario("china-korea/services-opening").policies["services"]
    assert found["services"] == services.model_copy(update={"stri_cut": 0.25})
    with pytest.raises(ScenarioError, match="did you mean 'china-korea/services-opening'"):
        load_game(path, ["CHN.actions.open.scenario=china-korea/services-openin"])


# How the threshold moves with shares of trade


THREATS = """
[players.CHN.threat.buying]
kind = "prohibition"
importers = ["CHN"]
exporters = ["KOR"]
sectors = "all"

[players.USA.threat.buying]
kind = "prohibition"
importers = ["USA"]
exporters = ["KOR"]
sectors = "all"
"""


def test_slopes_are_what_worlds_apart_say(world: Baseline, tmp_path: Path) -> None:
    """Another step, one run at a time: the threshold between two worlds over their shares."""
    from detente.geo.stance.shares import trade_share

    path = tmp_path / "threats.toml"
    path.write_text(SMALL + THREATS, encoding="utf-8")
    game = load_game(path)
    found = stance(game, world, draws=0)
    kor, step = world.country_index["KOR"], 0.004

    def at(change: float, threat: str) -> Any:
        cost = {"kind": "trade_cost", "importers": ["CHN", "KOR"], "exporters": ["CHN", "KOR"],
                "change": change}  # fmt: skip
        policies = {"moved": cost, **({} if not threat else {"threat": {
            "kind": "prohibition", "importers": [threat], "exporters": ["KOR"],
            "sectors": "all"}})}  # fmt: skip
        document = {"title": "T", "policies": policies}
        return detente.simulate(world, parse_scenario(document, "T"))

    def threshold(change: float) -> float:
        lost = [float(at(change, code).welfare.sel(country="KOR")) for code in ("CHN", "USA")]
        log = 100 * np.log1p(np.array(lost) / 100)
        return float(log[1] - log[0])

    shares = []
    for change in (-step, step):
        outcome = at(change, "")
        flows = np.asarray(outcome.trade_after).sum(axis=-1)
        both = flows + flows.T
        shares.append(
            100 * both[kor, world.country_index["CHN"]] / (both[kor].sum() - both[kor, kor])
        )
    slope = (threshold(-step) - threshold(step)) / (shares[0] - shares[1])
    said = found.number("slope", "threats USA", "CHN")
    assert said.value == pytest.approx(slope, rel=2e-3)
    assert said.value > 0 > found.number("slope", "threats USA", "USA").value
    flows = np.asarray(world.economy.trade).sum(axis=-1)
    assert trade_share(world, flows, "KOR", "CHN") == found.about["trade_share"]["CHN"]


def test_a_large_world_has_no_draws_unless_asked(world: Baseline) -> None:
    from detente.geo.stance.solved import DRAWS, usual_draws

    assert usual_draws(world) == DRAWS
    flows = jnp.zeros((81, 81, 50))
    economy = Economy(flows, flows, jnp.zeros((81, 50, 50)), jnp.ones(50))
    grown = replace(world, economy=economy)
    assert usual_draws(grown) == 0


def test_political_weights_that_were_set_are_said_and_none_otherwise() -> None:
    """What the file does not set is zero; a reader of the answer must see what was."""

    def said(*overrides: str) -> list[str]:
        names = {"CHN": "China", "USA": "the United States", "KOR": "South Korea"}
        return _beside_income(  # pyright: ignore
            SimpleNamespace(game=load_game("seoul", overrides), about={"names": names})
        )

    assert said() == []
    (line,) = said("CHN.politics.reputation=0.01", "USA.actions.submarines.political.KOR=0.1")
    assert "China's reputation 0.01" in line and "submarine deal, to South Korea 0.1" in line
    assert "real income alone" in line
