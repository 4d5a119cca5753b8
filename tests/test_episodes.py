"""Episodes: an effect put into a panel is found, wedges return the flow that was seen, and the
satellite moves no account."""

import io
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from typer.testing import CliRunner

import detente
from detente import episodes
from detente._core import BaselineError, DataError, ScenarioError
from detente.calibrate.satellite import Addition, with_satellite
from detente.cli import app
from detente.data import arrivals as source
from detente.episodes import Falsifier, Findings, Prediction, Setting
from detente.episodes.arrivals import duration, Fall, half_life, measure_fall
from detente.episodes.boycott import apply, boycott, Flow, HOLDERS, invert, log_factors, play
from detente.episodes.entertainment import lift, shares_elsewhere
from detente.episodes.japan import _came, MONTHS as MONTHS_OF_2025
from detente.episodes.sectors import leverage_by_sector
from detente.episodes.synthetic import (
    band,
    control,
    off_trend,
    placebos,
    require_panel,
    simplex_weights,
)
from detente.episodes.travel import Travel
from detente.equilibrium import sensitivity, welfare_hat
from detente.geo.leverage import rank_correlation
from detente.published import PublishedTarget, TargetCheck
from detente.report import episode_chart, episode_document, episode_frame, Section, terminal
from detente.report.episodes import _shown, falsifier_frame
from detente.report.picture import picture


BEGINS, FALL = "2017-03", 0.6
MONTHS = pd.period_range("2013-01", "2019-12", freq="M").strftime("%Y-%m")
ACCOUNTS = ("output", "expenditure", "income", "value_added", "deficit", "final_demand")
ACCOUNT = 1e-9
"""Relative error of an account: what RAS is stopped at."""


@pytest.fixture(scope="module")
def world() -> detente.Baseline:
    return detente.load_baseline("compact-2014")


@pytest.fixture(scope="module")
def travelled(world: detente.Baseline) -> detente.Baseline:
    return with_satellite(world, [Addition("KOR", "CHN", "TOU", 16000.0, "a test")])


def panel(fall: float = FALL, donors: int = 14, noise: float = 0.01) -> pd.DataFrame:
    """Arrivals that are a mixture of three donors, and less by `fall` from `BEGINS` on."""
    random = np.random.default_rng(7)
    trends = np.cumsum(random.normal(0.004, 0.04, (len(MONTHS), donors)), axis=0)
    season = random.normal(0, 0.2, (12, donors + 1))[np.arange(len(MONTHS)) % 12]
    logs = trends + random.normal(10, 1, donors)
    treated = 13.0 + trends[:, :3] @ [0.5, 0.3, 0.2] + random.normal(0, noise, len(MONTHS))
    treated = treated + np.where(MONTHS >= BEGINS, np.log(1 - fall), 0.0)
    names = ["CHN", *(f"D{one:02}" for one in range(donors))]
    return pd.DataFrame(np.exp(np.column_stack([treated, logs]) + season), MONTHS, names)


def donors_of(arrivals: pd.DataFrame) -> list[str]:
    return [name for name in arrivals if name != "CHN"]


# Synthetic control


def test_weights_of_a_known_mixture_are_found() -> None:
    random = np.random.default_rng(1)
    donors, weights = random.normal(size=(60, 5)), np.array([0.6, 0.0, 0.3, 0.1, 0.0])
    np.testing.assert_allclose(simplex_weights(donors @ weights, donors), weights, atol=1e-9)


def test_weights_stay_on_the_simplex_where_the_best_fit_is_outside() -> None:
    donors = np.random.default_rng(2).normal(size=(40, 4))
    found = simplex_weights(donors @ [2.0, -1.0, 0.0, 0.0], donors)
    assert found.min() >= 0 and found.sum() == pytest.approx(1, abs=1e-12)
    others = np.random.default_rng(3).dirichlet(np.ones(4), 200)
    error = lambda w: ((donors @ [2.0, -1.0, 0.0, 0.0] - donors @ w) ** 2).sum()
    assert all(error(found) <= error(other) + 1e-9 for other in others)


@pytest.mark.parametrize("fall", [0.0, 0.3, 0.6])
def test_a_known_fall_is_found(fall: float) -> None:
    arrivals = panel(fall)
    found = control(arrivals, "CHN", donors_of(arrivals), BEGINS)
    after = found.gap[found.gap.index >= BEGINS].mean()
    assert -np.expm1(after) == pytest.approx(fall, abs=0.04)
    assert found.before < 0.05


