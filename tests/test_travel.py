"""Worlds with travel laid over them: accounts stay, flows are visitors times spending, and what is
lost when visitors stay away is what a first-order argument says."""

import csv
import json
import re
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
from detente.calibrate.satellite import Addition, with_satellite
from detente.calibrate.travel import travel_table, with_travel
from detente.calibrate.travel_composition import booked, composition, members, shares_of
from detente.data.arrivals import read_arrivals
from detente.data.tables import read_parquet
from detente.episodes import load_episode
from detente.episodes.travel import terms, travel_world
from detente.equilibrium import solve, welfare_hat
from detente.gazetteer import available, plain_name, TRAVEL
from detente.scenario import parse_scenario
from detente.simulation import prepare
from detente.world import Baseline

from . import test_cli
from .test_cli import Run


detente_command = test_cli.detente
YEAR = {"compact-2014": 2016, "compact-2022": 2019}
"""Of travel, by world."""
ACCOUNTS = (
    "output", "expenditure", "income", "value_added", "deficit", "final_demand", "tariff_revenue",
)  # fmt: skip
ACCOUNT = 1e-9
"""Relative error of an account: what RAS is stopped at."""
ROUNDED = 1e-4
"""Shares are kept to five digits, and made to add up to one."""
CELL = ("KOR", "CHN", "TOU")
FILE = Path(str(resources.files("detente"))) / "library" / "travel.toml"
TABLE: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
"""As it is written, read without the code that is tested."""
ROWS = list(
    csv.DictReader(FILE.with_name("travel_composition.csv").read_text("utf-8").splitlines())
)
"""What visitors buy, likewise."""


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


def section_shares(exporter: str, importer: str) -> dict[str, float]:
    """Shares by section of ISIC, added up from the file."""
    found: dict[str, float] = {}
    for row in ROWS:
        if (row["exporter"], row["importer"]) == (exporter, importer):
            found[row["section"]] = found.get(row["section"], 0.0) + float(row["share"])
    return found


def held_back(world: Baseline, policy: dict[str, Any]) -> detente.Shock:
    document = {"title": "held back", "policies": {"tours": policy}}
    return prepare(world, parse_scenario(document, "a test")).shock


def table_of_2019(
    raw: Path,
) -> tuple[dict[tuple[str, str], dict[str, float]], dict[tuple[str, str], float]]:
    """Purchases abroad by pair and section, and all that crosses borders of accommodation and food."""
    place = raw / "oecd_icio2023_2019_g20"
    final = read_parquet(
        place / "final.parquet", ["origin", "destination", "sector", "final_use", "value_musd"]
    )
    inputs = read_parquet(
        place / "intermediate.parquet", ["origin", "destination", "value_musd"], "input = 'I'"
    )
    abroad = final[final.final_use == "purchases_abroad"]
    spent = {
        pair: dict(zip(rows.sector, rows.value_musd, strict=True))
        for pair, rows in abroad.groupby(["origin", "destination"])
    }
    stay = final[final.sector == "I"].groupby(["origin", "destination"]).value_musd.sum()
    firms = inputs.groupby(["origin", "destination"]).value_musd.sum()
    return spent, stay.add(firms, fill_value=0.0).to_dict()


# What is laid, and what stays


def test_no_account_moves(pair: tuple[Baseline, Baseline]) -> None:
    for name in ACCOUNTS:
        before, after = (np.asarray(getattr(one.economy, name)) for one in pair)
        assert np.abs(after - before).max() <= ACCOUNT * np.abs(before).max(), name


def test_accommodation_is_its_part_of_what_visitors_spend_and_nothing_else(
    pair: tuple[Baseline, Baseline],
) -> None:
    """The table's own flow is netted, so that the flow is the share times visitors times spending;
    every other sector grows in the proportions of the table of 2019."""
    before, after = pair
    found = written(YEAR[before.name])
    assert len(found) >= 2
    for (exporter, importer), spent in found.items():
        stay = section_shares(exporter, importer)["I"]
        assert flow(after, exporter, importer, "TOU") == pytest.approx(stay * spent, rel=ROUNDED)
        added = spent - flow(before, exporter, importer, "TOU") / stay
        for sector in ("TRD", "AGR", "FOD", "CUL"):
            share = sum(
                float(row["share"]) for row in ROWS
                if (row["exporter"], row["importer"], row["sectors"]) == (exporter, importer, sector)
            )  # fmt: skip
            grown = flow(after, exporter, importer, sector) - flow(
                before, exporter, importer, sector
            )
            # Shares are kept to five digits, and a flow without an addition gives way like others.
            if share:
                assert grown == pytest.approx(share * added, rel=1e-2), sector
    bought = {sector for row in ROWS for name in row["sectors"].split()
              for sector in before.sector_groups.get(name, (name,))}  # fmt: skip
    elsewhere = [at for at, name in enumerate(before.sectors) if name not in bought]
    assert elsewhere
    old, new = (np.asarray(one.economy.trade)[:, :, elsewhere] for one in pair)
    np.testing.assert_array_equal(new, old)
    assert (np.asarray(after.economy.trade) >= 0).all()


