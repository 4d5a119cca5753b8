"""What a bargain says of its intervals, and of the people whose gains it divides."""

from typing import TYPE_CHECKING

from .._words import listing
from .sureness import drawn, left_out, moves_most, of_draws
from .uncertainty import observed_lines


if TYPE_CHECKING:
    from ..about import About
    from ..geo.bargaining import Bargain


def how_sure_bargain(bargain: "Bargain") -> list[str]:
    """The interval of each side's gain, how often the package is worth having, what moves it."""
    about = bargain.about
    known = observed_lines(about["evidence"], "could be opened")
    if not about.draws:
        return [*left_out(about), *known, *_people(about)]
    if not about["agreed"]:
        return [_of_openings(about), *known, *_people(about)]
    gains = {side: f"{side}'s gain, %" for side in about["sides"]}
    return [
        f"Below a number: {of_draws(about)} of {drawn(about)}. The package is held as agreed, not "
        f"bargained over again in each draw{_tariffs(bargain)}. The draws need not centre on the "
        "number.",
        _worth(bargain),
        f"What moves it most, one assumption at a time: "
        f"{moves_most(bargain.drivers, 'side', gains)}.",
        _of_openings(about),
        *known,
        *_people(about),
    ]


def _worth(bargain: "Bargain") -> str:
    """How often each side would rather have the package than its outside option."""
    both = bargain.about["worth_to_both"]
    rows = bargain.sides.to_dict("records")
    shares = [f"in {_share(row['worth'])} to {row['side']}" for row in rows]
    if both == 100:
        return "In every draw the package is worth more to both than what they have without it."
    said = listing([*shares, f"in {_share(both)} to both"])
    return f"Of the draws, the package is worth more than what is had without it {said}."


def _share(percent: float) -> str:
    return "all" if percent == 100 else "none" if percent == 0 else f"{percent:.0f} %"


def _of_openings(about: "About") -> str:
    return (
        f"Below what an opening is worth to who makes it: {100 * about.level:g} % of the first "
        f"{about['draws_of_openings']} draws."
    )


def _tariffs(bargain: "Bargain") -> str:
    """Where tariffs are on the table, that they have one size."""
    on_the_table = (bargain.openings.means == "tariff").any()
    sized = "size" in bargain.about.assumptions
    return "; the size of tariffs is not drawn" if on_the_table and sized else ""


def _people(about: "About") -> list[str]:
    people = about.own.get("people_in_millions")
    if not people:
        return []
    named = listing([f"{code} {count:,g} million" for code, count in people.items()])
    return [f"US$ a head: a year, by your own figures of people ({named}); the worlds have none."]
