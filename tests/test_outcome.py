"""An outcome: every number is tied to the others by an identity, and survives its file."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from detente._core import OutcomeError, ScenarioError, Status
from detente.calibrate.baseline import baseline_from_dataset
from detente.outcome import load_outcome, save, to_nested
from detente.scenario import compile_shock, parse_scenario, Scenario
from detente.schema import conform, of_kind
from detente.simulation import simulate
from detente.world import Baseline

from .worlds import COUNTRIES, dataset, economy, SECTORS, write


# Solved to a residual of 1e-10: an identity that the solver closes holds to a small multiple of it.
SOLVED = 1e-8
EXACT = 1e-12
REQUIRED = {name: row for name, row in of_kind("outcome").items() if row.required}
# Tariffs are set, raised and cut, and costs rise and fall: no term of any identity stays zero.
POLICIES = {
    "levy": {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "rate": 0.4},
    "more": {"kind": "tariff", "importers": ["USA"], "change": 0.05},
    "agreement": {"kind": "free_trade_agreement", "members": ["KOR", "JPN"]},
    "haulage": {"kind": "trade_cost", "exporters": ["JPN"], "change": -0.15},
    "border": {"kind": "trade_cost", "importers": ["CHN"], "change": 0.1},
}


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy()))


def scenario_of(policies: dict) -> Scenario:
    return parse_scenario(
        {"title": "A test", "focus": ["KOR"], "limits": ["None."], "policies": policies}, "test"
    )


@pytest.fixture(scope="module")
def rate(baseline: Baseline) -> np.ndarray:
    """The tariff after the shock."""
    return np.asarray(compile_shock(scenario_of(POLICIES), baseline).tariff)


@pytest.fixture(scope="module")
def outcome(baseline: Baseline) -> xr.Dataset:
    found = simulate(baseline, scenario_of(POLICIES))
    assert found.attrs["solved"] == 1
    assert float(abs(found.welfare).min()) > 1e-3
    return found


@pytest.fixture(scope="module")
def unsolved(baseline: Baseline) -> xr.Dataset:
    found = simulate(baseline, scenario_of({"wall": {"kind": "trade_cost", "change": "1e11%"}}))
    assert found.attrs["solved"] == 0
    return found


def test_an_outcome_conforms_to_the_table(outcome: xr.Dataset) -> None:
    assert conform(outcome, "outcome") == []
    for name, row in REQUIRED.items():
        assert outcome[name].dims == row.dims, name
        assert outcome[name].attrs["long_name"] == row.description
        assert np.isfinite(outcome[name].values).all(), name
        assert ("basis" in outcome[name].attrs) == bool(row.basis), name
    for dim in ("origin", "destination", "country", "partner"):
        assert list(outcome[dim].values) == COUNTRIES
    assert list(outcome.sector.values) == SECTORS


def _exports(trade: xr.DataArray) -> xr.DataArray:
    return trade.sum("destination").rename(origin="country")


def _bilateral(trade: xr.DataArray) -> np.ndarray:
    """Exports of the row to the column, all sectors."""
    return trade.sum("sector").transpose("origin", "destination").values


def _spent(trade: xr.DataArray, rate: np.ndarray) -> xr.DataArray:
    bought = trade * (1 + rate)
    return bought / bought.sum("origin")


def _ratio(percent: xr.DataArray) -> xr.DataArray:
    return 1 + percent / 100


Identity = Callable[[xr.Dataset, np.ndarray, np.ndarray], tuple]
# The number as reported, and as it follows from others; `t` and `u` are the tariffs before and
# after. Each sees a swapped axis, a percent that is a fraction, or a before that is an after.
IDENTITIES: dict[str, tuple[float, Identity]] = {
    "equivalent variation": (
        EXACT, lambda o, t, u: (o.equivalent_variation, o.welfare * o.income_before / 100),
    ),
    "welfare is real income": (
        EXACT,
        lambda o, t, u: (_ratio(o.welfare), o.income_after / o.income_before / _ratio(o.price_index)),
    ),
    "real wage": (EXACT, lambda o, t, u: (_ratio(o.real_wage), _ratio(o.wage) / _ratio(o.price_index))),
    "output before is sold": (EXACT, lambda o, t, u: (o.output_before, _exports(o.trade_before))),
    "output after is sold": (SOLVED, lambda o, t, u: (o.output_after, _exports(o.trade_after))),
    "revenue before": (
        EXACT, lambda o, t, u: (o.tariff_revenue_before, (t * o.trade_before).sum(("origin", "sector"))),
    ),
    "revenue after": (
        SOLVED, lambda o, t, u: (o.tariff_revenue_after, (u * o.trade_after).sum(("origin", "sector"))),
    ),
    "shares before": (
        EXACT, lambda o, t, u: (o.expenditure_share_before, _spent(o.trade_before, t)),
    ),
    "shares after": (SOLVED, lambda o, t, u: (o.expenditure_share_after, _spent(o.trade_after, u))),
    "shares before add up": (EXACT, lambda o, t, u: (o.expenditure_share_before.sum("origin"), 1.0)),
    "shares after add up": (SOLVED, lambda o, t, u: (o.expenditure_share_after.sum("origin"), 1.0)),
    "value added is a fixed share of output": (
        EXACT,
        lambda o, t, u: (o.value_added_after / o.output_after, o.value_added_before / o.output_before),
    ),
    "wages pay for the value added": (
        SOLVED,
        lambda o, t, u: (o.value_added_after.sum("sector"), _ratio(o.wage) * o.value_added_before.sum("sector")),
    ),
    "world value added is the numeraire": (
        SOLVED, lambda o, t, u: (o.value_added_after.sum(), o.value_added_before.sum()),
    ),
    "volume of output": (
        EXACT, lambda o, t, u: (_ratio(o.output) * _ratio(o.unit_cost), o.output_after / o.output_before),
    ),
    "employment": (
        EXACT,
        lambda o, t, u: (_ratio(o.employment) * _ratio(o.wage), o.value_added_after / o.value_added_before),
    ),
    "labour that moves earns the same everywhere": (
        EXACT, lambda o, t, u: (o.sector_wage, o.wage + 0.0 * o.sector_wage),
    ),
    "deficit before": (EXACT, lambda o, t, u: (o.deficit_before, -o.balance_before.sum("partner"))),
    "deficit after": (SOLVED, lambda o, t, u: (o.deficit_after, -o.balance_after.sum("partner"))),
    "nobody is created": (
        SOLVED,
        lambda o, t, u: ((_ratio(o.employment) * o.value_added_before).sum("sector"), o.value_added_before.sum("sector")),
    ),
    "deficits are fixed in the numeraire": (
        SOLVED,
        lambda o, t, u: (o.balance_after.sum("partner") + 1e3, o.balance_before.sum("partner") + 1e3),
    ),
    "income before": (
        EXACT,
        lambda o, t, u: (
            o.income_before,
            o.value_added_before.sum("sector") + o.tariff_revenue_before - o.balance_before.sum("partner"),
        ),
    ),
    "income after": (
        SOLVED,
        lambda o, t, u: (
            o.income_after,
            o.value_added_after.sum("sector") + o.tariff_revenue_after - o.balance_after.sum("partner"),
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IDENTITIES)
def test_identities(name: str, outcome: xr.Dataset, baseline: Baseline, rate: np.ndarray) -> None:
    tolerance, identity = IDENTITIES[name]
    found, expected = identity(outcome, np.asarray(baseline.economy.tariff), rate)
    if isinstance(expected, xr.DataArray):
        renamed = {"destination": "country"} if expected.dims == ("destination",) else {}
        expected = expected.rename(renamed).transpose(*found.dims)
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=0)


@pytest.mark.parametrize("when", ["before", "after"])
def test_balances_are_trade_one_way_less_the_other(outcome: xr.Dataset, when: str) -> None:
    balance = outcome[f"balance_{when}"].transpose("country", "partner").values
    np.testing.assert_array_equal(balance, -balance.T)
    sold = _bilateral(outcome[f"trade_{when}"])
    np.testing.assert_allclose(balance, sold - sold.T, atol=1e-12 * sold.max())
    # Signed by hand for one pair: positive where the country sells more than it buys.
    kor_chn = outcome[f"balance_{when}"].sel(country="KOR", partner="CHN")
    trade = outcome[f"trade_{when}"]
    by_hand = trade.sel(origin="KOR", destination="CHN").sum() - trade.sel(origin="CHN", destination="KOR").sum()  # fmt: skip
    assert float(kor_chn) == pytest.approx(float(by_hand), rel=1e-12)


def test_the_baseline_is_as_it_was(outcome: xr.Dataset, baseline: Baseline) -> None:
    world = baseline.economy
    np.testing.assert_array_equal(outcome.trade_before, world.trade)
    np.testing.assert_allclose(outcome.income_before, world.income, rtol=EXACT)
    shares = world.value_added_share * world.output
    np.testing.assert_allclose(outcome.value_added_before, shares, rtol=EXACT)


def test_no_policy_changes_nothing(baseline: Baseline) -> None:
    same = simulate(baseline, scenario_of({}))
    for name, row in REQUIRED.items():
        if row.unit == "percent" or name == "equivalent_variation":
            np.testing.assert_allclose(same[name], 0.0, atol=1e-10, err_msg=name)
        elif name.endswith("_after"):
            before = same[name.replace("_after", "_before")]
            np.testing.assert_allclose(same[name], before, rtol=1e-10, atol=1e-10, err_msg=name)


PUBLISHED = {"low": [3.0, 4.0, 2.0], "high": [9.0, 12.0, 6.0]}


@pytest.fixture(scope="module")
def published() -> Baseline:
    """The same world with two publications of elasticities, neither its own."""
    table = (("publication", "sector"), np.array(list(PUBLISHED.values())), {"units": "1"})
    world = dataset(economy()).assign_coords(publication=list(PUBLISHED))
    return baseline_from_dataset(world.assign(trade_elasticity_published=table))


def test_the_elasticities_of_others_stand_beside_and_change_nothing(
    published: Baseline, outcome: xr.Dataset
) -> None:
    """Each row is the welfare of a run with those elasticities, and of no other."""
    beside = simulate(published, scenario_of(POLICIES))
    assert conform(beside, "outcome") == []
    np.testing.assert_array_equal(beside.welfare, outcome.welfare)
    for name in PUBLISHED:
        document = scenario_of(POLICIES).model_dump() | {"elasticities": name}
        alone = simulate(published, parse_scenario(document, "test"))
        row = beside.welfare_by_elasticity.sel(publication=name)
        np.testing.assert_allclose(row, alone.welfare, rtol=EXACT)
        by_hand = dataset(economy())
        by_hand["trade_elasticity"] = ("sector", PUBLISHED[name], {"units": "1"})
        expected = simulate(baseline_from_dataset(by_hand), scenario_of(POLICIES)).welfare
        np.testing.assert_allclose(row, expected, rtol=EXACT)
        assert name in alone.attrs["elasticities"]


def test_elasticities_that_are_not_there_are_said(published: Baseline, baseline: Baseline) -> None:
    document = scenario_of({}).model_dump() | {"elasticities": "hihg"}
    with pytest.raises(ScenarioError, match=r"'hihg' is not a set of elasticities here; .*'high'"):
        simulate(published, parse_scenario(document, "test"))
    with pytest.raises(ScenarioError, match=r"valid names are baseline"):
        simulate(baseline, parse_scenario(document, "test"))


def test_an_equilibrium_that_was_not_found_has_no_numbers(unsolved: xr.Dataset) -> None:
    """Not even the baseline's: a half-filled outcome would be plotted."""
    assert unsolved.attrs["solved"] == 0
    assert unsolved.attrs["status"] != Status.SOLVED.sentence
    assert conform(unsolved, "outcome") == []
    for name, data in unsolved.data_vars.items():
        assert np.isnan(data.values).all(), name


