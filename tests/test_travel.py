"""Worlds with travel laid over them: accounts stay, flows are visitors times spending, and what is
lost when visitors stay away is what a first-order argument says."""

import json
import tomllib
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any

import equinox as eqx
import jax.numpy as jnp
import numpy as np
import pytest

import detente
from detente import commands
from detente._core import BaselineError, DataError
from detente.calibrate.baseline import available, plain_name
from detente.calibrate.travel import sector_of, TRAVEL, travel_table, with_travel
from detente.data.arrivals import read_arrivals
from detente.episodes import load_episode
from detente.episodes.travel import terms, travel_world
from detente.equilibrium import solve, welfare_hat
from detente.simulation import prepare
from detente.world import Baseline

from . import test_cli
from .test_cli import Run


detente_command = test_cli.detente
YEAR = {"compact-2014": 2016, "compact-2022": 2019}
"""Of travel, by world."""
ACCOUNTS = ("output", "expenditure", "income", "value_added", "deficit", "final_demand")
ACCOUNT = 1e-9
"""Relative error of an account: what RAS is stopped at."""
CELL = ("KOR", "CHN", "TOU")
FILE = Path(str(resources.files("detente"))) / "library" / "travel.toml"
TABLE: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
"""As it is written, read without the code that is tested."""


@pytest.fixture(scope="module", params=list(YEAR))
def pair(request: pytest.FixtureRequest) -> tuple[Baseline, Baseline]:
    """A world, and itself with travel."""
    return (
        detente.load_baseline(request.param),
        detente.load_baseline(f"{request.param}{TRAVEL}"),
    )


@pytest.fixture(scope="module")
def plain() -> Baseline:
    return detente.load_baseline("compact-2022")


@pytest.fixture(scope="module")
def travelled() -> Baseline:
    return detente.load_baseline("compact-2022-travel")


def flow(world: Baseline, exporter: str, importer: str, sector: str) -> float:
    place = world.country_index[exporter], world.country_index[importer]
    return float(np.asarray(world.economy.trade)[(*place, world.sector_index[sector])])


def written(year: int) -> dict[tuple[str, str], float]:
    """Spending by exporter and importer, million US$, worked out from the file."""
    return {
        (one["exporter"], one["importer"]): one["visitors"]
        * TABLE["spending"][one["spending"]]["value"]
        for one in TABLE["flows"].values()
        if one["year"] == year
    }


# What is laid, and what stays


def test_no_account_moves(pair: tuple[Baseline, Baseline]) -> None:
    for name in ACCOUNTS:
        before, after = (np.asarray(getattr(one.economy, name)) for one in pair)
        assert np.abs(after - before).max() <= ACCOUNT * np.abs(before).max(), name


def test_a_flow_grows_by_visitors_times_spending_and_no_other_sector_moves(
    pair: tuple[Baseline, Baseline],
) -> None:
    before, after = pair
    found = written(YEAR[before.name])
    assert len(found) >= 2
    for (exporter, importer), spent in found.items():
        for sector, part in (
            ("TOU", 1 - TABLE["culture"]["value"]),
            ("CUL", TABLE["culture"]["value"]),
        ):
            grown = flow(after, exporter, importer, sector) - flow(
                before, exporter, importer, sector
            )
            assert grown == pytest.approx(part * spent, rel=1e-9)
    elsewhere = [at for at, name in enumerate(before.sectors) if name not in ("TOU", "CUL")]
    old, new = (np.asarray(one.economy.trade)[:, :, elsewhere] for one in pair)
    np.testing.assert_array_equal(new, old)
    assert (np.asarray(after.economy.trade) >= 0).all()


def test_every_cell_that_was_laid_is_marked(pair: tuple[Baseline, Baseline]) -> None:
    before, after = pair
    year, whole = YEAR[before.name], float(np.asarray(after.economy.trade).sum())
    rows = json.loads(after.about["imputation"])
    marked = {row["cells"]: row for row in rows if row["cells"].startswith("satellite: ")}
    assert len(rows) == len(json.loads(before.about["imputation"])) + len(marked)
    assert len(marked) == 2 * len(written(year))
    said = sum(row["share_of_value"] for row in marked.values()) * whole
    assert said == pytest.approx(sum(written(year).values()))
    assert all("million" in row["rule"] and "US$" in row["rule"] for row in marked.values())
    last = json.loads(after.about["adjustments"])[-1]
    assert last["step"] == "travel laid over" and str(year) in last["rule"]
    assert 0 < last["distance"] < 1e-3
    assert after.about["hash"] != before.about["hash"]


