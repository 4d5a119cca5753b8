"""What the scenarios of agreements, money, deals, entertainment and duties must be, by property."""

import importlib.util
from functools import cache
from pathlib import Path

import equinox as eqx
import numpy as np
import pandas as pd
import pytest

import detente
from detente.calibrate.baseline import baseline_from_dataset
from detente.calibrate.travel import with_travel
from detente.commands import by_subject, list_scenarios
from detente.data.us_tariffs import added_by_region, IN_2024, read_tracker, schedule
from detente.episodes import load_episode
from detente.episodes.entertainment import shares_elsewhere
from detente.gazetteer import TRAVEL
from detente.policy import CurrencySettlement, Opening, speed_of_adoption
from detente.scenario import available, compile_shock
from detente.world import Baseline
from tools.pages.written import render


ROOT = Path(__file__).parents[1]
FOLDER = "china-korea"
# The older scenarios of the agreement of two give one source for several parts.
GIVES_SOURCES = [
    one.name for one in list_scenarios() if one.subject != "The agreement of China and Korea"
]
TRACKER = Path("tariffs") / "us_tariff_by_country_by_time_2025_2026.csv"


@cache
def world(name: str) -> Baseline:
    return detente.load_baseline(name)


@cache
def full_world(name: str, raw: Path) -> Baseline:
    plain = name.removesuffix(TRAVEL)
    built = baseline_from_dataset(detente.build_world(plain, raw))
    return built if plain == name else with_travel(built)


@cache
def welfare(name: str, *overrides: str) -> dict[str, float]:
    scenario = detente.load_scenario(f"{FOLDER}/{name}", overrides)
    outcome = detente.simulate(world(scenario.baseline), scenario)
    assert outcome.attrs["solved"]
    return {code: float(outcome.welfare.sel(country=code)) for code in outcome.country.values}


def close(first: dict[str, float], second: dict[str, float], tolerance: float = 1e-8) -> None:
    assert list(first) == list(second)
    np.testing.assert_allclose(list(first.values()), list(second.values()), atol=tolerance)


def shock_tariff(name: str, *overrides: str) -> np.ndarray:
    scenario = detente.load_scenario(f"{FOLDER}/{name}", overrides)
    return np.asarray(compile_shock(scenario, world(scenario.baseline)).tariff)


# What every file has


@pytest.mark.parametrize("name", GIVES_SOURCES)
def test_every_size_has_a_source(name: str) -> None:
    scenario = detente.load_scenario(name)
    assert all(policy.source for policy in scenario.policies.values())
    assert scenario.subject and len(scenario.focus) >= 2


@pytest.mark.parametrize("name", GIVES_SOURCES)
def test_names_resolve_on_the_full_world(name: str, raw_directory: Path) -> None:
    scenario = detente.load_scenario(name)
    fine = full_world(scenario.baseline.replace("compact", "world"), raw_directory)
    played = detente.simulation.prepare(fine, scenario)
    assert not eqx.tree_equal(played.shock, detente.Shock.none(fine.economy))


def test_the_page_of_the_library_has_every_scenario_and_its_answer() -> None:
    page = render((ROOT / "docs/reference/library.md").read_text(encoding="utf-8"))
    rows = {
        name: [line for line in page.splitlines() if f"| `{name}` |" in line]
        for name in available()
    }
    assert all(len(found) == 1 for found in rows.values())
    kept = pd.read_csv(available()["china-korea/cjk"].with_suffix(".expected.csv"))
    value = kept[(kept.variable == "welfare") & (kept.label == "JPN")].value.item()
    assert f"JPN {value:+.2f}" in rows["china-korea/cjk"][0]


def test_scenarios_are_listed_under_their_subjects() -> None:
    found = list_scenarios()
    groups = by_subject([*found, found[0].model_copy(update={"subject": "", "name": "own"})])
    assert sorted(one.name for group in groups.values() for one in group) == sorted(
        [*available(), "own"]
    )
    assert list(groups)[-1] == "Other" and [one.name for one in groups["Other"]] == ["own"]


# Agreements