def test_duty_is_what_it_was(pair: tuple[Baseline, Baseline]) -> None:
    """On every flow: visitors pay none where they live."""
    before, after = (np.asarray(one.economy.tariff * one.economy.trade) for one in pair)
    np.testing.assert_allclose(after, before, rtol=1e-9)
    old, new = pair
    place = old.country_index["KOR"], old.country_index["CHN"], old.sector_index["FOD"]
    assert 0 < float(new.economy.tariff[place]) < float(old.economy.tariff[place])


def test_every_cell_that_was_laid_is_marked(pair: tuple[Baseline, Baseline]) -> None:
    before, after = pair
    year, whole = YEAR[before.name], float(np.asarray(after.economy.trade).sum())
    rows = json.loads(after.about["imputation"])
    marked = {row["cells"]: row for row in rows if row["cells"].startswith("satellite: ")}
    assert len(rows) == len(json.loads(before.about["imputation"])) + len(marked)
    assert len(marked) == len(written(year))
    said = sum(row["share_of_value"] for row in marked.values()) * whole
    there = sum(
        flow(before, *place, "TOU") / section_shares(*place)["I"] for place in written(year)
    )
    assert said == pytest.approx(sum(written(year).values()) - there)
    assert all("million" in row["rule"] and "US$" in row["rule"] for row in marked.values())
    last = json.loads(after.about["adjustments"])[-1]
    assert last["step"] == "travel laid over" and str(year) in last["rule"]
    for (exporter, importer), spent in written(year).items():
        net = flow(before, exporter, importer, "TOU") / section_shares(exporter, importer)["I"]
        assert f"{exporter} to {importer} {net:,.0f} of {spent:,.0f}" in last["rule"]
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
    """A section's own code, or the group of that name, has what the compact sector has."""
    renamed = replace(
        plain,
        sectors=tuple({"TOU": "I", "FOD": "C10"}.get(name, name) for name in plain.sectors),
        sector_groups={**plain.sector_groups, "TOU": ("I",), "FOD": ("C10",)},
    )
    assert members(renamed, "TOU") == ("I",) and members(renamed, "FOD") == ("C10",)
    np.testing.assert_allclose(
        with_travel(renamed).economy.trade, travelled.economy.trade, rtol=1e-12
    )


def test_what_a_world_has_no_sector_for_is_spread_over_the_rest(plain: Baseline) -> None:
    known = ("TOU", "CUL")
    renamed = replace(
        plain,
        sectors=tuple(name if name in known else f"S{at}" for at, name in enumerate(plain.sectors)),
        sector_groups={},
    )
    shares = shares_of(renamed, "KOR", "CHN")
    rows = section_shares("KOR", "CHN")
    assert list(shares) == ["TOU", "CUL"] and sum(shares.values()) == pytest.approx(1)
    culture = rows["R"] + rows["S"]
    assert shares["CUL"] == pytest.approx(culture / (culture + rows["I"]))


def test_travel_that_the_table_has_whole_is_not_laid_again(plain: Baseline) -> None:
    inside = replace(plain, about={**plain.about, "travel": "inside"})
    with pytest.raises(BaselineError, match="count it twice, so use compact-2022 itself"):
        with_travel(inside)
    twice = with_travel(replace(with_travel(plain), name="again"))
    np.testing.assert_allclose(
        twice.economy.trade, with_travel(plain).economy.trade, rtol=1e-9, atol=1e-9
    )


# The table


def test_every_figure_has_a_source_and_every_range_holds_its_figure() -> None:
    table = travel_table()
    for one in table.spending.values():
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
        spent = have["spending_per_visitor"]
        assert (spent.value, spent.lowest, spent.highest) == (2080, 1500, 2500)
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


def test_what_is_lost_grows_with_the_flow(plain: Baseline) -> None:
    """A small wedge costs about in proportion to the flow that it is on."""
    least, most = (with_travel(plain, spending=end) for end in ("lowest", "highest"))
    before, after = slopes(least).welfare, slopes(most).welfare
    larger = flow(most, *CELL) / flow(least, *CELL)
    assert larger == pytest.approx(2080 / 1239, rel=ROUNDED)
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


@pytest.mark.parametrize("rent", ["importer", "exporter", "nobody"])
def test_where_visitors_stay_away_every_sector_loses_what_they_buy(
    travelled: Baseline, rent: str
) -> None:
    """The mark-up is the inverse of a constant elasticity at each flow's part of travel."""
    policy = {"kind": "rationing", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CUL"],
              "markup": 0.2, "rent": rent, "visitors": 0.4}  # fmt: skip
    shock = held_back(travelled, policy)
    o, d = travelled.country_index["KOR"], travelled.country_index["CHN"]
    rationed = 0.0 if shock.rationing is None else np.asarray(shock.rationing)
    price = np.array(shock.trade_cost_hat) * (1 + rationed)
    theta, trade = (
        np.asarray(getattr(travelled.economy, name)) for name in ("trade_elasticity", "trade")
    )
    spent, rows = written(2019)["KOR", "CHN"], section_shares("KOR", "CHN")
    for sector, letter in (("TOU", "I"), ("TRD", "G")):
        s = travelled.sector_index[sector]
        share = min(rows[letter] * spent / trade[o, d, s], 1)
        left = price[o, d, s] ** -(1 + theta[s])
        assert left == pytest.approx(1 - 0.4 * share, rel=1e-3), sector
    assert price[o, d, travelled.sector_index["CUL"]] == pytest.approx(1.2)
    price[o, d] = 1
    assert (price == 1).all()


