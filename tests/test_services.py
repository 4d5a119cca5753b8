"""What a services chapter opens: no trade margins, and industries by the weight of their fields."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from detente._core import ScenarioError
from detente.calibrate.assemble import groups_of_sectors
from detente.calibrate.baseline import baseline_from_dataset
from detente.calibrate.wedges import restrictiveness, restrictiveness_of
from detente.data.concordance import industries, Industry
from detente.data.stri import field_weights, implied_weights, read_totals
from detente.scenario import assumptions, compile_shock, load_scenario, parse_scenario
from detente.world import Baseline

from .test_policy import CHINA_GAP, CHN, KOR, with_index
from .worlds import dataset, economy


OPENING = {
    "kind": "services_liberalisation", "opens": ["CHN"], "to": ["KOR"],
    "stri_cut": 0.5, "cost_per_stri_point": 1.5,
}  # fmt: skip
BUS = 2
FIELDS = ["PSACC", "PSENG", "TRRAI", "TRROF"]


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    """The only service with an index of the small world as a margin on goods."""
    groups = {"goods": ["CAR"], "services": ["ELE", "BUS"], "margins": ["BUS"]}
    world = with_index(dataset(economy())).assign_attrs(sector_groups=json.dumps(groups))
    return baseline_from_dataset(world)


def opened(baseline: Baseline, **fields) -> tuple[float, str]:
    """The log cost that goes from Korea to China, and what is said."""
    policies = {"one": {**OPENING, **fields}}
    scenario = parse_scenario({"title": "A test", "policies": policies}, "test")
    shock = compile_shock(scenario, baseline)
    said = " ".join(assumptions(scenario, baseline))
    return -float(np.log(shock.trade_cost_hat[KOR, CHN, BUS])), said


@pytest.mark.parametrize("sectors", [["services"], "all", ["goods", "services"]])
def test_margins_stay_as_they_are_unless_they_are_named(baseline: Baseline, sectors) -> None:
    cut, said = opened(baseline, sectors=sectors)
    assert cut == 0.0 and "is not opened: its trade margins travel with goods" in said


@pytest.mark.parametrize("sectors", [["BUS"], ["margins"], ["services", "margins"], ["CAR", "BUS"]])
def test_margins_are_opened_by_name_and_it_is_said(baseline: Baseline, sectors) -> None:
    cut, said = opened(baseline, sectors=sectors)
    assert cut == pytest.approx(0.5 * 1.5 * CHINA_GAP)
    assert "is opened because it is named" in said


def test_margins_that_are_excepted_need_no_sentence(baseline: Baseline) -> None:
    cut, said = opened(baseline, except_sectors=["margins"])
    assert cut == 0.0 and "margins" not in said


def test_a_world_without_the_group_opens_every_service() -> None:
    plain = baseline_from_dataset(with_index(dataset(economy())))
    cut, said = opened(plain)
    assert cut == pytest.approx(0.5 * 1.5 * CHINA_GAP) and "margins" not in said
    with pytest.raises(ScenarioError, match="'margins' is not a sector"):
        opened(plain, sectors=["margins"])


@pytest.mark.parametrize(
    ("classification", "margins"),
    [("icio", ["G"]), ("icio_2025", ["G"]), ("wiod", ["G45", "G46", "G47"])],
)
def test_every_classification_has_its_margins(classification: str, margins: list[str]) -> None:
    groups = groups_of_sectors(industries(classification))
    assert groups["margins"] == margins and set(margins) <= set(groups["services"])


def industry(code: str, *fields: str) -> Industry:
    return Industry(code, code, "services", code, (), fields, (code,))


ROWS = (industry("M", "PSACC", "PSENG"), industry("H49", "TRRAI", "TRROF"))


def scores(**countries: tuple[float, float, float, float]) -> xr.DataArray:
    """Two policy areas that share each field's score evenly."""
    values = np.array(list(countries.values()))[None].repeat(2, axis=0) / 2.0
    coords = {"policy_area": ["entry", "people"], "country": list(countries), "sector": FIELDS}
    return xr.DataArray(values, coords, ("policy_area", "country", "sector"))


