"""Gravity: known answers on made-up panels, another implementation, and one sentence for a bad question."""

import json
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pytest

from detente._core import DataError, EstimationError, ScenarioError
from detente.gravity import (
    ad_valorem_equivalent,
    by_age,
    conditional_equilibrium,
    estimate,
    estimate_elasticity,
    Panel,
    parse_years,
    potential_flows,
    shock_of_effect,
    Specification,
    SPECIFICATIONS,
    with_agreements_by_age,
    with_agreements_by_name,
)
from detente.gravity.effects import ad_valorem_error, Conditional, price_change
from detente.gravity.elasticities import judge, SectorElasticity
from detente.gravity.guide import YEARS
from detente.gravity.specification import BOTH_SIDES, DIRECTED_PAIR, PAIR

from .gravity_truth import dense_poisson, panel
from .worlds import dataset, economy


# Poisson stops at a relative change of the deviance of 1e-10; exact data leave about its root.
EXACT = 1e-6
# Two implementations that both stop long before this.
AGREE = 1e-6

TRUE = {"tariff_cost": -4.0, "rta": 0.5}
THREE_WAY = (*BOTH_SIDES, DIRECTED_PAIR)


def three_way(*regressors: str, **rest) -> Specification:
    return Specification("test", "", regressors, effects=rest.pop("effects", THREE_WAY), **rest)


# --- closed forms ----------------------------------------------------------------------------------


@pytest.mark.parametrize("estimator", ["ppml", "ols"])
def test_exact_gravity_gives_back_its_coefficients(estimator) -> None:
    found = estimate(Panel(panel(TRUE)), three_way(*TRUE, estimator=estimator))
    np.testing.assert_allclose(found.coefficient, list(TRUE.values()), rtol=EXACT)
    assert found.standard_error.max() < 1e-5
    assert (
        found.rows == 7 * 7 * 4 and found.clusters == 28 and found.years == (2000, 2001, 2002, 2003)
    )


@pytest.mark.parametrize("scale", [1e-3, 1e6])
def test_units_of_trade_do_not_matter(scale: float) -> None:
    rows = panel(TRUE, noise=0.5)
    one = estimate(Panel(rows), three_way(*TRUE))
    other = estimate(Panel(rows.assign(trade=scale * rows["trade"])), three_way(*TRUE))
    np.testing.assert_allclose(one.coefficient, other.coefficient, rtol=AGREE)
    np.testing.assert_allclose(one.standard_error, other.standard_error, rtol=AGREE)


def test_tariffs_give_back_theta() -> None:
    """Flows before the tariff fall by 1 + theta with it."""
    rows = panel({"log_rate": -6.0})
    found = estimate_elasticity(Panel(rows.assign(tariff=np.expm1(rows["log_rate"]))), "X")
    assert found.usable and found.theta == pytest.approx(5.0, rel=EXACT)


def test_the_rule_of_usable_elasticities() -> None:
    assert judge(5.0, 1.0) == ""
    assert judge(-0.1, 0.01) == "the wrong sign"
    assert judge(1.9, 1.0) == "too imprecise"
    assert judge(20.1, 1.0) == "above 20"
    assert not SectorElasticity("X", 1.0, 1.0, 1, 1, 0.0, "too imprecise").usable


def test_without_the_library_there_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyfixest", None)
    with pytest.raises(EstimationError, match=r'pip install "detente\[estimation\]"'):
        estimate(Panel(panel(TRUE)), three_way(*TRUE))


def test_the_tariff_equivalent_of_an_effect() -> None:
    assert ad_valorem_equivalent(0.5571853, 6.0) == pytest.approx(np.exp(-0.5571853 / 6) - 1)
    step = 1e-6
    slope = ad_valorem_equivalent(0.5 + step, 4.0) - ad_valorem_equivalent(0.5 - step, 4.0)
    assert ad_valorem_error(0.5, 0.1, 4.0) == pytest.approx(abs(slope) / (2 * step) * 0.1, rel=1e-6)
    with pytest.raises(EstimationError, match="positive"):
        ad_valorem_equivalent(0.5, 0.0)