def test_the_end_does_not_depend_on_who_signs_first() -> None:
    whole = welfare("cjk")
    close(welfare("cjk-after-bilateral"), whole)
    close(welfare("cjk-before-bilateral"), whole)


def test_what_a_step_is_worth_does() -> None:
    """The bilateral agreement is worth all of itself before the trilateral one, nothing after."""
    close(welfare("cjk-after-bilateral", "year=2029"), welfare("goods-upgrade"))
    close(
        welfare("cjk-before-bilateral", "year=2030"), welfare("cjk-before-bilateral", "year=2029")
    )
    first, end = welfare("cjk-after-bilateral", "year=2029"), welfare("cjk-after-bilateral")
    added_second = {code: end[code] - first[code] for code in end}
    assert max(abs(added_second[code] - welfare("cjk")[code]) for code in end) > 0.01


def test_stopping_after_the_first_step_is_the_agreement_of_two() -> None:
    close(welfare("cjk-after-bilateral", "trilateral.enabled=false"), welfare("goods-upgrade"))


@pytest.mark.parametrize("name", ["cptpp-korea", "cptpp-china", "cptpp-korea-and-china"])
def test_an_accession_moves_the_duties_of_those_who_join_alone(name: str) -> None:
    base = world("compact-2022")
    joins = {"cptpp-korea": ["KOR"], "cptpp-china": ["CHN"]}.get(name, ["KOR", "CHN"])
    moved = shock_tariff(name) != np.asarray(base.economy.tariff)
    new = np.array([code in joins for code in base.countries])
    assert moved.any() and not moved[~new][:, ~new].any()


def test_the_exceptions_keep_their_duties_and_all_else_is_freed() -> None:
    base = world("compact-2022")
    whole, excepted = shock_tariff("cptpp-korea"), shock_tariff("cptpp-korea-with-exceptions")
    kept = np.array([sector in ("AGR", "AUT") for sector in base.sectors])
    np.testing.assert_array_equal(excepted[:, :, kept], np.asarray(base.economy.tariff)[:, :, kept])
    np.testing.assert_array_equal(excepted[:, :, ~kept], whole[:, :, ~kept])
    close(
        welfare("cptpp-korea-with-exceptions", "agreement.except_sectors=[]"),
        welfare("cptpp-korea"),
    )


def test_a_partnership_that_cuts_nothing_is_the_baseline() -> None:
    for name in ("rcep", "cptpp-korea", "tpp-with-usa"):
        assert max(map(abs, welfare(name, "agreement.tariff_cut=0.0").values())) < 1e-9


def test_rcep_comes_in_steps_of_its_cut() -> None:
    base = np.asarray(world("compact-2022").economy.tariff)
    whole, half = shock_tariff("rcep"), shock_tariff("rcep", "year=2031")
    np.testing.assert_allclose(base - half, (base - whole) / 2, atol=1e-15)
    np.testing.assert_array_equal(shock_tariff("rcep", "year=2021"), base)


def test_korea_outside_and_inside_differ_by_its_own_duties_alone() -> None:
    outside, inside = shock_tariff("tpp-with-usa"), shock_tariff("tpp-with-usa-and-korea")
    base = world("compact-2014")
    korea = base.country_index["KOR"]
    others = [n for n in range(len(base.countries)) if n != korea]
    np.testing.assert_array_equal(outside[np.ix_(others, others)], inside[np.ix_(others, others)])
    assert (inside <= outside).all() and (inside < outside).any()


def test_duties_come_back_between_korea_and_the_united_states_alone() -> None:
    base = world("compact-2022")
    risen = shock_tariff("korus-removed") - np.asarray(base.economy.tariff)
    pair = [base.country_index[code] for code in ("KOR", "USA")]
    assert (risen[pair[0], pair[1]] >= 0).all() and risen[pair[0], pair[1]].any()
    risen[np.ix_(pair, pair)] = 0
    assert not risen.any()
    off = ("united_states.enabled=false", "korea.enabled=false")
    assert max(map(abs, welfare("korus-removed", *off).values())) < 1e-9


# Money