@pytest.mark.parametrize("name", ["outcome", "unsolved"])
def test_an_outcome_survives_its_file(
    name: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    first = request.getfixturevalue(name)
    save(first, tmp_path / "outcome.nc")
    for place in (tmp_path / "outcome.nc", tmp_path):
        again = load_outcome(place)
        xr.testing.assert_equal(again, first)
        assert list(again.attrs) == list(first.attrs)
        np.testing.assert_equal([again.attrs[key] for key in first.attrs], list(first.attrs.values()))  # fmt: skip
        for variable in first.data_vars:
            assert dict(again[variable].attrs) == dict(first[variable].attrs)


def test_an_outcome_carries_the_scenario_that_was_run(outcome: xr.Dataset, tmp_path: Path) -> None:
    from detente.scenario import load_scenario

    (tmp_path / "again.toml").write_text(outcome.attrs["scenario_toml"], encoding="utf-8")
    assert load_scenario(tmp_path / "again.toml") == scenario_of(POLICIES)
    assert json.loads(outcome.attrs["focus"]) == ["KOR"]
    assert json.loads(outcome.attrs["limits"]) == ["None."]
    assert len(json.loads(outcome.attrs["assumptions"])) == len(POLICIES)
    assert outcome.attrs["baseline"] == "synthetic"
    assert outcome.attrs["residual"] < 1e-9


BROKEN: dict[str, tuple[Callable[[xr.Dataset, Path], None], str]] = {
    "nothing there": (lambda o, path: None, "there is no outcome at"),
    "not NetCDF": (lambda o, path: path.write_bytes(b"hello"), "cannot be read as an outcome"),
    "empty": (lambda o, path: path.write_bytes(b""), "cannot be read as an outcome"),
    "a baseline": (
        lambda o, path: write(dataset(economy()), path),
        "is not an outcome: the variable 'welfare' is missing",
    ),
    "a variable is missing": (
        lambda o, path: save(o.drop_vars("welfare"), path), "the variable 'welfare' is missing",
    ),
    "another unit": (
        lambda o, path: save(o.assign(welfare=o.welfare.assign_attrs(units="1")), path),
        "'welfare' is in '1' but must be in 'percent'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_outcome_is_refused_in_one_sentence(
    fault: str, outcome: xr.Dataset, tmp_path: Path
) -> None:
    spoil, sentence = BROKEN[fault]
    path = tmp_path / "outcome.nc"
    spoil(outcome, path)
    with pytest.raises(OutcomeError) as refusal:
        load_outcome(tmp_path)
    said = str(refusal.value)
    assert sentence in said and str(path) in said
    assert "\n" not in said and said.endswith(".")


def test_an_outcome_that_was_cut_short_is_refused(outcome: xr.Dataset, tmp_path: Path) -> None:
    path = tmp_path / "outcome.nc"
    save(outcome, path)
    path.write_bytes(path.read_bytes()[: -path.stat().st_size // 3])
    with pytest.raises(OutcomeError, match=r"cannot be read as an outcome"):
        load_outcome(path)


def test_nested_objects_are_keyed_by_labels(outcome: xr.Dataset) -> None:
    nested = to_nested(outcome)
    assert set(REQUIRED) < set(nested)
    head = set(nested) - set(of_kind("outcome"))
    assert {"status", "solved", "baseline", "horizon", "numeraire", "residual", "version"} <= head
    assert nested["welfare"]["KOR"] == float(outcome.welfare.sel(country="KOR"))
    # One cell off the diagonal: the order of keys is origin, destination, sector.
    flow = outcome.trade_after.sel(origin="CHN", destination="KOR", sector="BUS")
    assert nested["trade_after"]["CHN"]["KOR"]["BUS"] == float(flow)
    balance = outcome.balance_after.sel(country="KOR", partner="CHN")
    assert nested["balance_after"]["KOR"]["CHN"] == float(balance)
    assert json.loads(json.dumps(nested, allow_nan=False)) == nested


def test_nested_objects_have_none_for_what_is_missing(unsolved: xr.Dataset) -> None:
    nested = to_nested(unsolved)
    assert set(nested["welfare"].values()) == {None}
    assert nested["trade_after"]["CHN"]["KOR"]["BUS"] is None


def test_nested_objects_of_an_overflow_are_json(unsolved: xr.Dataset) -> None:
    json.dumps(to_nested(unsolved), allow_nan=False)