def test_the_shock_of_an_effect_moves_flows_by_it() -> None:
    world = economy()
    log_effect = np.full(world.trade.shape, 0.3)
    shock = shock_of_effect(world, log_effect)
    moved = -np.asarray(world.trade_elasticity) * np.log(np.asarray(shock.trade_cost_hat))
    np.testing.assert_allclose(moved, log_effect, rtol=1e-12)


def test_conditional_equilibrium_adds_up_and_keeps_what_did_not_change() -> None:
    random = np.random.default_rng(0)
    flows = random.lognormal(size=(5, 5))
    output, spent = flows.sum(axis=1), flows.sum(axis=0)
    found = conditional_equilibrium(flows, output, spent, reference=2)
    np.testing.assert_allclose(found.flows, flows, rtol=1e-12)
    changed = conditional_equilibrium(flows * random.lognormal(size=(5, 5)), output, spent)
    np.testing.assert_allclose(changed.flows.sum(axis=1), output, rtol=1e-12)
    np.testing.assert_allclose(changed.flows.sum(axis=0), spent, rtol=1e-12)
    # Cheaper selling by everyone alike, home included, moves resistances and no flow.
    same = conditional_equilibrium(3.0 * flows, output, spent, reference=2)
    np.testing.assert_allclose(same.flows, flows, rtol=1e-12)
    np.testing.assert_allclose(price_change(found, same, 7.0), 3.0 ** (1 / 6), rtol=1e-12)
    assert isinstance(found, Conditional)
    with pytest.raises(EstimationError, match="differ"):
        conditional_equilibrium(flows, output, 2 * spent)


# --- another implementation ------------------------------------------------------------------------


@pytest.mark.parametrize("effects", [BOTH_SIDES, THREE_WAY, (*BOTH_SIDES, PAIR)])
def test_poisson_with_effects_is_poisson_with_dummies(effects) -> None:
    rows = panel(TRUE, noise=0.8, seed=11)
    rows.loc[rows.index % 17 == 0, "trade"] = 0.0
    made = Panel(rows).with_effects().rows
    found = estimate(Panel(rows), three_way(*TRUE, effects=effects))
    coefficient, error = dense_poisson(
        made["trade"].to_numpy(),
        made[list(TRUE)].to_numpy(),
        [made[name].to_numpy() for name in effects],
        made[PAIR].to_numpy(),
    )
    np.testing.assert_allclose(found.coefficient, coefficient, rtol=AGREE)
    np.testing.assert_allclose(found.standard_error, error, rtol=1e-5)


def test_sums_and_changes_have_the_errors_of_the_delta_method() -> None:
    found = estimate(Panel(panel(TRUE, noise=0.5)), three_way(*TRUE))
    total, error = found.total(tuple(TRUE))
    assert total == pytest.approx(found.coefficient.sum())
    assert error == pytest.approx(np.sqrt(found.covariance.sum()))
    change = lambda b: 100 * (b[1] - b[0]) / b[0]
    step = 1e-6 * np.eye(2)
    slope = [(change(found.coefficient + e) - change(found.coefficient - e)) / 2e-6 for e in step]
    value, error = found.percent_change(*TRUE)
    assert value == pytest.approx(change(found.coefficient))
    assert error == pytest.approx(np.sqrt(slope @ found.covariance @ slope), rel=1e-6)


# --- agreements by name and by age -----------------------------------------------------------------