def test_the_treated_departs_further_than_placebos_and_the_untreated_does_not() -> None:
    for fall, extreme in ((FALL, True), (0.0, False)):
        arrivals = panel(fall)
        others = placebos(arrivals, donors_of(arrivals), BEGINS)
        treated = control(arrivals, "CHN", donors_of(arrivals), BEGINS)
        assert len(others) == 14
        assert all(
            "CHN" not in one.weights and name not in one.weights for name, one in others.items()
        )
        rank = sum(one.ratio > treated.ratio for one in others.values())
        assert (rank == 0) == extreme


@pytest.mark.parametrize("fall", [0.0, 0.6])
def test_off_its_own_trend_a_line_with_seasons_falls_by_what_it_falls(fall: float) -> None:
    months = np.arange(len(MONTHS))
    seasons = 10 + 0.01 * months + 0.3 * np.sin(np.pi * months / 6)
    arrivals = pd.DataFrame(
        {"CHN": np.exp(seasons) * np.where(MONTHS >= BEGINS, 1 - fall, 1.0)}, MONTHS
    )
    gap = off_trend(arrivals, "CHN", BEGINS)
    expected = np.where(MONTHS >= BEGINS, np.log(1 - fall), 0.0)
    np.testing.assert_allclose(gap, expected, atol=1e-9)


def test_the_season_of_a_series_is_no_effect() -> None:
    arrivals = panel(0.0)
    seasonal = arrivals.assign(
        CHN=arrivals.CHN * np.exp(np.sin(np.arange(len(MONTHS)) * np.pi / 6))
    )
    plain, moved = (control(one, "CHN", donors_of(one), BEGINS).gap for one in (arrivals, seasonal))
    np.testing.assert_allclose(plain, moved, atol=1e-9)


def test_a_fall_begins_and_ends_where_it_was_put() -> None:
    arrivals = panel(0.0)
    arrivals.loc["2017-06":"2018-05", "CHN"] *= 0.3
    names = donors_of(arrivals)
    treated = control(arrivals, "CHN", names, BEGINS)
    fall = Fall(
        arrivals.CHN, treated, placebos(arrivals, names, BEGINS), treated, None,
        off_trend(arrivals, "CHN", BEGINS), ("2017-06", "2018-05"),
    )  # fmt: skip
    assert duration(fall, 0.9) == (3.0, 12.0)
    assert fall.share == pytest.approx(0.7, abs=0.02)
    assert fall.interval[0] < 0.7 < fall.interval[1]
    assert (band(fall.placebos.values(), 0.95) >= band(fall.placebos.values(), 0.5)).all()


def test_the_half_life_of_a_fading_gap_is_found() -> None:
    gap = pd.Series(-1.1 * 0.5 ** (np.arange(30) / 17.0))
    assert half_life(gap)[0] == pytest.approx(17.0, rel=1e-6)


@pytest.mark.parametrize(
    ("window", "said"),
    [
        (("2013-01", "2012-01", "2019-12"), "must begin before its event"),
        (("2016-01", "2017-03", "2019-12"), "14 months before 2017-03; 24 are needed"),
        (("2013-01", "2017-03", "2021-06"), "lack 18 months, the first 2020-01"),
    ],
)
def test_bad_windows_are_refused_in_a_sentence(window: tuple[str, str, str], said: str) -> None:
    with pytest.raises(DataError, match=said):
        require_panel(panel(), ["CHN"], window)


def test_months_without_arrivals_are_refused() -> None:
    arrivals = panel()
    arrivals.loc["2015-05", "D03"] = np.nan
    with pytest.raises(DataError, match="missing or zero in some month for D03"):
        require_panel(arrivals, ["CHN", "D03"], ("2013-01", "2017-03", "2019-12"))


# The satellite


def test_the_satellite_moves_no_account(
    world: detente.Baseline, travelled: detente.Baseline
) -> None:
    for name in ACCOUNTS:
        before, after = (np.asarray(getattr(one.economy, name)) for one in (world, travelled))
        assert np.abs(after - before).max() <= ACCOUNT * np.abs(before).max(), name