def test_the_world_says_that_travel_is_laid_over_it(pair: tuple[Baseline, Baseline]) -> None:
    before, after = pair
    said = f"travel of {YEAR[before.name]}"
    assert after.name == f"{before.name}-travel"
    assert said in after.about["title"] and said in after.about["basis"]
    assert "Korea Tourism Organization" in after.about["source"]
    assert before.about["source"] in after.about["source"]


def test_what_a_ban_hides_stays_hidden(plain: Baseline) -> None:
    potential = 1.1 * plain.economy.trade
    banned = replace(plain, economy=replace(plain.economy, potential_trade=potential))
    after = with_travel(banned).economy
    assert after.potential_trade is not None
    np.testing.assert_allclose(
        after.potential_trade - after.trade, 0.1 * plain.economy.trade, rtol=1e-6, atol=1e-6
    )


def test_in_a_world_of_other_sectors_the_groups_say_where(
    plain: Baseline, travelled: Baseline
) -> None:
    codes = {"TOU": "I", "CUL": "R"}
    renamed = replace(
        plain,
        sectors=tuple(codes.get(name, name) for name in plain.sectors),
        sector_groups={"TOU": ("I",), "CUL": ("R", "PUB")},
    )
    assert sector_of(renamed, "CUL") == "R"
    np.testing.assert_array_equal(with_travel(renamed).economy.trade, travelled.economy.trade)


# The table


def test_every_figure_has_a_source_and_every_range_holds_its_figure() -> None:
    table = travel_table()
    for one in (table.culture, *table.spending.values()):
        assert one.source and one.unit
        assert (one.lowest is None) == (one.highest is None)
        assert one.lowest is None or one.lowest < one.value < (one.highest or 0)
        assert one.lowest is None or "assumption" in one.source
    assert all(one.source and one.spending in table.spending for one in table.flows.values())
    assert {one.spending for one in table.flows.values()} == set(table.spending)
    assert {one.travel for one in table.worlds} <= {one.year for one in table.flows.values()}


@pytest.mark.parametrize(
    ("name", "yen", "visitors"),
    [("chinese-in-japan-2019", 1771.8e9, 9594300), ("korean-in-japan-2019", 420.9e9, 5584600)],
)
def test_spending_in_japan_is_what_its_source_says(name: str, yen: float, visitors: int) -> None:
    """Total over visitors at the 110 yen of the agency's own conversion, to the dollar."""
    assert travel_table().spending[name].value == round(yen / visitors / 110)
    assert travel_table().flows[name].visitors == visitors / 1e6


def test_arrivals_are_those_of_the_raw_file(raw_directory: Path) -> None:
    months = read_arrivals(raw_directory)
    checked = 0
    for one in travel_table().flows.values():
        if one.exporter != "KOR":
            continue
        year = months[months.index.str.startswith(str(one.year))]
        assert len(year) == 12
        persons = float(year[one.importer].sum()) / 1e6
        # 2018 is published to three digits; the others are exact.
        assert one.visitors == (round(persons, 2) if one.year == 2018 else persons)
        checked += 1
    assert checked == 4


# The episodes read the same table


def test_the_world_is_that_of_the_boycott_of_2017() -> None:
    episode = load_episode("thaad")
    have = episode.assumptions
    visitors = {"KOR": have["visitors_korea"].value, "JPN": have["visitors_japan"].value}
    base = detente.load_baseline(episode.baseline)
    played = travel_world(base, visitors, terms(episode), "a test").world
    named = detente.load_baseline(f"{episode.baseline}{TRAVEL}")
    np.testing.assert_allclose(named.economy.trade, played.economy.trade, rtol=1e-12)


def test_the_episodes_assume_what_they_did() -> None:
    """The figures that were in their own files, before they were looked up."""
    thaad, japan = (load_episode(name).assumptions for name in ("thaad", "japan-2025"))
    for have in (thaad, japan):
        spent, culture = have["spending_per_visitor"], have["culture_share"]
        assert (spent.value, spent.lowest, spent.highest) == (2080, 1500, 2500)
        assert (culture.value, culture.lowest, culture.highest) == (0.02, 0.0, 0.15)
    assert thaad["visitors_japan"].value == 6.38
    assert (japan["visitors_japan"].value, japan["visitors_korea"].value) == (8.38, 4.79)
    changed = load_episode("thaad", ["assumptions.spending_per_visitor.value=1000"])
    assert changed.assumptions["spending_per_visitor"].value == 1000


