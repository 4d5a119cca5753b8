"""Phase one of the agreement: tariff cuts alone, and the trade that followed."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from detente import episodes
from detente._core import DataError, ScenarioError
from detente.calibrate.baseline import load_baseline
from detente.calibrate.yearly import goods_trade
from detente.episodes.phase_one import _trade, Aftermath, cuts_alone, fit, shipped_trade
from detente.episodes.phase_one_findings import Comparison, Growth


PAIR = (0, 1)


@pytest.fixture(scope="module")
def episode() -> episodes.Episode:
    return episodes.load_episode("phase-one")


@pytest.fixture(scope="module")
def fitted(episode: episodes.Episode) -> Aftermath:
    return fit(episode, episodes.Setting(episode.baseline))


@pytest.fixture(scope="module")
def played(episode: episodes.Episode) -> episodes.Findings:
    return episodes.play(episode)


def flows(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).lognormal(sigma=0.5, size=(5, 5, 3))


def test_a_perfect_prediction_fits_perfectly() -> None:
    """Whatever the two tables' levels: the prediction is of growth."""
    before, after = flows(1), flows(2)
    scale = np.asarray([2.0, 0.5, 3.0])
    one = Comparison(Growth(scale * before, scale * after, (0.0, 0.0)), before, after, PAIR)
    for net in (False, True):
        found = one.statistics(net=net)
        assert found["correlation"] == pytest.approx(1.0)
        assert found["slope"] == pytest.approx(1.0)
        assert found["predicted"] == pytest.approx(found["actual"])
    predicted, actual = one.dollars()
    np.testing.assert_allclose(predicted, actual)


def test_growth_net_of_third_countries_sees_only_the_pair() -> None:
    """Supply of an origin, demand of a destination and the world's growth drop out; the pair's own
    growth stays."""
    before = flows(3)
    after = before * np.asarray([1.5, 0.8, 1.0, 1.2, 0.9])[:, None, None]
    after = 1.3 * after * np.asarray([0.7, 1.1, 1.0, 1.4, 1.0])[None, :, None]
    no_cut = Growth(before, before, (0.0, 0.0))
    # The same factor for every third country, so that their sums move as each of them does.
    after[:, 2:] = before[:, 2:] * after[:, 2:3] / before[:, 2:3]
    after[2:] = before[2:] * after[2:3, :] / before[2:3, :]
    after[2:, 2:] = before[2:, 2:] * 1.3
    after[0, 2:], after[1, 2:] = before[0, 2:] * 1.3 * 1.5, before[1, 2:] * 1.3 * 0.8
    after[2:, 0], after[2:, 1] = before[2:, 0] * 1.3 * 0.7, before[2:, 1] * 1.3 * 1.1
    after[0, 1], after[1, 0] = before[0, 1] * 1.3 * 1.5 * 1.1, before[1, 0] * 1.3 * 0.8 * 0.7
    _, net = Comparison(no_cut, before, after, PAIR).growth(net=True)
    np.testing.assert_allclose(net, 0.0, atol=1e-12)
    after[0, 1] *= 2.0
    _, net = Comparison(no_cut, before, after, PAIR).growth(net=True)
    np.testing.assert_allclose(net[0], np.log(2.0))
    np.testing.assert_allclose(net[1], 0.0, atol=1e-12)


def test_what_is_not_sold_is_left_out_of_the_statistics() -> None:
    before, after = flows(4), flows(5)
    after[0, 1, 2] = 0.0
    one = Comparison(Growth(before, flows(6), (0.0, 0.0)), before, after, PAIR)
    assert one.statistics()["flows"] == 5.0
    assert np.isfinite(one.statistics()["correlation"])


def test_cuts_raise_what_they_are_on(episode: episodes.Episode, fitted: Aftermath) -> None:
    """Rates between the two fell on every sector, so both directions of each grow; third
    countries sell them less; and no cut is no change."""
    growth = cuts_alone(fitted, episode.choices)
    home, partner = fitted.pair
    sold = growth.before > 0
    for o, d in (fitted.pair, fitted.pair[::-1]):
        assert (growth.after[o, d] > growth.before[o, d])[sold[o, d]].all()
    third = [n for n in range(len(growth.before)) if n not in fitted.pair]
    into_partner = lambda flow: flow[third, partner].sum()
    assert into_partner(growth.after) < into_partner(growth.before)
    same = {**episode.choices, "last": episode.choices["first"]}
    still = cuts_alone(fitted, same)
    np.testing.assert_allclose(still.after, still.before, rtol=1e-8)
    without = cuts_alone(fitted, episode.choices, chips=False)
    chip = fitted.chips[0]
    assert without.after[home, partner, chip] < growth.after[home, partner, chip]


def test_phase_one_on_a_fresh_machine(played: episodes.Findings) -> None:
    measures = played.found.measures
    # The two-way trade of the harmonised tables in 2014 and 2021: 229.4 and 304.5 bn US$.
    assert measures["actual_change"] == pytest.approx(75.1, abs=0.1)
    assert measures["year_reached_customs"] == 2021
    assert measures["customs_2022"] == pytest.approx(310.2)
    assert measures["with_cuts_lowest"] <= measures["with_cuts"] <= measures["with_cuts_highest"]
    assert {one.outcome for one in played.verdicts if one.target.role == "test"} <= {
        "pass",
        "miss",
        "dropped",
    }
    table = played.found.tables["Fit over sectors and directions, log growth"]
    assert len(table) == 12 and table.correlation.notna().all()


@pytest.mark.parametrize(
    ("override", "sentence"),
    [
        ("choices.last=2014", "from one year to a later one"),
        ("choices.home=KRO", "or 'KOR'"),
        ("choices.home=JPN", "are those of KOR and CHN"),
        ('choices.chips=["BUS"]', "'BUS' is not a sector"),
    ],
)
def test_a_bad_question_gets_one_sentence(override: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        episodes.play(episodes.load_episode("phase-one", [override]))


def test_another_classification_gets_one_sentence() -> None:
    world = load_baseline("compact-2014")
    finer = replace(world, name="finer", sectors=tuple(f"X{code}" for code in world.sectors))
    with pytest.raises(DataError, match="'finer' does not have AGR"):
        _trade(finer, episodes.Setting("finer", sources=Path("nowhere")), 2014, 2021)


@pytest.mark.shared
def test_shipped_trade_is_what_the_sources_give(raw_directory) -> None:
    built = goods_trade(
        load_baseline("compact-2014"), raw_directory, range(2014, 2023), [2014, 2021]
    )
    shipped = shipped_trade()
    for name in ("trade", "tariff"):
        np.testing.assert_array_equal(built[name].values, shipped[name].values)
