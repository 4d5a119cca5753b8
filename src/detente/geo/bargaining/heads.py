"""Gains per head, with the populations that a user gives: the worlds have none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..._core import nearest, ScenarioError
from ...selection import country_mask
from ...world import Baseline
from .question import Bargain


def people_of(
    baseline: Baseline, sides: Sequence[str], given: Mapping[str, float]
) -> dict[str, float]:
    """Checked populations, in millions; `ScenarioError` for who is not a side, or no number."""
    for code, people in given.items():
        country_mask(baseline, (code,))
        if code not in sides:
            hint = nearest(code, list(sides))
            raise ScenarioError(f"people: '{code}' is not a side of this bargain; {hint}")
        if not 0 < people < float("inf"):
            raise ScenarioError(f"people: {code} must have more than 0 million, not {people:g}.")
    return dict(given)


def per_head(bargain: Bargain, people: Mapping[str, float]) -> Bargain:
    """The bargain with `per_head` beside each side's equivalent variation: US$ a year.

    `people` are millions, and may leave out a side. Ends of an interval are divided alike.
    """
    sides = bargain.sides
    millions = sides.side.map(dict(people))
    names = [name for name in sides if str(name).startswith("equivalent_variation")]
    heads = {
        str(name).replace("equivalent_variation", "per_head"): sides[name] / millions
        for name in names
    }
    about = bargain.about.adding(people_in_millions=dict(people), people_from="the user")
    return replace(bargain, sides=sides.assign(**heads), about=about)
