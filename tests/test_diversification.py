"""Diversification: the path's identities, exact wedges, what the insurance is worth, and items."""

import json
import math
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, strategies as st
from scipy import stats

from detente import geo
from detente._core import DataError, ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.data.store import Store
from detente.geo.diversification import threshold
from detente.geo.exposure import setting
from detente.geo.import_wedges import cut_off, diversify_to, Kind, KINDS, Link, loss_from, solved
from detente.geo.logit_path import (
    log_odds,
    pace_between,
    pace_needed,
    share_after,
    share_in,
    share_of,
    wedge_needed,
    years_to,
)
from detente.geo.paces import chance, published
from detente.record.items import dependence_index, item_shares
from detente.report.exposure_charts import PANELS, paths_chart
from detente.world import Baseline, Shock

from . import test_cli
from .test_cli import assert_refused, everything, Run
from .worlds import dataset, economy


detente = test_cli.detente
SHARE = st.floats(0.02, 0.98)
PACES = [0.16, 0.03, 0.08, 0.59, 0.34]
KOR, CHN = 0, 1


# --- The path -----------------------------------------------------------------------------------


@given(SHARE, SHARE, st.floats(0.5, 10.0))
def test_the_wedge_hits_its_target_at_given_prices(
    share: float, target: float, theta: float
) -> None:
    wedge = wedge_needed(share, target, theta)
    assert wedge >= 0
    assert share_after(share, wedge, theta) == pytest.approx(min(share, target), rel=1e-9)


@given(st.floats(-1e6, 1e6))
@example(-4700.0)
def test_a_share_has_a_value_however_long_it_falls(odds: float) -> None:
    """The exponential of seven hundred and ten is beyond a float; the share is not."""
    assert 0.0 <= share_of(odds) <= 1.0
    assert share_of(odds) + share_of(-odds) == pytest.approx(1.0, rel=1e-12)


@given(SHARE, SHARE, st.floats(0.5, 20.0))
@example(share=0.020000000000000004, target=0.02, years=1.0)
@example(share=0.020000000000000004, target=0.02, years=20.0)
def test_pace_year_and_share_are_one_another(share: float, target: float, years: float) -> None:
    needed = pace_needed(share, target, years)
    if share > target:
        assert years_to(share, target, needed) == pytest.approx(years, rel=1e-9)
        assert share_in(share, needed, years) == pytest.approx(target, rel=1e-9)
        assert pace_between(share, target, years) == pytest.approx(needed)
    else:
        assert needed == 0 == years_to(share, target, 0.1)
    assert share_of(log_odds(share)) == pytest.approx(share)


def test_a_share_that_does_not_fall_never_arrives() -> None:
    assert years_to(0.7, 0.5, 0.0) == math.inf == years_to(0.7, 0.5, -0.1)


def test_the_figures_of_the_reference_are_met() -> None:
    """The arithmetic of the published shares, by hand: logit 0.7 is ln(7/3)."""
    assert wedge_needed(0.7, 0.5, 2.0) == pytest.approx(math.sqrt(7 / 3) - 1)
    paces = {pace.name: pace.per_year for pace in published().paces}
    assert paces["100 key items, Japan"] == pytest.approx(
        math.log(0.314 / 0.686 / (0.249 / 0.751)) / 2
    )
    assert all(pace.source and pace.years > 0 for pace in published().paces)
    assert published().target.share_after == 0.5 and "185" in published().target.note


def test_the_chance_is_a_chance_and_falls_with_what_is_needed() -> None:
    found = [chance(needed, PACES) for needed in (0.0, 0.01, 0.05, 0.12, 0.3, 1.0, 5.0)]
    for one in found:
        assert 0 <= one.lowest <= one.value <= one.highest <= 1
    values = [one.value for one in found]
    assert values == sorted(values, reverse=True) and values[0] == 1
    faster = chance(0.12, [2 * pace for pace in PACES])
    assert faster.value > chance(0.12, PACES).value