def test_the_satellite_is_where_it_was_laid_and_nowhere_else(
    world: detente.Baseline, travelled: detente.Baseline
) -> None:
    before, after = np.asarray(world.economy.trade), np.asarray(travelled.economy.trade)
    o, d, s = (world.country_index["KOR"], world.country_index["CHN"], world.sector_index["TOU"])
    assert after[o, d, s] - before[o, d, s] == pytest.approx(16000.0)
    elsewhere = np.delete(np.arange(before.shape[2]), s)
    np.testing.assert_array_equal(after[:, :, elsewhere], before[:, :, elsewhere])
    assert (after >= 0).all()
    assert "satellite: KOR to CHN, TOU" in travelled.about["imputation"]
    assert travelled.about["hash"] != world.about["hash"]


@pytest.mark.parametrize(
    ("flow", "value", "said"),
    [
        (("KOR", "CHN", "TOU"), 1e9, "more than the accounts of TOU can hold"),
        (("KOR", "KOR", "TOU"), 1.0, "between two countries"),
        (("KOR", "CHN", "TOU"), -1.0, "between two countries"),
        (("KOR", "CHN", "XXX"), 1.0, "names 'XXX'"),
    ],
)
def test_a_satellite_that_cannot_be(
    world: detente.Baseline, flow: tuple[str, str, str], value: float, said: str
) -> None:
    with pytest.raises(BaselineError, match=said):
        with_satellite(world, [Addition(*flow, value, "a test")])


def test_what_visitors_buy_of_goods_pays_no_tariff(world: detente.Baseline) -> None:
    """Every flow pays the duty that it paid, so no revenue moves; the rate is duty over the flow."""
    laid = with_satellite(world, [Addition("KOR", "CHN", "FOD", 1000.0, "a test")])
    old, new = world.economy, laid.economy
    s, place = world.sector_index["FOD"], (world.country_index["KOR"], world.country_index["CHN"])
    duty = [np.asarray(one.tariff * one.trade) for one in (old, new)]
    assert duty[0][*place, s] > 0
    np.testing.assert_allclose(duty[1], duty[0], rtol=1e-12)
    flow = float(old.trade[*place, s])
    expected = float(old.tariff[*place, s]) * flow / (flow + 1000.0)
    assert float(new.tariff[*place, s]) == pytest.approx(expected, rel=1e-9)
    for name in (*ACCOUNTS, "tariff_revenue"):
        before, after = (np.asarray(getattr(one, name)) for one in (old, new))
        assert np.abs(after - before).max() <= ACCOUNT * np.abs(before).max(), name


# Inversion


@pytest.mark.parametrize("horizon", ["long", "short"])
@pytest.mark.parametrize("holder", HOLDERS)
def test_the_wedge_returns_the_flow_that_was_seen(
    travelled: detente.Baseline, horizon: str, holder: str
) -> None:
    flows = [Flow("KOR", "CHN", "TOU", 0.42), Flow("KOR", "CHN", "CUL", 0.7)]
    base, closure = play(travelled, horizon, 2.0, ("KOR", "JPN"), ("TOU", "CUL"))
    found = invert(boycott(base, closure, holder, flows), flows, horizon)
    np.testing.assert_allclose(found.kept, [0.42, 0.7], rtol=1e-8)
    o, d = base.country_index["KOR"], base.country_index["CHN"]
    cells = [base.sector_index[sector] for sector in ("TOU", "CUL")]
    np.testing.assert_allclose(found.quantity[o, d, cells], [0.42, 0.7], rtol=1e-8)
    again = apply(boycott(base, closure, holder, flows), jnp.asarray(log_factors(found)), horizon)
    if holder != "taste":
        np.testing.assert_allclose(again.kept, found.kept, rtol=1e-8)
        assert (found.markup > 0).all()
    assert found.welfare[base.country_index["CHN"]] != 0


def test_who_keeps_the_rent_turns_the_sign(travelled: detente.Baseline) -> None:
    """Burned it costs both; at home it is a tariff that improves the sender's terms of trade."""
    flows = [Flow("KOR", "CHN", "TOU", 0.42), Flow("KOR", "CHN", "CUL", 1.0)]
    base, closure = play(travelled, "long", 2.0, ("KOR", "JPN"), ("TOU", "CUL"))
    welfare = {
        holder: invert(boycott(base, closure, holder, flows), flows, "long").welfare
        for holder in HOLDERS
    }
    korea, china = base.country_index["KOR"], base.country_index["CHN"]
    assert welfare["nobody"][korea] < 0 and welfare["nobody"][china] < 0
    assert welfare["importer"][china] > 0 > welfare["importer"][korea]
    assert welfare["exporter"][korea] > welfare["importer"][korea]