# What staying away does


@dataclass(frozen=True)
class Slopes:
    """By the log of a cost on the flow that nobody collects."""

    welfare: np.ndarray
    """Of every country's log real income."""
    quantity: np.ndarray
    """Of every flow's log quantity."""


def slopes(world: Baseline) -> Slopes:
    place = world.country_index["KOR"], world.country_index["CHN"], world.sector_index["TOU"]
    step, welfare, quantity = 1e-4, [], []
    for log_cost in (step, -step):
        cost = jnp.ones_like(world.economy.trade).at[place].set(np.exp(log_cost))
        found = solve(world.economy, detente.Shock.of(world.economy.tariff, cost))
        welfare.append(np.log(np.asarray(welfare_hat(world.economy, found))))
        quantity.append(np.asarray(found.trade / found.unit_cost_hat[:, None, :]))
    before = np.asarray(world.economy.trade)
    relative = (quantity[0] - quantity[1]) / np.where(before > 0, before, 1.0)
    return Slopes((welfare[0] - welfare[1]) / (2 * step), relative / (2 * step))


def test_to_first_order_the_world_loses_what_is_burned(travelled: Baseline) -> None:
    """The envelope theorem: incomes times log gains add up to less the flow, and to what tariffs
    of the base year collect on the quantities that move; and both sides lose, neither all of it."""
    economy, slope = travelled.economy, slopes(travelled)
    gained = slope.welfare * np.asarray(economy.income)
    tariffs = np.asarray(economy.tariff * economy.trade) * slope.quantity
    burned = flow(travelled, *CELL)
    assert gained.sum() == pytest.approx(-burned + tariffs.sum(), rel=1e-4)
    korea, china = (gained[travelled.country_index[code]] for code in CELL[:2])
    assert -burned < korea < 0 and -burned < china < 0


def test_what_is_lost_grows_with_the_flow(plain: Baseline, travelled: Baseline) -> None:
    """A small wedge costs about in proportion to the flow that it is on."""
    before, after = slopes(plain).welfare, slopes(travelled).welfare
    larger = flow(travelled, *CELL) / flow(plain, *CELL)
    assert larger > 50
    for code in CELL[:2]:
        at = plain.country_index[code]
        assert after[at] / before[at] == pytest.approx(larger, rel=0.1)


def boycotted(world: Baseline) -> float:
    """South Korea's loss by the library's boycott, percent."""
    scenario = detente.load_scenario("china-korea/korea-boycott", ["uncertainty.draws=0"])
    return -float(detente.simulate(world, scenario).welfare.sel(country="KOR"))


def test_the_more_visitors_spend_the_more_a_boycott_costs(
    plain: Baseline, travelled: Baseline
) -> None:
    ends = [boycotted(with_travel(plain, spending=end)) for end in ("lowest", "highest")]
    assert boycotted(plain) < ends[0] < boycotted(travelled) < ends[1]


def test_visitors_that_spend_on_culture_alone(plain: Baseline, travelled: Baseline) -> None:
    """All of it in one sector is as much in all, and culture has the whole."""
    culture = with_travel(plain, culture=1.0)
    for importer, spent in (
        ("CHN", written(2019)["KOR", "CHN"]),
        ("JPN", written(2019)["KOR", "JPN"]),
    ):
        assert flow(culture, "KOR", importer, "TOU") == pytest.approx(
            flow(plain, "KOR", importer, "TOU"), rel=0.2
        )
        grown = flow(culture, "KOR", importer, "CUL") - flow(plain, "KOR", importer, "CUL")
        assert grown == pytest.approx(spent, rel=1e-9)


# Names


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("compact-2022-travle", "did you mean 'compact-2022-travel'"),
        ("compact-2023-travel", "no baseline 'compact-2023'; did you mean 'compact-2022'"),
        ("world-2022-travel", "no baseline 'world-2022'.*detente data build NAME"),
        ("compact-2022-travel-travel", "travel laid over it already"),
        ("nowhere/world.nc-travel", "no baseline file at nowhere/world.nc-travel"),
    ],
)
def test_a_name_that_is_none_is_refused(reference: str, said: str, home: Path) -> None:
    with pytest.raises(BaselineError, match=said):
        detente.load_baseline(reference)