def test_the_chance_is_the_prediction_of_one_further_draw() -> None:
    """Student's t by its definition, and half at the geometric mean."""
    logs = np.log(PACES)
    middle = float(np.exp(logs.mean()))
    assert chance(middle, PACES).value == pytest.approx(0.5)
    interval = stats.t.interval(0.8, 4, logs.mean(), logs.std(ddof=1) * math.sqrt(1.2))
    assert chance(float(np.exp(interval[1])), PACES).value == pytest.approx(0.1)
    assert chance(float(np.exp(interval[0])), PACES).value == pytest.approx(0.9)


@pytest.mark.parametrize("paces", [[], [0.1, 0.2], [0.1, 0.2, -0.1]])
def test_too_few_paces_are_refused(paces: list) -> None:
    with pytest.raises(DataError, match="three or more"):
        chance(0.1, paces)


def test_paths_of_the_list_and_its_items() -> None:
    found = geo.paths(geo.starts("KOR", "CHN"), 0.5, 2030)
    first = found.paths.set_index(["what", "pace"])
    listed = next(what for what in found.chances.what if what.startswith("185"))
    row = first.loc[(listed, "100 key items, Japan")]
    assert row.reached == pytest.approx(2023 + math.log(7 / 3) / row.per_year)
    assert row.share_then < 0.5
    # The average can be met while graphite is not: another start, the same pace.
    assert first.loc[("natural graphite", "100 key items, Japan")].share_then > 0.9
    sure = found.chances.set_index("what").chance
    assert sure["natural graphite"] < sure[listed]
    assert geo.starts("JPN", "CHN") == []
    below = geo.paths([geo.Start("x", "industry", 0.4, 2022, "")], 0.5, 2030)
    assert (below.paths.reached == 2022).all() and below.chances.chance.isna().all()
    with pytest.raises(DataError, match="must come after 2023"):
        geo.paths(geo.starts("KOR", "CHN"), 0.5, 2023)
    with pytest.raises(DataError, match="between 0 and 1"):
        geo.paths(geo.starts("KOR", "CHN"), 50.0, 2030)


def test_observed_paces_are_those_of_the_flows_that_ship() -> None:
    rows = geo.observed_paces("KOR", "CHN").set_index("sector")
    assert len(rows) == 15
    rose = rows.share_after > rows.share_before
    assert (rose == (rows.per_year < 0)).all() and rose["CHM"] and not rose["TEX"]
    assert geo.observed_paces("KOR", "XXX").empty


# --- In general equilibrium ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    return baseline_from_dataset(dataset(economy(6)))


@pytest.fixture(scope="module")
def plays(baseline: Baseline) -> dict:
    return {horizon: setting(baseline, horizon) for horizon in ("short", "long")}


CLASSES = np.array([[True, False, False], [False, True, False]])


@pytest.mark.parametrize("kind", KINDS)
def test_the_wedge_hits_its_target_in_equilibrium(kind: Kind, plays: dict) -> None:
    """Counted anew from a solve of the whole model, and no smaller wedge does it."""
    played, link = plays["long"], Link(CHN, KOR, CLASSES)
    start = link.shares(np.asarray(played.economy.trade))
    target = 0.6 * float(start.min())
    found = diversify_to(played, link, target, kind)
    trade = np.asarray(solved(played.economy, found.shock, played.closure).trade)
    for place in (0, 1):
        imports = np.delete(trade[:, KOR, place], KOR)
        assert imports[CHN - 1] / imports.sum() == pytest.approx(target, abs=1e-8)
    assert (found.wedge > 0).all()
    theta = np.asarray(played.economy.trade_elasticity)[:2] + (kind == "tariff")
    fixed = [
        wedge_needed(s, target, t) for s, t in zip(start.tolist(), theta.tolist(), strict=True)
    ]
    assert found.wedge == pytest.approx(fixed, rel=0.3)