def test_the_speed_of_adoption_is_that_of_the_two_published_points() -> None:
    """1.2 % in the middle of 2014 and 3 % in the middle of the third quarter of 2015 (V12)."""
    policy = detente.load_scenario("china-korea/yuan-won-adoption").policies["exchange"]
    assert isinstance(policy, CurrencySettlement) and policy.adoption is not None
    found = speed_of_adoption(0.012, 0.03, 2015.625 - 2014.5, 20.0)
    assert policy.adoption.speed == pytest.approx(found, rel=1e-5)
    assert policy.adoption.share(20.0, 2015.625) == pytest.approx(0.03, rel=1e-5)


def test_the_gain_is_in_proportion_to_what_is_saved() -> None:
    once, twice = welfare("yuan-won"), welfare("yuan-won", "exchange.vehicle_cost=60")
    assert twice["KOR"] / once["KOR"] == pytest.approx(2, rel=1e-3)
    assert 0 < once["KOR"] < 0.01


def test_four_times_the_share_is_four_times_the_gain() -> None:
    assert welfare("yuan-won-swap-line")["KOR"] / welfare("yuan-won")["KOR"] == pytest.approx(
        4, rel=1e-2
    )
    close(welfare("yuan-won-swap-line", "year=2025"), welfare("yuan-won"), 1e-9)


# Visits, deals, entertainment


def test_memoranda_bind_nobody() -> None:
    close(welfare("export-deals-2026"), welfare("export-deals-2026", "memoranda.enabled=false"))


def test_contracts_are_three_ten_thousandths_of_the_flow() -> None:
    """44.11 million; 0.035 % of the customs exports of 2023, and as little of the baseline's."""
    base = world("compact-2022")
    said = detente.load_scenario("china-korea/export-deals-2026").policies["contracts"]
    goods = [base.sector_index[code] for code in base.sector_groups["goods"]]
    sold = np.asarray(base.economy.trade)[
        base.country_index["KOR"], base.country_index["CHN"], goods
    ]
    assert f"{100 * 44.11 / sold.sum():.3g} % of that flow" in said.describe(base, None)[0]
    assert 0.02 < 100 * 44.11 / sold.sum() < 0.05


def test_a_visit_fades_by_half_each_year() -> None:
    years = [welfare("state-visit", f"year={year}")["KOR"] for year in (2025, 2026, 2027, 2028)]
    assert years[0] == pytest.approx(0, abs=1e-9)
    # The log of the quantity is halved, and welfare goes with what is sold more.
    more = 1.09 ** np.array([0.5, 0.25]) - 1
    np.testing.assert_allclose(np.array(years[2:]) / years[1], more / 0.09, rtol=0.03)


def test_entertainment_has_the_share_it_has_where_nothing_forbids_it() -> None:
    choices = load_episode("thaad").choices
    shares = shares_elsewhere(world("compact-2022"), "KOR", "AVP", choices["without_ban"])
    policy = detente.load_scenario("china-korea/entertainment-opening").policies["entertainment"]
    assert isinstance(policy, Opening)
    assert policy.potential_share == pytest.approx(np.median(list(shares.values())), abs=1e-5)


# Washington


def lines(name: str) -> pd.DataFrame:
    return pd.read_csv(available()[f"{FOLDER}/truce-broken"].with_name(f"{name}.csv"))


def by_partner(name: str) -> dict[tuple[str, str], float]:
    return lines(name).set_index(["exporter", "sector"]).change.to_dict()


def test_allies_pay_what_they_pay_among_all() -> None:
    everyone, allies = by_partner("us-tariffs-2025-26"), by_partner("us-tariffs-on-allies")
    assert allies == {key: everyone[key] for key in allies}
    assert {code for code, _ in allies} == {
        "KOR", "JPN", "EU27", "GBR", "CAN", "MEX", "TWN", "ANZ",
    }  # fmt: skip


def test_everyone_pays_and_each_its_own() -> None:
    base = world("compact-2022")
    added = shock_tariff("us-tariffs-2025-26") - np.asarray(base.economy.tariff)
    usa, wanted = base.country_index["USA"], by_partner("us-tariffs-2025-26")
    partners = {code for code, _ in wanted}
    for code in set(base.countries) - {"USA"}:
        own = code if code in partners else "all"
        for sector in base.sector_groups["goods"]:
            expected = wanted.get((own, sector), wanted.get((own, "goods")))
            place = base.country_index[code], usa, base.sector_index[sector]
            assert added[place] == pytest.approx(expected, abs=1e-12), (code, sector)
    added[:, usa] = 0
    assert not added.any()