def test_a_file_that_has_the_name_is_read_as_it_is(home: Path) -> None:
    place = home / "home" / "baselines"
    place.mkdir(parents=True)
    shipped = available()["compact-2014"].read_bytes()
    (place / "mine.nc").write_bytes(shipped)
    assert plain_name("mine-travel") == "mine"
    assert detente.load_baseline("mine-travel").about["travel_year"] == 2016
    (place / "mine-travel.nc").write_bytes(shipped)
    assert plain_name("mine-travel") is None
    assert "travel_year" not in detente.load_baseline("mine-travel").about


@pytest.mark.parametrize(
    ("change", "asked", "said"),
    [
        ({"about": {"year": 1995}}, {}, "no travel for a world of 1995.*2011 to 2025"),
        ({}, {"year": 2017}, "no travel of 2017; the years are 2016, 2018, 2019"),
        ({}, {"culture": 1.5}, "from 0 to 1, not 1.5"),
        ({"sectors": tuple(f"S{at}" for at in range(25))}, {}, "no sector or group TOU"),
        ({"countries": tuple(f"C{at}" for at in range(20))}, {}, "no two countries"),
    ],
)
def test_a_world_that_cannot_hold_it_says_why(
    plain: Baseline, change: dict[str, Any], asked: dict[str, Any], said: str
) -> None:
    world = replace(plain, **change)
    with pytest.raises(BaselineError, match=said):
        with_travel(world, **asked)


def test_flows_of_countries_that_are_not_here_are_left_out_and_named(plain: Baseline) -> None:
    codes = tuple("XXX" if code == "JPN" else code for code in plain.countries)
    after = with_travel(replace(plain, countries=codes))
    marked = [row["cells"] for row in json.loads(after.about["imputation"])
              if row["cells"].startswith("satellite")]  # fmt: skip
    assert marked == ["satellite: KOR to CHN, TOU", "satellite: KOR to CHN, CUL"]
    assert "Chinese visitors to Japan, 2019" in json.loads(after.about["adjustments"])[-1]["rule"]


def test_worlds_with_travel_are_listed_and_none_is_built(detente_command: Run, home: Path) -> None:
    rows = {row["name"]: row for row in commands.list_baselines()}
    assert rows["compact-2022-travel"]["path"] == rows["compact-2022"]["path"]
    assert "world-2022-travel" not in rows
    assert "compact-2014-travel" in detente_command("data", "list").out
    with pytest.raises(DataError, match="'world-2022-travel' is computed when it is read"):
        commands.build_baseline("world-2022-travel", progress=lambda step: None)


def test_a_run_on_it_says_so_and_can_be_verified(detente_command: Run, home: Path) -> None:
    asked = ("run", "china-korea/korea-boycott", "--draws", "0", "--out", "answer")
    code, out, _ = detente_command(*asked, "--baseline", "compact-2022-travel")
    assert code == 0 and "harmonised with travel of 2019" in " ".join(out.split())
    page = (home / "answer" / "brief.html").read_text(encoding="utf-8")
    assert "satellite: KOR to CHN, TOU" in page.replace("\u00a0", " ") and "nan" not in page
    assert detente_command("verify", "answer").code == 0


def test_the_scenarios_of_boycotts_name_it() -> None:
    """Where travel is held back, the world has travel."""
    for name in ("korea-boycott", "japan-boycott", "divide-and-reward"):
        scenario = detente.load_scenario(f"china-korea/{name}")
        assert scenario.baseline == "compact-2022-travel"
        base = detente.load_baseline(scenario.baseline)
        assert not eqx.tree_equal(prepare(base, scenario).shock, detente.Shock.none(base.economy))


def test_the_page_has_the_table() -> None:
    page = Path(__file__).parents[1].joinpath("docs/how-to/travel.md").read_text(encoding="utf-8")
    table = travel_table()
    laid = {one.travel for one in table.worlds}
    for one in table.flows.values():
        each = table.spending[one.spending]
        row = f"{one.visitors * each.value / 1e3:.1f} |"
        found = [line for line in page.splitlines()
                 if f"{one.year} | " in line and f"| {each.value:,.0f}" in line and row in line]  # fmt: skip
        assert len(found) == (one.year in laid), one.what