def test_a_class_below_its_target_is_left_alone(plays: dict) -> None:
    played, link = plays["long"], Link(CHN, KOR, CLASSES)
    share = link.shares(np.asarray(played.economy.trade))
    between = float(share.mean())
    found = diversify_to(played, link, between, "real cost")
    assert (found.wedge > 0).tolist() == (share > between).tolist()
    assert (found.share <= between + 1e-8).all()
    idle = diversify_to(played, link, 0.99, "tariff")
    assert not idle.wedge.any()
    np.testing.assert_allclose(idle.log_welfare, 0.0, atol=1e-9)


def test_one_wedge_for_several_sectors_is_one(plays: dict) -> None:
    together = Link(CHN, KOR, CLASSES.any(axis=0)[None])
    played = plays["long"]
    target = 0.7 * float(together.shares(np.asarray(played.economy.trade))[0])
    found = diversify_to(played, together, target, "real cost")
    assert found.share == pytest.approx([target], abs=1e-8)
    moved = np.asarray(found.shock.trade_cost_hat)
    assert moved[CHN, KOR, 0] == moved[CHN, KOR, 1] > 1 == moved[CHN, KOR, 2]


def test_diversifying_then_a_cut_is_one_scenario_with_both(plays: dict) -> None:
    """At the long horizon: the diversified world as a baseline of its own chains exactly."""
    played, link = plays["long"], Link(CHN, KOR, CLASSES)
    target = 0.6 * float(link.shares(np.asarray(played.economy.trade)).min())
    found = diversify_to(played, link, target, "real cost")
    for cost in (None, 0.5):
        both = cut_off(played.economy, link, found.shock, cost)
        whole = loss_from(played.economy, both, played.closure, KOR)
        alone = loss_from(
            found.economy, cut_off(found.economy, link, cost=cost), played.closure, KOR
        )
        assert alone == pytest.approx(whole + float(found.log_welfare[KOR]), abs=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_at_the_horizon_of_the_wedge_cover_is_premium(kind: str, baseline: Baseline) -> None:
    """After a prohibition nothing is left of the wedge: where all adjusts, doing so before is
    worth exactly what it cost. In the short run it is worth more than where it is not done."""
    question = geo.Question("KOR", "CHN", 0.1, ("CAR", "ELE"))
    found = geo.insurance(baseline, question)
    wedges = found.wedges[found.wedges.kind == kind].set_index("class")
    cover = found.cover[found.cover.kind == kind].set_index(["class", "horizon"])
    assert set(wedges.index) == {"CAR", "ELE", "together"}
    for name in wedges.index:
        long, short = cover.loc[(name, "long")], cover.loc[(name, "short")]
        assert long.cover == pytest.approx(wedges.premium[name], abs=1e-6)
        assert short.loss_before > long.loss_before > 0
        assert short.cover > long.cover
        assert wedges.share_after[name] == pytest.approx(0.1, abs=1e-8)
        assert short.cover == pytest.approx(short.loss_before - short.loss_after)
    if kind == "real cost":
        assert (wedges.premium > 0).all() and (cover.cover > 0).all()
        assert cover.threshold["ELE", "long"] == pytest.approx(1.0, abs=1e-5)
        assert 0 < cover.threshold["ELE", "short"] < 1


def test_the_loss_of_a_cut_is_that_of_a_run(baseline: Baseline, plays: dict) -> None:
    question = geo.Question("KOR", "CHN", 0.1, ("ELE",), cost=0.5)
    found = geo.insurance(baseline, question).cover.set_index(["kind", "horizon"])
    for horizon, played in plays.items():
        hat = np.ones(played.economy.trade.shape)
        hat[CHN, KOR, 1] = 1.5
        shock = Shock.of(played.economy.tariff, jnp.asarray(hat))
        expected = 100 * loss_from(played.economy, shock, played.closure, KOR)
        assert found.loss_before["tariff", horizon] == pytest.approx(expected, abs=1e-7)


def test_nothing_diversified_covers_nothing(baseline: Baseline) -> None:
    found = geo.insurance(baseline, geo.Question("KOR", "CHN", 0.97, ("ELE",)))
    assert (found.wedges.wedge == 0).all() and (found.cover.cover == 0).all()
    np.testing.assert_allclose(found.wedges.premium, 0, atol=1e-7)


def test_the_threshold_is_where_both_ways_cost_the_same() -> None:
    premium, before, after = 0.03, 0.40, 0.31
    level = threshold(premium, before - after)
    assert level * before == pytest.approx(premium + level * after)
    assert threshold(-0.01, 0.1) == 0 and threshold(0.1, 0.0) == math.inf
    assert math.isnan(threshold(0.0, 0.0))


def test_shares_are_those_of_the_imports(baseline: Baseline) -> None:
    rows = geo.shares_from(baseline, "KOR", "CHN", 0.2).set_index("sector")
    assert set(rows.index) == {"CAR", "ELE"}
    imports = np.delete(np.asarray(baseline.economy.trade)[:, KOR, 1], KOR)
    share = imports / imports.sum()
    assert rows.share["ELE"] == pytest.approx(share[CHN - 1])
    assert rows.hhi["ELE"] == pytest.approx((share**2).sum())
    assert rows.above["ELE"] == (share[CHN - 1] > 0.2)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        (geo.Question("KRO", "CHN"), "'KRO'.*'KOR'"),
        (geo.Question("KOR", "CHM"), "'CHM'.*'CHN'"),
        (geo.Question("KOR", "KOR"), "from itself"),
        (geo.Question("KOR", "CHN", 50.0), "between 0 and 1"),
        (geo.Question("KOR", "CHN", 0.5, ("ELEC",)), "'ELEC'.*'ELE'"),
        (geo.Question("KOR", "CHN", 0.99), "no goods sector.*the highest is"),
        (geo.Question("KOR", "CHN", 0.2, cost=-1.0), "must be positive"),
    ],
)
def test_what_makes_no_sense_is_refused(
    question: geo.Question, named: str, baseline: Baseline
) -> None:
    with pytest.raises(ScenarioError, match=named):
        geo.insurance(baseline, question)