def test_one_rate_a_country_can_be_played_instead() -> None:
    base = world("compact-2022")
    chosen = ("duties.enabled=false", "one-rate.enabled=true")
    added = shock_tariff("us-tariffs-2025-26", *chosen) - np.asarray(base.economy.tariff)
    of_korea = added[base.country_index["KOR"], base.country_index["USA"]]
    assert set(np.round(of_korea, 6)) == {0.0, by_partner("us-tariffs-one-rate")["KOR", "goods"]}


def test_a_broken_truce_is_the_rate_announced() -> None:
    base = world("compact-2022")
    cell = (base.country_index["KOR"], base.country_index["USA"], base.sector_index["AUT"])
    added = shock_tariff("truce-broken")[cell] - np.asarray(base.economy.tariff)[cell]
    assert added == pytest.approx(0.2559, abs=1e-4)
    assert welfare("truce-broken")["KOR"] < welfare("truce-broken", "threat.enabled=false")["KOR"]


@pytest.fixture(scope="module")
def tracker(raw_directory: Path) -> pd.DataFrame:
    return read_tracker(raw_directory / TRACKER)


@pytest.mark.shared
def test_the_tracker_has_what_was_published_for_korea(tracker: pd.DataFrame) -> None:
    assert added_by_region(tracker, "2026-08-19")["KOR"] == pytest.approx(13.6, abs=0.05)
    assert added_by_region(tracker, "2026-08-19", IN_2024)["KOR"] == pytest.approx(0.19, abs=0.005)


@pytest.mark.shared
def test_the_rates_of_the_tracker_come_on_top_of_those_of_2024(tracker: pd.DataFrame) -> None:
    """Its author gives a mean of about 10.8 % in April 2026, the 2.3 % of before included; and on
    the first date those without an action have nothing, whatever they paid in 2024."""
    april = tracker[tracker.date == "2026-04-06"]
    means = [np.average(april[name], weights=april["total imports"])
             for name in ("effective tariff", IN_2024)]  # fmt: skip
    assert sum(means) == pytest.approx(10.8, abs=0.1)
    first = tracker[tracker.date == "2025-02-04"].set_index("country_name")
    assert first.loc["JAPAN", IN_2024] > 1 and first.loc["JAPAN", "effective tariff"] == 0


@pytest.mark.shared
def test_the_shipped_schedules_are_those_of_the_tool(raw_directory: Path) -> None:
    spec = importlib.util.spec_from_file_location("tool", ROOT / "tools" / "us_tariffs.py")
    assert spec is not None and spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    for name, found in tool.schedules(raw_directory).items():
        pd.testing.assert_frame_equal(lines(name), found)


def test_regions_are_means_weighted_by_imports(tmp_path: Path) -> None:
    rows = [("2026-01-01", "MALAYSIA", 10.0, 300.0, 1.0), ("2026-01-01", "THAILAND", 20.0, 100.0, 3.0),
            ("2026-01-01", "NORWAY", 7.0, 10.0, 0.0), ("2026-01-01", "CHILE", 5.0, 30.0, 0.0)]  # fmt: skip
    table = pd.DataFrame(
        rows, columns=["date", "country_name", "effective tariff", "total imports", IN_2024]
    )
    table.to_csv(tmp_path / "tracker.csv", index=False)
    read = read_tracker(tmp_path / "tracker.csv")
    assert added_by_region(read, "2026-01-01") == pytest.approx({"all": 5.5, "ASE": 12.5})
    assert schedule(added_by_region(read, "2026-01-01")).exporter.tolist() == ["all", "ASE"]
    with pytest.raises(detente.DetenteError, match="2026-01-01"):
        added_by_region(read, "2026-01-02")
    with pytest.raises(detente.DetenteError, match="no table of American tariffs"):
        read_tracker(tmp_path / "none.csv")