def test_a_closer_substitute_gains_more(travelled: detente.Baseline) -> None:
    flows = [Flow("KOR", "CHN", "TOU", 0.5), Flow("KOR", "CHN", "CUL", 1.0)]
    gains = []
    for nest in (1.0, 2.0, 4.0):
        base, closure = play(travelled, "short", nest, ("KOR", "JPN"), ("TOU", "CUL"))
        held = invert(boycott(base, closure, "nobody", flows), flows, "short")
        place = base.country_index["JPN"], base.country_index["CHN"], base.sector_index["TOU"]
        gains.append(held.quantity[place])
    assert 1 < gains[0] < gains[1] < gains[2]


def test_a_flow_that_grew_has_a_negative_wedge(travelled: detente.Baseline) -> None:
    flows = [Flow("KOR", "CHN", "TOU", 1.3), Flow("KOR", "CHN", "CUL", 1.0)]
    base, closure = play(travelled, "long", 2.0, ("KOR", "JPN"), ("TOU", "CUL"))
    assert invert(boycott(base, closure, "nobody", flows), flows, "long").markup[0] < 0


def test_leverage_is_the_slope_of_welfare(travelled: detente.Baseline) -> None:
    """Played against the engine's implicit derivative; what is left is the second order."""
    base, closure = play(travelled, "long", 2.0, ("KOR", "JPN"), ("TOU", "CUL"))
    rows = leverage_by_sector(base, closure, "CHN", "KOR", "long")
    o, d = base.country_index["KOR"], base.country_index["CHN"]
    none = detente.Shock.none(base.economy)
    for column, place in (("target", o), ("sender", d)):
        log_welfare = lambda economy, found, at=place: jnp.log(welfare_hat(economy, found)[at])
        slope = sensitivity(log_welfare, base.economy, none, closure).shock.trade_cost_hat[o, d]
        # Trade elasticities of up to 6: a cost of 1 % bends the loss by up to 6 %.
        np.testing.assert_allclose(rows[column], -np.asarray(slope), rtol=0.06, atol=1e-9)
    assert rank_correlation(rows, ("TOU", "CUL"), by="ratio") > 0


def test_lifting_a_ban_lets_in_more_the_more_it_hid() -> None:
    world = detente.load_baseline("compact-2022")
    share = max(shares_elsewhere(world, "KOR", "AVP", ["JPN", "TWN", "HKG", "VNM"]).values())
    assert 0.005 < share < 0.02
    small, large = (lift(world, ("KOR", "CHN"), "AVP", one, "long") for one in (0.0075, share))
    assert 0 < small.exports < large.exports
    assert 0 < small.income[0] < large.income[0] < large.exports


def test_a_ban_hides_nothing_where_the_share_is_there_already() -> None:
    """The least of the places without a ban may be below what is sold despite it."""
    world = detente.load_baseline("compact-2022")
    (has,) = shares_elsewhere(world, "KOR", "AVP", ["CHN"]).values()
    for share in (0.9 * has, has):
        one = lift(world, ("KOR", "CHN"), "AVP", share, "short")
        assert (one.exports, *one.welfare, *one.income) == (0.0,) * 5
        assert one.share == 100 * share


# Targets and falsifiers


def target(**changed: object) -> PublishedTarget:
    fields = {"id": "V0", "what": "w", "published": "1", "source": "s", "measure": "m", "unit": "%"}
    return PublishedTarget.model_validate(fields | changed)