# --- Products -----------------------------------------------------------------------------------


def products(tmp_path: Path) -> Store:
    """Three products: one from China alone, one shared, one that Korea exports more of."""
    flows = [
        ("CHN", "KOR", "250410", 90.0), ("USA", "KOR", "250410", 10.0), ("CHN", "USA", "250410", 100.0),
        ("CHN", "KOR", "854231", 20.0), ("JPN", "KOR", "854231", 20.0), ("USA", "KOR", "854231", 40.0),
        ("KOR", "CHN", "854231", 500.0),
        ("JPN", "KOR", "370790", 80.0), ("USA", "KOR", "370790", 20.0), ("KOR", "USA", "370790", 50.0),
        ("CHN", "KOR", "total", 110.0),
    ]  # fmt: skip
    rows = pd.DataFrame(flows, columns=["reporter", "partner", "product", "value"]).assign(
        flow="exports", frequency="A", period=pd.Timestamp("2023-01-01"), basis="harmonised",
        status="final",
    )  # fmt: skip
    store = Store.open(tmp_path / "store")
    about = {"licence": "own", "attribution": "own"}
    store.put("baci", "HS22 V1", {"trade": rows}, about, part="2023")
    older = rows.assign(period=pd.Timestamp("2022-01-01"), value=1.0)
    store.put("baci", "HS22 V1", {"trade": older}, about, part="2022")
    return store


