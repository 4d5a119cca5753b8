"""The shipped scenarios: what they say, how they nest, and that their results have not moved."""

import csv
import html
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import detente
from detente import commands
from detente.scenario import available

from .expected import rows


# Expected values are kept to six digits.
KEPT_DIGITS = 1e-5
SOLVED = 1e-10
"""The largest residual of an equilibrium: values are rounding below this part of all flows."""
NO_DRAWS = "uncertainty.draws=0"
QUOTED = "china-korea/services-opening"
NAMES = list(available())


@pytest.fixture(scope="module")
def outcomes() -> dict[str, xr.Dataset]:
    """The one that the readme quotes with its intervals, the others without."""
    without = {name: [] if name == QUOTED else [NO_DRAWS] for name in NAMES}
    return {
        name: commands.run(name, overrides=changes, keep=False).outcome
        for name, changes in without.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_results_are_the_expected_ones(name: str, outcomes: dict[str, xr.Dataset]) -> None:
    """Notices change, proves nothing else: `make expect` writes them again."""
    path: Path = available()[name].with_suffix(".expected.csv")
    with path.open(newline="", encoding="utf-8") as file:
        kept = list(csv.DictReader(file))
    now = list(rows(outcomes[name]))
    rounding = SOLVED * float(outcomes[name].trade_before.sum())
    assert [(row["variable"], row["label"], row["unit"]) for row in kept] == [
        row[:3] for row in now
    ]
    for row, (*_, value) in zip(kept, now, strict=True):
        nothing = rounding if row["unit"] == "million US$" else 1e-7
        expected = pytest.approx(float(row["value"]), rel=KEPT_DIGITS, abs=nothing)
        assert float(value) == expected, (row["variable"], row["label"])


@pytest.mark.parametrize("name", NAMES)
def test_every_scenario_is_solved_and_says_what_it_leaves_out(
    name: str, outcomes: dict[str, xr.Dataset]
) -> None:
    scenario, outcome = detente.load_scenario(name), outcomes[name]
    assert outcome.attrs["solved"] and outcome.attrs["residual"] < 1e-9
    assert scenario.title and scenario.question and scenario.reading and scenario.limits


def test_phase_two_is_the_sum_of_its_parts(outcomes: dict[str, xr.Dataset]) -> None:
    """Services, investment and finance share out the whole gap, so that together they are the same
    cost cut as opening services both ways."""
    whole, both = outcomes["china-korea/phase-two"], outcomes["china-korea/services-both"]
    np.testing.assert_allclose(whole.welfare, both.welfare, rtol=1e-6, atol=1e-9)


def test_phase_two_with_nothing_switched_on_is_the_baseline() -> None:
    parts = ("services", "investment", "finance")
    off = [NO_DRAWS, *(f"{part}.enabled=false" for part in parts)]
    outcome = commands.run("china-korea/phase-two", overrides=off, keep=False).outcome
    np.testing.assert_allclose(outcome.welfare, 0.0, atol=1e-10)


def test_each_part_adds_to_korea(outcomes: dict[str, xr.Dataset]) -> None:
    parts = ("services", "investment", "finance")
    alone = []
    for part in parts:
        off = [NO_DRAWS, *(f"{other}.enabled=false" for other in parts if other != part)]
        one = commands.run("china-korea/phase-two", overrides=off, keep=False).outcome
        alone.append(float(one.welfare.sel(country="KOR")))
    assert min(alone) > 0
    whole = float(outcomes["china-korea/phase-two"].welfare.sel(country="KOR"))
    # Cost cuts compound: together they are worth more than one by one.
    assert whole > sum(alone)


def test_a_phase_in_reaches_the_whole(outcomes: dict[str, xr.Dataset]) -> None:
    korea = [
        float(
            commands.run(
                "china-korea/phase-two", overrides=[NO_DRAWS, f"year={year}"], keep=False
            ).outcome.welfare.sel(country="KOR")
        )
        for year in (2026, 2028, 2031)
    ]
    assert korea[0] == pytest.approx(0.0, abs=1e-10)
    assert korea[0] < korea[1] < korea[2]
    whole = float(outcomes["china-korea/phase-two"].welfare.sel(country="KOR"))
    assert korea[2] == pytest.approx(whole, rel=1e-9)


def test_sharing_an_opening_with_everyone_costs_korea(outcomes: dict[str, xr.Dataset]) -> None:
    """Preference erosion: the same cut, granted to all, is worth less to the one it was for."""
    alone = outcomes["china-korea/services-opening"].welfare
    shared = outcomes["china-korea/services-mfn"].welfare
    assert float(shared.sel(country="KOR")) < float(alone.sel(country="KOR"))
    assert float(shared.sel(country="CHN")) > float(alone.sel(country="CHN"))


def test_scenarios_also_play_on_the_world_before_phase_one() -> None:
    outcome = commands.run(
        "china-korea/goods-upgrade", overrides=[NO_DRAWS], baseline="compact-2014", keep=False
    ).outcome
    assert outcome.attrs["solved"] and outcome.attrs["baseline_year"] == 2014
    assert float(outcome.welfare.sel(country="KOR")) > 0


def test_the_four_lines_of_the_readme() -> None:
    base = detente.load_baseline("compact-2022")
    scenario = detente.load_scenario("china-korea/services-opening")
    outcome = detente.simulate(base, scenario)
    assert float(outcome.welfare.sel(country="KOR")) > float(outcome.welfare.sel(country="CHN")) > 0


def test_the_shipped_worlds_carry_what_a_user_must_know() -> None:
    for name in ("compact-2022", "compact-2014"):
        about = detente.load_baseline(name).about
        for key in (
            "year",
            "basis",
            "licence",
            "source",
            "imputation",
            "adjustments",
            "elasticities",
        ):
            assert about[key], f"{name} does not say its {key}"


def test_the_readme_quotes_the_answer(outcomes: dict[str, xr.Dataset]) -> None:
    readme = Path(__file__).parents[1].joinpath("README.md").read_text(encoding="utf-8")
    quoted = " ".join(readme.split())
    said = detente.answer(outcomes[QUOTED])
    for sentence in said[:3]:
        assert " ".join(sentence.split()) in quoted.replace("'", "’") or sentence in quoted


def test_a_published_set_can_be_chosen(outcomes: dict[str, xr.Dataset]) -> None:
    """Two routes to the same number: the set as a setting, and the row of the range."""
    name = "china-korea/services-opening"
    chosen = commands.run(name, overrides=[NO_DRAWS, "elasticities=FGO"], keep=False).outcome
    row = outcomes[name]["welfare_by_elasticity"].sel(publication="FGO")
    np.testing.assert_allclose(chosen.welfare, row, rtol=1e-9)
    assert float(row.sel(country="KOR")) != pytest.approx(
        float(outcomes[name].welfare.sel(country="KOR"))
    )


@pytest.mark.parametrize("name", ["compact-2022", "compact-2014"])
def test_the_shipped_worlds_are_exact_equilibria(name: str) -> None:
    """Goods, expenditure, income and share identities, and a run without a shock, to rounding."""
    economy = detente.load_baseline(name).economy
    income = economy.value_added + economy.tariff_revenue + economy.deficit
    np.testing.assert_allclose(income, economy.income, rtol=1e-12)
    np.testing.assert_allclose(economy.expenditure_share.sum(axis=0), 1.0, rtol=1e-12)
    np.testing.assert_allclose(economy.final_share.sum(axis=1), 1.0, rtol=1e-12)
    assert float(economy.final_demand.min()) >= 0
    still = detente.solve(economy, detente.Shock.none(economy))
    assert int(still.steps) == 1
    np.testing.assert_allclose(still.price_hat, 1.0, rtol=1e-13)


def test_the_brief_says_how_the_policies_are_represented(outcomes: dict[str, xr.Dataset]) -> None:
    """Investment and finance are stand-ins here, and a reader of the brief must be told so."""
    page = detente.brief(outcomes["china-korea/phase-two"])
    scenario = detente.load_scenario("china-korea/phase-two")
    plain = page.replace("\u00a0", " ")
    assert scenario.reading.partition(".")[0] in html.unescape(plain)
    assert all(limit in html.unescape(plain) for limit in scenario.limits)