def test_agreements_by_name() -> None:
    """Each has its own effect; what only one pair has goes together with its like."""
    effect = {"Big One": 0.4, "Second": -0.2}
    rows = panel({}, countries=8)
    code = {name: place for place, name in enumerate(sorted(rows["exporter"].unique()))}
    o, d = rows["exporter"].map(code), rows["importer"].map(code)
    late = (rows["year"] >= 2002) & (o != d)
    first, second = late & (o < 4) & (d < 4), late & (o % 3 == 0) & (d % 3 == 0)
    name = np.where(
        first & second,
        "Big One; Second",
        np.where(first, "Big One", np.where(second, "Second", "")),
    )
    trade = rows["trade"] * np.exp(0.4 * first - 0.2 * second)
    rows = rows.assign(agreement=name, trade=trade)
    made, terms = with_agreements_by_name(Panel(rows), "agreement")
    assert set(terms) == {"agreement_big_one", "agreement_second"}
    found = estimate(made, three_way(*terms))
    assert found["agreement_big_one"] == pytest.approx(effect["Big One"], rel=1e-5)
    assert found["agreement_second"] == pytest.approx(effect["Second"], rel=1e-5)

    alone = rows.assign(agreement=np.where((o == 0) & (d == 1), "Tiny", rows["agreement"]))
    assert "other_agreements" in with_agreements_by_name(Panel(alone), "agreement")[1]
    both_ways = ((o == 0) & (d == 1)) | ((o == 1) & (d == 0))
    pair = Panel(rows.assign(agreement=np.where(both_ways, "Tiny", rows["agreement"])))
    enough = {n: with_agreements_by_name(pair, "agreement", fewest_pairs=n)[1] for n in (2, 3)}
    assert "agreement_tiny" in enough[2] and "other_agreements" not in enough[2]
    assert "agreement_tiny" not in enough[3] and "other_agreements" in enough[3]
    with pytest.raises(EstimationError, match="names an agreement"):
        with_agreements_by_name(Panel(rows.assign(agreement="")), "agreement")


def test_agreements_by_age() -> None:
    rows = panel({}, countries=8, years=range(2000, 2010))
    random = np.random.default_rng(5)
    start = {
        pair: random.integers(2001, 2012) for pair in rows.groupby(["exporter", "importer"]).groups
    }
    begun = np.array([start[pair] for pair in zip(rows["exporter"], rows["importer"], strict=True)])
    home = rows["exporter"] == rows["importer"]
    age = np.where(home, -1, rows["year"] - begun)
    rows = rows.assign(rta=(age >= 0).astype(float))
    rows["trade"] *= np.exp(0.2 * (age >= 0) + 0.1 * (age >= 2) + 0.3 * (age >= 4))
    made, terms = with_agreements_by_age(Panel(rows), "rta", lags=(2, 4), leads=(1,))
    assert terms == ("rta", "rta_lag2", "rta_lag4", "rta_lead1")
    # What the panel cannot know is not taken for "no agreement".
    assert made.years == tuple(range(2004, 2009))
    found = estimate(made, three_way(*terms))
    np.testing.assert_allclose(found.coefficient, [0.2, 0.1, 0.3, 0.0], atol=1e-5)
    ages = by_age(found, "rta")
    assert list(ages["age"]) == [0, 2, 4]
    np.testing.assert_allclose(ages["effect"], [0.2, 0.3, 0.6], atol=1e-5)
    with pytest.raises(EstimationError, match="a lag of 12 years does not fit"):
        with_agreements_by_age(Panel(rows), "rta", lags=(12,))
    with pytest.raises(EstimationError, match="from 1 on"):
        with_agreements_by_age(Panel(rows), "rta", leads=(0,))
    with pytest.raises(EstimationError, match="no term 'wto'"):
        by_age(found, "wto")


# --- fixed effects ---------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_known_effects() -> tuple[pd.DataFrame, dict[str, pd.Series]]:
    """A panel of exact gravity whose pairs have the same effect both ways, and none at home."""
    rows, random = panel({"rta": 0.5}), np.random.default_rng(5)
    labels = Panel(rows).with_effects().rows
    true = {
        name: pd.Series(random.normal(size=len(levels)), levels)
        for name in (*BOTH_SIDES, PAIR)
        for levels in [sorted(labels[name].unique())]
    }
    home = labels.loc[labels["exporter"] == labels["importer"], PAIR]
    true[PAIR][home.unique()] = 0.0
    logs = sum(labels[name].map(true[name]) for name in true) + 0.5 * rows["rta"]
    return rows.assign(trade=np.exp(logs)), true


def _home(effects: pd.Series) -> list[str]:
    return [level for level in effects.index if level[:3] == level[4:]]