def test_items_have_shares_concentration_and_criteria(tmp_path: Path) -> None:
    rows = item_shares(products(tmp_path), "KOR", "CHN")
    assert rows.attrs["year"] == 2023 and list(rows["product"]) == ["250410", "854231", "370790"]
    by_code = rows.set_index("product")
    graphite, chips, resist = (by_code.loc[code] for code in ("250410", "854231", "370790"))
    assert graphite.share == pytest.approx(0.9) and graphite.leader == "CHN"
    assert graphite.hhi == pytest.approx(0.82)
    # World exports: 190 of China and 10 of the United States; Korea sells none.
    assert graphite.world_hhi == pytest.approx(0.95**2 + 0.05**2)
    assert graphite.import_export_ratio == math.inf and graphite.criteria == 3
    assert chips.leader == "USA" and chips.hhi == pytest.approx(0.375) and chips.share == 0.25
    assert chips.import_export_ratio == pytest.approx(80 / 500)
    assert resist.share == 0 and resist.import_export_ratio == 2
    index = dependence_index(rows)
    assert index["mean_leader_share"] == pytest.approx((0.9 + 0.5 + 0.8) / 3)
    assert index["weighted_leader_share"] == pytest.approx((90 + 40 + 80) / 280)
    assert index["above_half"] == pytest.approx(2 / 3)
    assert index["supplier_above_half"] == pytest.approx(1 / 3)


def test_without_products_there_are_no_items(tmp_path: Path) -> None:
    assert item_shares(Store.open(tmp_path / "empty"), "KOR", "CHN").empty
    with pytest.raises(DataError, match="no imports of 'XXX'"):
        item_shares(products(tmp_path), "XXX", "CHN")


# --- The command --------------------------------------------------------------------------------


def test_the_picture_has_the_largest_shares_alone() -> None:
    """A panel each, and the title says so only where some are left out."""
    few = 3
    starts = [geo.Start(f"x{n}", "industry", 0.55 + n / 50, 2022, "") for n in range(PANELS + few)]
    for begin, says in ((starts, "The 4 largest shares in"), (starts[:few], "Shares in")):
        drawn = paths_chart(geo.paths(begin, 0.5, 2030), "USA", {"USA": "United States"})
        (values,) = drawn["datasets"].values()
        assert {value["what"].partition(" ")[0] for value in values} == {
            start.what for start in begin[-PANELS:]
        }
        title = drawn["title"]["text"]
        assert title == f"{says} imports of the United States at published paces"


def test_the_command_answers_at_once(detente: Run, home: Path) -> None:
    products(home / "home")
    ended = detente(
        "diversify", "KOR", "--baseline", "world.nc", "--below", "0.1", "--sectors", "ELE",
        "--by", "2035", "--format", "json", "--out", "x.csv", "--chart", "x.svg",
    )  # fmt: skip
    assert ended.code == 0, ended
    answer = json.loads(ended.out)
    assert answer["about"]["item_level"] == "HS 6-digit products"
    assert [row["product"] for row in answer["items"]] == ["250410", "854231"]
    assert answer["about"]["items"]["products"] == 3
    assert {row["class"] for row in answer["wedges"]} == {"ELE"}
    assert all(row["share_after"] == pytest.approx(0.1, abs=1e-7) for row in answer["wedges"])
    assert "not a target for China" in answer["about"]["note"]
    assert (home / "x.csv").read_text().startswith("class,kind,horizon")
    assert (home / "x.svg").read_text().startswith("<svg")
    said = " ".join(
        detente(
            "diversify", "KOR", "--baseline", "world.nc", "--below", "0.1", "--sectors", "ELE"
        ).out.split()
    )
    for words in (
        "industry level",
        "synthetic basis",
        "no chance is estimated",
        "not a target for China",
        "185 items",
    ):
        assert words in said, words


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["KRO"], ("'KRO'", "'KOR'")),
        (["KOR", "--from", "CHM"], ("'CHM'", "'CHN'")),
        (["KOR", "--below", "50"], ("--below", "less than or equal to 1", "did you mean 0.5?")),
        (["KOR", "--by", "2010", "--sectors", "ELE", "--below", "0.1"], ("must come after",)),
        (["KOR", "--below", "0.99"], ("no goods sector",)),
        (["KOR", "--chart", "x.gif"], ("x.gif",)),
    ],
)
def test_the_command_refuses_in_a_sentence(
    arguments: list, named: tuple, detente: Run, home: Path
) -> None:
    before = everything(home)
    assert_refused(detente("diversify", *arguments, "--baseline", "world.nc"), *named)
    assert everything(home) == before