def test_where_visitors_stay_away_tastes_turn_from_what_they_buy(travelled: Baseline) -> None:
    policy = {"kind": "taste", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["CUL"],
              "change": -0.1, "visitors": 0.4}  # fmt: skip
    taste = np.asarray(held_back(travelled, policy).taste_hat)
    o, d = travelled.country_index["KOR"], travelled.country_index["CHN"]
    at = travelled.sector_index
    assert taste[o, d, at["CUL"]] == pytest.approx(0.9)
    assert taste[o, d, at["TOU"]] == pytest.approx(0.6, rel=1e-6)
    assert 0.6 < taste[o, d, at["FOD"]] < 1 and taste[o, d, at["MIN"]] == 1


def test_a_world_without_travel_says_that_other_sectors_stay(plain: Baseline) -> None:
    scenario = detente.load_scenario("china-korea/korea-boycott")
    tours = scenario.policies["tours"]
    assert "no travel laid over it" in tours.describe(plain, None)[-1]
    shock = prepare(plain, scenario).shock
    o, d = plain.country_index["KOR"], plain.country_index["CHN"]
    assert float(np.asarray(shock.rationing)[o, d, plain.sector_index["TRD"]]) == 0


def test_a_sector_that_is_nearly_all_sold_at_home_is_balanced(plain: Baseline) -> None:
    """Scaling rows and columns in turn would need about a sweep for every home sale of the trade;
    the answer is still that of minimum cross-entropy: ratios across are those of the seed."""
    random = np.random.default_rng(3)
    size, s = len(plain.countries), plain.sector_index["PUB"]
    matrix = 1e-4 * random.uniform(0.1, 1, (size, size)) + np.diag(random.uniform(1e5, 1e6, size))
    trade = plain.economy.trade.at[:, :, s].set(matrix)
    world = replace(plain, economy=replace(plain.economy, trade=trade))
    laid = with_satellite(world, [Addition("KOR", "CHN", "PUB", 500.0, "a test")])
    after = np.asarray(laid.economy.trade)[:, :, s]
    for axis in (0, 1):
        np.testing.assert_allclose(after.sum(axis), matrix.sum(axis), rtol=ACCOUNT)
    factor = np.log(np.delete(after / matrix, 0, axis=0))
    np.testing.assert_allclose(
        factor - factor[:, :1], factor[:1] - factor[:1, :1] + 0 * factor, atol=1e-6
    )


# The table of 2019


@pytest.mark.shared
def test_shares_are_those_of_the_table(raw_directory: Path) -> None:
    """Chinese in South Korea: food and lodging 41 %, transport 16, goods 15, education 5, arts 4."""
    spent, _ = table_of_2019(raw_directory)
    for pair in composition():
        whole = sum(spent[pair].values())
        kept = {name: one / whole for name, one in spent[pair].items() if one / whole >= 0.002}
        assert sum(kept.values()) > 0.99
        for section, share in section_shares(*pair).items():
            assert share == pytest.approx(kept[section] / sum(kept.values()), abs=5e-5)
    korea = section_shares("KOR", "CHN")
    rounded = [round(100 * korea[one]) for one in "IHCPR"]
    assert rounded == [41, 16, 15, 5, 4]


@pytest.mark.shared
def test_accommodation_says_how_much_travel_a_table_has(
    raw_directory: Path, plain: Baseline
) -> None:
    """The rule of netting, on the table that has the truth apart: what crosses a border in
    accommodation and food over its share of travel is all of travel."""
    spent, flows = table_of_2019(raw_directory)
    for exporter, importer in composition():
        o, d, s = (plain.country_index[exporter], plain.country_index[importer],
                   plain.sector_index["TOU"])  # fmt: skip
        trade = plain.economy.trade.at[o, d, s].set(flows[exporter, importer])
        world = replace(plain, economy=replace(plain.economy, trade=trade))
        read = booked(world, exporter, importer, shares_of(world, exporter, importer))
        # Sections below 0.2 % are left out of the shares, and firms buy a little of the flow.
        assert read == pytest.approx(sum(spent[exporter, importer].values()), rel=0.01)


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
        (
            {"sectors": tuple(f"S{at}" for at in range(28)), "sector_groups": {}},
            {},
            "no sector or group TOU",
        ),
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
    assert len(marked) == 1 and marked[0].startswith("satellite: KOR to CHN, ")
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
    # What is read; a program behind it may have any letters.
    read = page.partition("<script")[0].replace("\u00a0", " ")
    assert "satellite: KOR to CHN, 18 sectors" in read and not re.search(r"\bnan\b", read)
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