def test_fields_count_by_their_weight() -> None:
    weight = field_weights()
    given = scores(A=(0.6, 0.2, 0.4, 0.2), B=(0.1, 0.1, 0.1, 0.1))
    found, best = restrictiveness_of(given, ["A"], ROWS)
    by_hand = (weight["PSACC"] * 0.6 + weight["PSENG"] * 0.2) / (weight["PSACC"] + weight["PSENG"])
    assert float(found.sum("policy_area").sel(country="A", sector="M")) == pytest.approx(by_hand)
    assert by_hand < 0.4  # the simple mean
    np.testing.assert_allclose(best.sum("policy_area"), 0.1)


def test_a_closed_field_has_no_weight() -> None:
    """Where nothing may be sold nothing is; a second field decides, and the score of one does not
    go by degrees: 0.98 counts, 1.00 does not."""
    ends = {}
    for closed in (0.98, 1.0):
        found, _ = restrictiveness_of(scores(A=(closed, 0.2, closed, 0.2)), ["A"], ROWS)
        ends[closed] = found.sum("policy_area").sel(country="A")
    np.testing.assert_allclose(ends[1.0], 0.2)
    assert float(ends[0.98].sel(sector="M")) > 0.3


def test_an_industry_of_closed_fields_stays_closed() -> None:
    found, _ = restrictiveness_of(scores(A=(1.0, 1.0, np.nan, 1.0)), ["A"], ROWS)
    np.testing.assert_allclose(found.sum("policy_area").sel(country="A"), 1.0)


def test_the_weights_are_found_where_they_are_known() -> None:
    """An average made of known weights gives them back; a row that lacks a field is left out."""
    from pandas import DataFrame

    random = np.random.default_rng(3)
    made = DataFrame(random.random((40, 3)), columns=["a", "b", "c"])
    made["ALLSEC"] = 0.5 * made["a"] + 0.5 * made["b"]
    made.loc[0, ["a", "ALLSEC"]] = np.nan, 9.0
    weights, left = implied_weights(made)
    assert weights == pytest.approx({"a": 0.5, "b": 0.5, "c": 0.0}, abs=1e-6)
    assert len(left) == 39 and np.abs(left).max() < 1e-6


def test_the_weights_that_ship_are_those_of_the_average(raw_directory: Path) -> None:
    scores = read_totals(raw_directory)
    weights, left = implied_weights(scores)
    assert field_weights() == pytest.approx(weights, abs=1e-4)
    assert sum(field_weights().values()) == pytest.approx(1.0, abs=1e-3)
    # Weights of ours would not add up to the average so well: simple ones miss it by 0.09.
    assert np.abs(left).max() < 0.03
    simple = scores.dropna().drop(columns="ALLSEC").mean(axis=1) - scores.dropna()["ALLSEC"]
    assert float(simple.abs().max()) > 0.08


def test_neither_accountants_nor_railways_close_korea(raw_directory: Path) -> None:
    """Both are closed to foreigners in Korea; engineers and lorries are not."""
    rows = tuple(row for row in industries("icio_2025") if row.code in ("M", "H49"))
    score, best = restrictiveness(raw_directory, 2022, ["KOR", "CHN"], rows)
    gap = (score - best).sum("policy_area")
    assert float(gap.sel(country="KOR", sector="M")) == pytest.approx(0.173, abs=0.001)
    assert float(gap.sel(country="KOR", sector="H49")) == pytest.approx(0.163, abs=0.001)
    assert float(gap.sel(country="CHN", sector="M")) == pytest.approx(0.216, abs=0.001)


def test_the_chapters_have_one_depth_and_cost() -> None:
    names = ("services-opening", "services-both", "services-mfn", "services-with-culture",
             "phase-two", "korea-japan")  # fmt: skip
    found = {
        (policy.stri_cut, policy.cost_per_stri_point)
        for name in names
        for policy in load_scenario(f"china-korea/{name}").policies.values()
        if policy.kind == "services_liberalisation"
    }
    assert found == {(0.25, 1.54)}
