"""Export taxes, rationing and prohibitions: what a request does to the wedges, by hand."""

import numpy as np
import pytest

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.scenario import assumptions, compile_shock, parse_scenario, to_toml
from detente.simulation import simulate
from detente.world import Baseline, Shock

from .worlds import dataset, economy


KOR, CHN = 0, 1
ELE, BUS = 1, 2
TAX = {
    "kind": "export_tax",
    "exporters": ["CHN"],
    "importers": ["KOR"],
    "sectors": ["ELE"],
    "rate": 0.2,
}
QUOTA = {
    "kind": "rationing",
    "importers": ["CHN"],
    "exporters": ["KOR"],
    "sectors": ["BUS"],
    "markup": 0.3,
}
BAN = {"kind": "prohibition", "importers": ["CHN"], "exporters": ["KOR"], "sectors": ["BUS"]}
LATER = {"phase_in": {"start": 2030, "years": 2}}


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def played(baseline: Baseline, *policies: dict, year: int | None = None) -> Shock:
    return compile_shock(scenario(*policies, year=year), baseline)


def scenario(*policies: dict, year: int | None = None):
    named = {f"p{place}": policy for place, policy in enumerate(policies)}
    return parse_scenario({"title": "A test", "policies": named, "year": year}, "test")


def only(cell: tuple[int, int, int], value: float) -> np.ndarray:
    array = np.zeros((5, 5, 3))
    array[cell] = value
    return array


def test_an_export_tax_is_where_it_was_asked_for(baseline: Baseline) -> None:
    found = played(baseline, TAX)
    np.testing.assert_allclose(found.export_tax, only((CHN, KOR, ELE), 0.2))
    np.testing.assert_array_equal(found.trade_cost_hat, 1.0)


@pytest.mark.parametrize(("rent", "kept"), [("importer", 1.0), ("exporter", 0.0)])
def test_rationing_says_who_keeps_the_rent(rent: str, kept: float, baseline: Baseline) -> None:
    found = played(baseline, QUOTA | {"rent": rent})
    np.testing.assert_allclose(found.rationing, only((KOR, CHN, BUS), 0.3))
    assert float(found.rent_to_importer[KOR, CHN, BUS]) == kept


@pytest.mark.parametrize("policy", [TAX | {"revenue": "nobody"}, QUOTA | {"rent": "nobody"}])
def test_what_nobody_keeps_is_a_real_cost(policy: dict, baseline: Baseline) -> None:
    """Otherwise money would leave the accounts, and Walras' law would fail."""
    found = played(baseline, policy)
    cell, size = ((CHN, KOR, ELE), 0.2) if "rate" in policy else ((KOR, CHN, BUS), 0.3)
    np.testing.assert_allclose(found.trade_cost_hat, 1 + only(cell, size), rtol=1e-14)
    assert not found.has_rents
    assert simulate(baseline, scenario(policy)).attrs["residual"] < 1e-9


def test_a_prohibition_leaves_nothing(baseline: Baseline) -> None:
    outcome = simulate(baseline, scenario(BAN))
    assert outcome.attrs["solved"]
    assert float(outcome.trade_after.sel(origin="KOR", destination="CHN", sector="BUS")) == 0.0


@pytest.mark.parametrize(
    ("policy", "field"), [(TAX, "export_tax"), (QUOTA | {"rent": "importer"}, "rationing")]
)
def test_a_phase_in_is_in_equal_steps(policy: dict, field: str, baseline: Baseline) -> None:
    found = [getattr(played(baseline, policy | LATER, year=y), field) for y in (2029, 2030, 2031)]
    assert found[0] is None
    sizes = [0.0, *(float(wedge.max()) for wedge in found[1:])]
    np.testing.assert_allclose(sizes, np.array([0.0, 0.5, 1.0]) * sizes[-1])


@pytest.mark.parametrize(
    ("policies", "sentence"),
    [
        ([QUOTA | {"rent": "importer"}, QUOTA | {"rent": "exporter"}], "rationed once"),
        ([BAN | LATER], "cannot be phased in"),
        ([TAX | {"sectors": ["ELEC"]}], "did you mean 'ELE'"),
    ],
)
def test_what_cannot_be_is_said(policies: list[dict], sentence: str, baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        played(baseline, *policies, year=2030)


def test_the_rent_must_be_given_to_someone() -> None:
    """Who keeps it decides who pays, so there is no default."""
    with pytest.raises(ScenarioError, match="rent' is missing"):
        scenario(QUOTA)


def test_rents_are_reported_where_they_are_kept(baseline: Baseline) -> None:
    kept_by = {
        rent: simulate(baseline, scenario(QUOTA | {"rent": rent})).rents
        for rent in ("importer", "exporter", "nobody")
    }
    for rent, holder in (("importer", "CHN"), ("exporter", "KOR")):
        assert float(kept_by[rent].sel(country=holder)) > 0
        np.testing.assert_allclose(kept_by[rent].drop_sel(country=holder), 0.0, atol=1e-12)
    np.testing.assert_allclose(kept_by["nobody"], 0.0, atol=1e-12)


@pytest.mark.parametrize("policy", [TAX, QUOTA | {"rent": "importer"}, BAN])
def test_a_request_survives_its_file_and_is_described(policy: dict, baseline: Baseline) -> None:
    import tomllib

    asked = scenario(policy)
    assert parse_scenario(tomllib.loads(to_toml(asked)), "again") == asked
    said = " ".join(assumptions(asked, baseline))
    size = policy.get("rate", policy.get("markup"))
    assert "KOR" in said and "CHN" in said
    assert size is None or f"{100 * size:g} %" in said


def test_a_ban_that_is_not_in_force_is_not_said_to_be(baseline: Baseline) -> None:
    ban = BAN | {"phase_in": {"start": 2030}}
    before, after = (
        " ".join(assumptions(scenario(ban, year=year), baseline)) for year in (2029, 2030)
    )
    assert "not yet prohibited in 2029" in before
    assert "is prohibited" in after