@pytest.mark.parametrize("estimator", ["ppml", "ols"])
def test_an_estimate_keeps_its_fixed_effects(estimator, with_known_effects) -> None:
    """Those of pairs where home has none; of exporters and importers up to a constant a year."""
    rows, true = with_known_effects
    found = estimate(Panel(rows), three_way("rta", effects=tuple(true), estimator=estimator))
    effects = found.effects(zero={PAIR: _home(true[PAIR])})
    assert list(effects) == list(true)
    np.testing.assert_allclose(effects[PAIR], true[PAIR], atol=EXACT)
    seller, buyer = ((effects[name] - true[name]).to_numpy().reshape(7, 4) for name in BOTH_SIDES)
    np.testing.assert_allclose(seller, np.broadcast_to(seller[0], seller.shape), atol=EXACT)
    np.testing.assert_allclose(buyer, -seller, atol=EXACT)


@pytest.mark.parametrize("effects", [BOTH_SIDES, THREE_WAY])
def test_effects_and_terms_add_up_to_what_is_fitted(effects) -> None:
    """Whichever levels are zero, in an equation that does not fit exactly."""
    rows = panel(TRUE, noise=0.5)
    found = estimate(Panel(rows), three_way(*TRUE, effects=effects))
    labels = Panel(rows).with_effects().rows.loc[found.fitted.index]
    for zero in ({}, {BOTH_SIDES[1]: ["C06 2000"]}):
        split = found.effects(zero)
        assert all(split[name][list(levels)].abs().max() == 0 for name, levels in zero.items())
        logs = sum(labels[name].map(split[name]) for name in effects)
        logs += sum(found[term] * labels[term] for term in TRUE)
        np.testing.assert_allclose(logs, np.log(found.fitted), atol=EXACT)


def test_levels_that_cannot_be_zero_are_said(with_known_effects) -> None:
    rows, true = with_known_effects
    found = estimate(Panel(rows), three_way("rta", effects=tuple(true)))
    for zero, named in (
        ({"pear": ["C00-C01"]}, "no effect 'pear'.*'pair'"),
        ({PAIR: ["C00-C00", "C00-C9"]}, "'C00-C9' is no level of the effect 'pair'"),
        ({PAIR: list(true[PAIR].index)}, "too many"),
    ):
        with pytest.raises(EstimationError, match=named):
            found.effects(zero)


# --- potential flows -------------------------------------------------------------------------------


@pytest.mark.parametrize("effects", [BOTH_SIDES, THREE_WAY])
def test_banned_flows_come_back(effects) -> None:
    """Hidden flows of an exact world are found again, with effects of pairs or without."""
    rows = panel(TRUE)
    if effects == BOTH_SIDES:
        # Without effects of pairs the pattern of pairs has to be explained by the regressors.
        pattern = rows.groupby([rows["exporter"], rows["year"]]).ngroup() % 5
        logs = 0.1 * pattern + sum(size * rows[name] for name, size in TRUE.items())
        rows["trade"] = np.exp(logs)
    from_to = (rows["exporter"] == "C00") & (rows["importer"] == "C03")
    banned = (from_to & (rows["year"] >= 2002)).to_numpy()
    hidden = rows.assign(trade=rows["trade"].where(~banned, 0.0))
    found, _ = potential_flows(Panel(hidden), three_way(*TRUE, effects=effects), banned)
    np.testing.assert_allclose(found, rows.loc[found.index, "trade"], rtol=1e-5)


def test_a_pair_that_never_traded_freely_has_no_potential_with_pair_effects() -> None:
    rows = panel(TRUE)
    banned = ((rows["exporter"] == "C00") & (rows["importer"] == "C03")).to_numpy()
    with pytest.raises(EstimationError, match="from C00 to C03 in 2000 has no potential"):
        potential_flows(Panel(rows), three_way(*TRUE), banned)
    with pytest.raises(EstimationError, match="no row is banned"):
        potential_flows(Panel(rows), three_way(*TRUE), np.zeros(len(rows), bool))
    with pytest.raises(EstimationError, match="'ppml'"):
        potential_flows(Panel(rows), three_way(*TRUE, estimator="ols"), banned)