@pytest.mark.parametrize(
    ("changed", "ours", "interval", "outcome"),
    [
        ({"lowest": 1, "highest": 2}, 1.5, None, "pass"),
        ({"lowest": 1, "highest": 2}, 2.5, None, "miss"),
        ({"lowest": 1}, float("nan"), None, "miss"),
        ({"role": "input"}, 9.0, None, "input"),
        ({"lowest": 1}, None, None, "not computed"),
        ({"lowest": 1, "other_concept": "one is real income"}, 1.5, None, "other concept"),
        ({"inside": 3}, 8.0, (2.0, 9.0), "pass"),
        ({"inside": 3}, 8.0, (7.0, 9.0), "miss"),
        ({"inside": 3}, 3.0, None, "miss"),
    ],
)
def test_the_rule_alone_decides(
    changed: dict[str, object],
    ours: float | None,
    interval: tuple[float, float] | None,
    outcome: str,
) -> None:
    assert TargetCheck(target(**changed), ours, interval).outcome == outcome


def test_every_target_of_the_library_has_a_source_and_a_rule() -> None:
    for name in episodes.available():
        episode = episodes.load_episode(name)
        assert episode.targets and episode.falsifiers and episode.question
        for one in episode.targets:
            ruled = one.lowest is not None or one.highest is not None or one.inside is not None
            assert one.source and (ruled or one.role == "input"), f"{name} {one.id}"


def test_findings_say_which_falsifiers_fell() -> None:
    episode = episodes.load_episode("thaad")
    found = Prediction({"placebo_rank": 3.0, "placebo_in_time": 0.0})
    findings = Findings(episode, Setting("compact-2014"), found, episodes.compare(episode, {}))
    assert [one.measure for one in findings.falsified] == ["placebo_rank"]
    fates = falsifier_frame(findings).outcome.tolist()
    assert fates == ["falsified", "stands", "not computed", "not computed"]
    assert set(episode_frame(findings).outcome) == {"not computed"}
    assert '"falsifiers"' in episode_document(findings)
    assert all(isinstance(one, Falsifier) for one in findings.falsified)


@pytest.mark.parametrize(
    ("name", "override", "said"),
    [
        ("thad", None, "did you mean 'thaad'"),
        ("thaad", "window.begins=soon", "window.begins"),
        ("thaad", "windows.begins=2017-03", "nothing called 'windows.begins'"),
        ("thaad", "window", "PATH=VALUE"),
        ("thaad", "title=3", "'title' should be text, not 3"),
        ("thaad", "window=1", "'window' should be a table, not 1"),
        ("phase-one", "choices.chips=5", "'choices.chips' should be a list of names, not 5"),
        ("phase-one", "choices.chips=[5]", r"should be a list of names, not \[5\]"),
        ("phase-one", "choices.forecast=much", "should be a number, not 'much'"),
        ("phase-one", "choices.forecast=nan", "should be a number, not nan"),
        ("phase-one", "choices.customs=3", "should be a table, not 3"),
        ("phase-one", "limits=5", "'limits' should be a list of names, not 5"),
        ("japan-2025", "assumptions.fall.value=half", "should be a number, not 'half'"),
    ],
)
def test_an_episode_that_cannot_be_read(name: str, override: str | None, said: str) -> None:
    with pytest.raises(ScenarioError, match=said):
        episodes.load_episode(name, [override] if override else [])


def test_a_setting_may_be_of_the_same_kind() -> None:
    settings = ["choices.forecast=310", 'choices.chips=["ELE", "ELQ"]', "choices.first=2015"]
    choices = episodes.load_episode("phase-one", settings).choices
    assert (choices["forecast"], choices["chips"], choices["first"]) == (310, ["ELE", "ELQ"], 2015)


def test_no_word_of_a_table_is_broken_in_80_columns() -> None:
    rows = pd.DataFrame(
        {"what": ["between the two as it was"], "correlation": [-0.2465], "predicted": [0.235],
         "predicted/actual": [1.62], "unit": ["bn US$, harmonised basis, long run"]}
    )  # fmt: skip
    console = Console(width=80, file=io.StringIO())
    console.print(terminal(Section([_shown("T", rows)])))
    printed = console.file.getvalue().split()
    assert {"correlation", "predicted", "harmonised", "−0.2465", "actual"} <= set(printed)


def test_bounds_are_printed_with_a_true_minus() -> None:
    rule = Falsifier(statement="s", measure="m", unit="u", lowest=-1e-6, highest=-0.5)
    assert rule.words == "−1e−06 to −0.5"
    assert Falsifier(statement="s", measure="m", unit="u", highest=-2).words == "at most −2"


