"""Literal tables beside what they must agree with: a word that is in no other list does nothing."""

import calendar
from typing import get_args

import numpy as np
import pytest
from pydantic_core.core_schema import ErrorType

import detente
from detente import _refusal, library, outcome
from detente._core import Deficits
from detente.data import us_tariffs
from detente.data.sources import monthly
from detente.geo import patience
from detente.geo.leverage.cheapest import HIT_2017
from detente.record.forecasts import _joined
from detente.report import record_charts
from tools import record_sources


SYMBOLS = set(
    "circle square cross diamond triangle-up triangle-down triangle-right triangle-left stroke "
    "arrow wedge triangle".split()
)
"""Names of shapes that Vega draws, from its reference of the symbol mark."""


def test_tariffs_are_put_on_regions_of_the_world_they_are_for() -> None:
    assert set(us_tariffs.REGIONS.values()) < set(detente.load_baseline("compact-2022").countries)


def test_the_sectors_hit_are_sectors_of_the_compact_world() -> None:
    compact, _ = HIT_2017
    assert set(compact) < set(detente.load_baseline("compact-2022").sectors)


def test_discount_factors_are_between_none_and_all() -> None:
    assert all(0 < one < 1 for one in patience.DISCOUNTS)
    assert patience.DISCOUNTS == tuple(sorted(patience.DISCOUNTS))


def test_years_of_punishment_are_whole_and_in_order() -> None:
    assert all(one == int(one) >= 1 for one in patience.LENGTHS)
    assert patience.LENGTHS == tuple(sorted(patience.LENGTHS))


def test_what_is_wrong_with_a_file_is_known_to_pydantic_by_that_name() -> None:
    """A name that it does not use would leave its own words, which are those of a programmer."""
    assert _refusal._PLAIN.keys() <= set(get_args(ErrorType))


def test_every_rule_for_deficits_is_said_in_words() -> None:
    assert outcome.DEFICITS.keys() == set(get_args(Deficits))


def test_months_are_numbered_as_in_the_calendar() -> None:
    english = {name.lower(): place for place, name in enumerate(calendar.month_abbr) if name}
    assert monthly.MONTHS == english


def test_shapes_of_charts_are_shapes_that_are_drawn() -> None:
    assert set(record_charts.SHAPES.values()) <= SYMBOLS


def test_what_is_said_of_single_figures_is_said_of_figures_that_are_there() -> None:
    rows = {
        (int(row["period"][:4]), row["reporter"], row["flow"]): row["status"]
        for row in library.table("record/korea_china_annual.csv")
    }
    assert {key: status for key, (status, _) in record_sources._SINGLE.items()} == {
        key: rows.get(key) for key in record_sources._SINGLE
    }


@pytest.mark.parametrize(("together", "least", "most"), [(1.0, 1.0, 1.0), (-1.0, -1.0, -1.0), (0.6, 0.54, 0.62)])  # fmt: skip
def test_flows_that_move_together_are_drawn_in_one_order(
    together: float, least: float, most: float
) -> None:
    """The rank correlation of normals is 6/pi asin(r/2): 0.582 for 0.6; every draw is kept."""
    random = np.random.default_rng(0)
    totals = np.exp(random.standard_normal((20_000, 2)))
    found = _joined(totals, together, random)
    np.testing.assert_array_equal(np.sort(found, axis=0), np.sort(totals, axis=0))
    ranks = found.argsort(axis=0).argsort(axis=0)
    assert least - 1e-9 <= np.corrcoef(ranks.T)[0, 1] <= most + 1e-9