def _flat_geography(countries: int) -> tuple[pd.DataFrame, np.ndarray, list[str]]:
    random = np.random.default_rng(9)
    names = [f"C{place:02d}" for place in range(countries)]
    place = random.uniform(0, 5000, size=(countries, 2))
    distance = np.linalg.norm(place[:, None] - place[None], axis=2)
    distance += np.diag(random.uniform(50, 300, size=countries))
    rows = pd.DataFrame(
        {
            "exporter": np.repeat(names, countries),
            "importer": np.tile(names, countries),
            "distance": distance.ravel(),
            "contiguity": (distance < 900).astype(float).ravel(),
            "language": 0.0,
            "colony": 0.0,
        }
    )
    return rows, distance, names


@pytest.fixture(scope="module")
def banned_world():
    """A world whose sector follows gravity but for one ban: its baseline, geography and the truth."""
    import jax.numpy as jnp

    from detente.world import Baseline, Economy

    geography, distance, names = _flat_geography(8)
    random = np.random.default_rng(2)
    home = np.eye(8, dtype=bool)
    logs = -0.9 * np.log(distance) * ~home + 0.5 * (distance < 900) * ~home
    logs += (2.0 - 0.6 * np.log(distance)) * home
    logs += random.normal(size=(8, 1)) + random.normal(size=(1, 8))
    trade = np.exp(logs + 5.0)
    seen = trade.copy()
    seen[1, 4] = 0.0
    world = Economy(
        jnp.asarray(seen[:, :, None]),
        jnp.zeros((8, 8, 1)),
        jnp.zeros((8, 1, 1)),
        jnp.asarray([5.0]),
    )
    baseline = Baseline("flat", tuple(names), ("ALL",), world, about={"year": 2000})
    return baseline, geography, float(trade[1, 4])


def test_a_baseline_is_given_potential_trade_that_an_opening_lets_in(banned_world) -> None:
    """The ban hides what gravity says."""
    from detente.calibrate.potential import potential_trade, with_potential_trade
    from detente.scenario import compile_shock, Scenario

    baseline, geography, truth = banned_world
    select = {"exporters": ("C01",), "importers": ("C04",), "sectors": ("ALL",)}
    found = potential_trade(baseline, ".", geography=geography, **select)
    assert float(found.sel(origin="C01", destination="C04", sector="ALL")) == pytest.approx(
        truth, rel=1e-5
    )
    opened = with_potential_trade(baseline, found)
    assert opened.about["hash"] != baseline.about.get("hash")
    assert float(opened.economy.hidden_share.sum()) > 0
    scenario = Scenario.model_validate(
        {
            "title": "Opened", "question": "What?", "baseline": "flat", "focus": ["C01"],
            "policies": {"lift": {"kind": "opening", "exporters": ["C01"], "importers": ["C04"], "sectors": ["ALL"]}},
        }
    )  # fmt: skip
    shock = compile_shock(scenario, opened)
    assert shock.opened is not None and float(shock.opened[1, 4, 0]) == 1.0

    with pytest.raises(ScenarioError, match="countries and sectors"):
        with_potential_trade(baseline, found.isel(origin=slice(0, 7)))
    with pytest.raises(ScenarioError, match="at least what is traded"):
        with_potential_trade(baseline, found * 0.5)
    with pytest.raises(EstimationError, match="no distance between C01 and C04"):
        potential_trade(
            baseline, ".", geography=geography[geography["exporter"] != "C01"], **select
        )


# --- one sentence each -----------------------------------------------------------------------------