def test_a_donor_can_be_left_out() -> None:
    episode = episodes.load_episode("thaad", ["choices.excluded.KAZ=out"])
    assert set(episode.choices["excluded"]) - {"KAZ"} == set(
        episodes.load_episode("thaad").choices["excluded"]
    )


def test_without_the_arrivals_one_sentence_says_what_to_add(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"detente data add kto FILE.* `sources`"):
        episodes.play(episodes.load_episode("thaad"), Setting("compact-2014", tmp_path))


def test_too_few_donors_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.episodes.arrivals.read_arrivals", lambda path: panel(donors=5))
    episode = episodes.load_episode("thaad", ["choices.smallest_donor=1"])
    with pytest.raises(DataError, match="only 5 nationalities are left as donors, and 8"):
        measure_fall(episode, Setting("compact-2014"))


def test_the_placebo_in_time_sees_no_month_of_the_event(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detente.episodes.arrivals.read_arrivals", lambda path: panel())
    episode = episodes.load_episode("thaad", ["choices.smallest_donor=1"])
    fall = measure_fall(episode, Setting("compact-2014"))
    assert episode.window is not None
    assert fall.earlier.gap.index.max() < episode.window.begins <= fall.control.gap.index.max()


def test_an_interval_is_ordered_for_numbers_below_zero_too() -> None:
    """The least fall is the larger number."""
    have = {"m": -70.0, "m_lowest": -66.0, "m_highest": -75.0}
    judged = episodes.compare(
        episodes.load_episode("thaad").model_copy(update={"targets": (
            target(inside=-70), target(inside=-45),
        )}), have,
    )  # fmt: skip
    assert [one.outcome for one in judged] == ["pass", "miss"]


@pytest.mark.shared
def test_the_months_cited_are_those_of_the_series(raw_directory: Path) -> None:
    """To the tenth of a percent; the counts are in the targets."""
    seen = source.read_arrivals_in_japan(raw_directory, "CHN")
    assert seen is not None
    episode = episodes.load_episode("japan-2025")
    published = episode.choices["published"]
    for name, month in MONTHS_OF_2025.items():
        before = f"{int(month[:4]) - 1}{month[4:]}"
        assert round(100 * (seen[month] / seen[before] - 1), 1) == published[name]
        one = next(row for row in episode.targets
                   if row.measure == f"japan_{name}" and row.inside is not None)  # fmt: skip
        assert one.inside == published[name] and f"{seen[month]:,.0f}" in one.published


def test_arrivals_in_japan_of_another_form_are_refused(tmp_path: Path) -> None:
    place = tmp_path / source.JAPAN
    assert source.read_arrivals_in_japan(tmp_path, "CHN") is None
    place.parent.mkdir()
    for text, said in (
        ("month,persons\n2025-11,1\n", "the columns month, market and arrivals"),
        ("month,market,arrivals\n2025-11,KOR,1\n", "every month of CHN once"),
        ("month,market,arrivals\n2025-11,CHN,1\n2025-11,CHN,2\n", "every month of CHN once"),
    ):
        place.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=said):
            source.read_arrivals_in_japan(tmp_path, "CHN")


def test_months_are_held_against_the_year_before_and_the_trend() -> None:
    """Twice as many as a year before in the trend, half in the month: a fall by three quarters."""
    months = [*MONTHS_OF_2025.values(), "2025-09"]
    seen = {f"{int(one[:4]) - 1}{one[4:]}": 100.0 for one in months}
    seen |= dict.fromkeys(months, 50.0) | {"2025-09": 200.0}
    have = {f"japan_{name}{end}": -70.0 for name in MONTHS_OF_2025
            for end in ("", "_lowest", "_highest")}  # fmt: skip
    came = _came(seen, ["2025-09"], have)
    np.testing.assert_allclose(came["on the year, %"], -50)
    np.testing.assert_allclose(came["against the trend, %"], -75)
    with pytest.raises(DataError, match="lack 2025-11, 2024-11"):
        _came({}, ["2025-09"], have)


def test_japan_is_predicted_without_raw_data(tmp_path: Path) -> None:
    """The published fall of 2017 stands in, and the findings say so."""
    found = episodes.play(episodes.load_episode("japan-2025"), Setting("compact-2022", tmp_path))
    have = found.found.measures
    assert "published fall of 2017" in found.found.sentences[0]
    assert have["japan_year_highest"] < have["japan_year"] < have["japan_year_lowest"] < 0
    assert 0 < have["korea_gain_lowest"] < have["korea_gain"] < have["korea_gain_highest"]
    assert picture(episode_chart(found), ".svg").startswith(b"<svg")