def _without(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[
        rows["exporter"].isin(["C00", "C01", "C02"]) & rows["importer"].isin(["C00", "C01", "C02"])
    ]


FEW, MANY = lambda rows: _without(rows), lambda rows: rows
BAD = {
    "few clusters": (FEW, three_way(*TRUE), "6 clusters .* at least 20"),
    "no variation": (lambda rows: rows.assign(rta=1.0), three_way("rta"), "is 1 in every row"),
    "the same twice": (
        lambda rows: rows.assign(twin=2 * rows["rta"]), three_way("rta", "twin"), "'twin' cannot be told apart",
    ),
    "in the effects": (
        lambda rows: rows.assign(size=rows["year"] * 1.0), three_way("size"), "'size' cannot be told apart",
    ),
    "in the effects, beside another": (
        lambda rows: rows.assign(size=rows["year"] * 1.0), three_way("rta", "size"), "'size' cannot be told apart",
    ),
    "missing": (lambda rows: rows.assign(rta=np.nan), three_way("rta"), "missing in all 196 rows"),
    "nothing traded": (lambda rows: rows.assign(trade=0.0), three_way("rta"), "every flow .* is zero"),
    "no positive flow": (lambda rows: rows.assign(trade=0.0), three_way("rta", estimator="ols"), "without any row"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_estimated_is_one_sentence(case: str) -> None:
    change, specification, sentence = BAD[case]
    with pytest.raises(EstimationError, match=sentence) as raised:
        estimate(Panel(change(panel(TRUE))), specification)
    assert str(raised.value).count(". ") == 0 and str(raised.value)[-1] == "."


def test_pairs_that_never_trade_are_named() -> None:
    rows = panel(TRUE, noise=0.3)
    never = rows["exporter"].isin(["C00", "C03"]) & rows["importer"].isin(["C00", "C03"])
    never &= rows["exporter"] != rows["importer"]
    rows = rows.assign(trade=rows["trade"].where(~never, 0.0))
    found = estimate(Panel(rows), three_way(*TRUE))
    assert found.left_out == ("C00-C03",) and found.separated == 8
    assert found.rows == len(rows) - 8


def test_a_sector_whose_tariffs_never_change_has_a_reason() -> None:
    rows = panel({"cost": -3.0})
    fixed = rows.groupby(["exporter", "importer"])["cost"].transform("first")
    found = estimate_elasticity(Panel(rows.assign(tariff=fixed)), "C10T12")
    assert not found.usable and "no pair's tariff on C10T12 ever changes" in found.reason
    assert np.isnan(found.theta)


def test_a_bad_panel_is_refused() -> None:
    rows = panel(TRUE)
    with pytest.raises(DataError, match="no column 'rtb'; did you mean 'rta'"):
        estimate(Panel(rows), three_way("rtb"))
    with pytest.raises(DataError, match="two for C00, C00, 2000"):
        Panel(pd.concat([rows, rows.head(1)]))
    with pytest.raises(DataError, match="zero or positive"):
        Panel(rows.assign(trade=-1.0))


def test_years() -> None:
    assert parse_years("1986-2006:4") == YEARS
    assert parse_years("1990,1994-1996") == (1990, 1994, 1995, 1996)
    rows = Panel(panel(TRUE))
    assert rows.in_years([2001]).years == (2001,)
    for words, sentence in {
        "1990-": "does not name",
        "2006-1986": "names no year",
        "x": "name years",
    }.items():
        with pytest.raises(EstimationError, match=sentence):
            parse_years(words)
    with pytest.raises(EstimationError, match="no rows of 1999; it has 2000 to 2003"):
        rows.in_years([1999, 2000])
    with pytest.raises(EstimationError, match="at least one year"):
        rows.in_years([])


# --- the set of our own ----------------------------------------------------------------------------


def test_the_shipped_elasticities_follow_their_rule() -> None:
    """Positive everywhere, estimates where the rule takes them, and where they come from."""
    from importlib import resources

    from detente.calibrate.own_elasticities import shipped
    from detente.data.icio import flow_sectors

    rows = shipped()
    assert list(rows["sector"]) == list(flow_sectors())
    known = rows[rows["theta"].notna()]
    expected = [judge(row["theta"], row["standard_error"]) for row in known.to_dict("records")]
    assert list(known["reason"].fillna("")) == expected
    assert list(rows["usable"]) == list(rows["reason"].isna())
    assert (rows["published_median"] > 0).all() and (rows["world_trade"] > 0).all()
    text = (resources.files("detente") / "library" / "elasticities.csv").read_text("utf-8")
    assert "OECD (2023)" in text and "Teti" in text and "2011-2022" in text


def test_the_own_set_can_be_chosen_on_the_shipped_worlds() -> None:
    from detente.calibrate.baseline import load_baseline
    from detente.calibrate.own_elasticities import own_elasticities, shipped
    from detente.scenario import OWN_ESTIMATES
    from detente.simulation import with_elasticities

    rows = shipped().set_index("sector")
    for name in ("compact-2022", "compact-2014"):
        baseline = load_baseline(name)
        chosen = with_elasticities(baseline, OWN_ESTIMATES)
        theta = np.asarray(chosen.economy.trade_elasticity)
        np.testing.assert_allclose(theta, own_elasticities(baseline))
        assert (theta > 0).all() and OWN_ESTIMATES in chosen.about["elasticities"]
        services = [name in baseline.sector_groups["services"] for name in baseline.sectors]
        np.testing.assert_allclose(theta[services], 4.0)
        place = baseline.sectors.index("CAR") if "CAR" in baseline.sectors else None
        if place is not None:
            used = rows["theta"].where(rows["usable"], rows["published_median"])
            assert used.min() <= theta[place] <= used.max()


def test_the_own_set_knows_the_industries_of_every_edition() -> None:
    """The world of 2022 has the 50 of 2025, in which ships stand apart from other transport."""
    from detente.calibrate.baseline import load_baseline
    from detente.calibrate.own_elasticities import own_elasticities, shipped
    from detente.data.concordance import industries

    world = load_baseline("compact-2022")
    rows = shipped().set_index("sector")
    used = rows["theta"].where(rows["usable"], rows["published_median"])
    for edition in ("icio", "icio_2025"):
        codes = tuple(one.code for one in industries(edition))
        theta = own_elasticities(replace(world, sectors=codes))
        goods = [bool(one.flow_sectors) for one in industries(edition)]
        assert len(theta) == len(codes) and (theta > 0).all()
        np.testing.assert_allclose(theta[~np.array(goods)], 4.0)
    newest = [one.code for one in industries("icio_2025")]
    theta = own_elasticities(replace(world, sectors=tuple(newest)))
    found = dict(zip(newest, theta, strict=True))
    for code in ("C301", "C302T309", "C20", "C29"):
        assert found[code] == pytest.approx(used[code])


def test_the_own_set_needs_known_sectors() -> None:
    from detente.calibrate.baseline import baseline_from_dataset
    from detente.simulation import with_elasticities

    made = baseline_from_dataset(
        dataset(economy(), sectors=["CAR", "ELE", "BUS"]).assign_attrs(sector_groups="{}")
    )
    with pytest.raises(ScenarioError, match="'CAR' of 'synthetic' is neither"):
        with_elasticities(made, "own-2011-2022")
    with pytest.raises(ScenarioError, match="did you mean 'own-2011-2022'"):
        with_elasticities(made, "own-2011")


# --- the command line ------------------------------------------------------------------------------


@pytest.fixture
def detente(home, monkeypatch, capsys):
    from detente import cli

    monkeypatch.setenv("COLUMNS", "120")

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["detente", *arguments])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            cli.main()
        said = capsys.readouterr()
        return int(stop.value.code or 0), said.out, said.err

    return run


def test_the_specifications_are_listed(detente) -> None:
    code, out, _ = detente("gravity", "--format", "json")
    assert code == 0 and [row["name"] for row in json.loads(out)] == list(SPECIFICATIONS)
    assert "rta-globalization" in detente("gravity")[1]


def _write_guide(sources: Path) -> None:
    """A panel in the form of the guide's file, small enough to be quick."""
    rows = panel({"rta": 0.5}, countries=8, years=range(1986, 1995, 4), noise=0.3)
    random = np.random.default_rng(1)
    place = dict(zip(sorted(rows["exporter"].unique()), random.uniform(0, 9000, 8), strict=True))
    gap = (rows["exporter"].map(place) - rows["importer"].map(place)).abs() + 100.0
    rows = rows.assign(dist=gap, cntg=0, lang=0, clny=0, rta=(rows["rta"] > 0.15).astype(int))
    for name in ("rta_lead4", "rta_lag4", "rta_lag8", "rta_lag12"):
        rows[name] = rows["rta"]
    folder = sources / "replication" / "agtpa_2016"
    folder.mkdir(parents=True)
    duckdb.from_df(rows).write_parquet(str(folder / "agtpa_applications.parquet"))


def test_estimates_are_printed_and_written(detente, home: Path) -> None:
    _write_guide(home / "raw")
    at = ("--sources", str(home / "raw"), "--years", "1986-1994:4")
    code, out, _ = detente("gravity", "rta-pair", *at, "--theta", "6", "--out", "rta.csv")
    assert code == 0 and "rta-pair" in out and "tariff equivalent, percent" in out
    written = pd.read_csv("rta.csv")
    assert list(written["term"]) == ["rta"]
    code, out, _ = detente("gravity", "rta-pair", *at, "--theta", "6", "--format", "json")
    facts = json.loads(out)["rta-pair"]
    effect = facts["terms"]["rta"]["estimate"]
    assert effect == pytest.approx(written["estimate"][0])
    assert facts["tariff_equivalent"][0] == pytest.approx(100 * (np.exp(-effect / 6) - 1))
    assert facts["rows"] == 8 * 8 * 3 and facts["years"] == [1986, 1990, 1994]


BAD_COMMANDS = {
    "no such specification": (("rta-pairs",), "did you mean 'rta-pair'"),
    "no such year": (
        ("rta-pair", "--years", "1987"),
        "has no rows of 1987; it has 1986, 1990, 1994",
    ),
    "no years": (("rta-pair", "--years", "then"), "'then' does not name years"),
    "no variation": (("rta-ppml", "--years", "1986-1994:4"), "'cntg' is 0 in every row"),
    "a file that is there": (("rta-pair", "--out", "raw"), "raw exists already"),
}


@pytest.mark.parametrize("case", BAD_COMMANDS)
def test_a_bad_question_is_one_sentence_and_writes_nothing(case, detente, home: Path) -> None:
    _write_guide(home / "raw")
    arguments, sentence = BAD_COMMANDS[case]
    before = sorted(home.rglob("*"))
    code, out, error = detente("gravity", *arguments, "--sources", str(home / "raw"))
    assert code == 2 and sentence in error and not out
    assert error.count("\n") == 1 and sorted(home.rglob("*")) == before


def test_an_unknown_sector_is_named(detente, home: Path) -> None:
    (home / "raw").mkdir()
    code, _, error = detente("elasticities", "C29T", "--sources", str(home / "raw"))
    assert code == 2 and "'C29T' is not a goods sector" in error and "C29" in error


# --- raw data --------------------------------------------------------------------------------------


@pytest.mark.shared
def test_a_shipped_elasticity_is_estimated_again(raw_directory: Path) -> None:
    from detente.calibrate.own_elasticities import shipped
    from detente.data.panels import read_sector_panel

    found = estimate_elasticity(Panel(read_sector_panel(raw_directory, "C29")), "C29")
    row = shipped().set_index("sector").loc["C29"]
    assert found.theta == pytest.approx(row["theta"], rel=1e-4)
    assert found.standard_error == pytest.approx(row["standard_error"], rel=1e-4)


@pytest.mark.shared
def test_banned_trade_of_a_world_is_given_its_gravity(raw_directory: Path) -> None:
    """Chinese imports of Korean culture: what is estimated, and that nothing else moves."""
    from detente.calibrate.baseline import load_baseline
    from detente.calibrate.potential import potential_trade, with_potential_trade

    baseline = load_baseline("compact-2022")
    sector = baseline.sectors[-3]
    found = potential_trade(
        baseline, raw_directory, exporters=("KOR",), importers=("CHN",), sectors=(sector,)
    )
    moved = found.to_numpy() != np.asarray(baseline.economy.trade)
    place = (
        baseline.country_index["KOR"],
        baseline.country_index["CHN"],
        baseline.sector_index[sector],
    )
    assert moved.sum() <= 1 and (not moved.any() or tuple(np.argwhere(moved)[0]) == place)
    assert with_potential_trade(baseline, found).economy.potential_trade is not None
    with pytest.raises(EstimationError, match="no distance between ROW and CHN"):
        potential_trade(
            baseline, raw_directory, exporters=("ROW",), importers=("CHN",), sectors=(sector,)
        )