def test_arrivals_of_the_store_are_read_by_nationality(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Totals of persons alone: neither purposes nor names that are no economy's."""
    monkeypatch.setenv("DETENTE_HOME", str(tmp_path))
    with pytest.raises(DataError, match="arrivals are not here"):
        source.read_arrivals(None)
    raw = tmp_path / "2019-05.csv"
    raw.write_text(
        "국적,관광,상용,공용,유학연수,기타,계\n중국,400,30,1,20,49,500\n일본,90,5,1,2,2,100\n계,490,35,2,22,51,600\n",
        encoding="utf-8",
    )
    CliRunner().invoke(app, ["data", "add", "kto", str(raw)], catch_exceptions=False)
    found = source.read_arrivals(None)
    assert found.loc["2019-05"].to_dict() == {"CHN": 500.0, "JPN": 100.0}


@pytest.mark.shared
def test_the_arrivals_are_those_that_were_published(raw_directory: Path) -> None:
    """8.07 and 4.17 million, minus 48.3 %: Xinhua, 2018-02-05."""
    china = source.read_arrivals(raw_directory).CHN
    years = china.groupby(china.index.str[:4]).sum()
    assert years["2016"] == 8_067_722 and years["2017"] == 4_169_353


@pytest.mark.shared
@pytest.mark.parametrize(
    ("override", "said"),
    [
        ("window.last=2021-06", "lack 13 months, the first 2020-06"),
        ("choices.smallest_donor=500000", "nationalities are left as donors"),
        ("choices.year_begins=2016-01", "is not within the window"),
    ],
)
def test_thaad_refuses_in_one_sentence(raw_directory: Path, override: str, said: str) -> None:
    episode = episodes.load_episode("thaad", [override])
    with pytest.raises(DataError, match=said):
        measure_fall(episode, Setting("compact-2014", raw_directory))


@pytest.mark.shared
def test_thaad_end_to_end(raw_directory: Path) -> None:
    """Every target is computed; those that go into the fit agree with what was published."""
    episode = episodes.load_episode("thaad")
    found = episodes.play(episode, Setting("compact-2014", raw_directory))
    have = found.found.measures
    assert not found.falsified
    assert {one.target.id for one in found.verdicts} == {f"V{n}" for n in range(1, 9)}
    assert all(one.outcome != "not computed" for one in found.verdicts)
    assert have["arrivals_2016"] == pytest.approx(8.07, abs=0.01)
    assert have["arrivals_change_2017"] == pytest.approx(-48.3, abs=0.05)
    assert have["inversion_error"] < 1e-8
    ends = have["korea_welfare_cost_short_lowest"], have["korea_welfare_cost_short_highest"]
    assert ends[0] < have["korea_welfare_cost_short"] < ends[1]
    assert picture(episode_chart(found), ".svg").startswith(b"<svg")


def test_the_command_lists_and_refuses() -> None:
    listed = CliRunner().invoke(app, ["episode"])
    assert listed.exit_code == 0 and "thaad" in listed.stdout and "japan-2025" in listed.stdout
    refused = CliRunner().invoke(app, ["episode", "thad"])
    assert isinstance(refused.exception, ScenarioError)


def test_what_visitors_spend_is_their_part_of_each_flow() -> None:
    """By hand: a half of one flow to Korea, a quarter of another, and nothing of Japan's."""
    world = detente.load_baseline("compact-2022")
    shares = {("KOR", "TOU"): 0.5, ("KOR", "AIR"): 0.25, ("JPN", "TOU"): 0.9}
    stay, flights = (world.sector_index[code] for code in ("TOU", "AIR"))
    spent = Travel(world, shares, "TOU", {}).spent("KOR")
    sold = np.asarray(world.economy.trade)[world.country_index["KOR"], world.country_index["CHN"]]
    assert spent[stay] == pytest.approx(0.5 * sold[stay]) and sold[stay] > 0
    assert spent[flights] == pytest.approx(0.25 * sold[flights])
    assert spent.sum() == pytest.approx(spent[stay] + spent[flights])
