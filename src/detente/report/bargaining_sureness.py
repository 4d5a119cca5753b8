"""What a bargain says of its intervals, and of the people whose gains it divides."""

from typing import TYPE_CHECKING

from .._words import listing, possessive
from ._format import sentence
from ._frames import records
from .sureness import allowing, left_out, moves_most
from .uncertainty import gains_between, observed_lines
from .wording import say


if TYPE_CHECKING:
    from ..about import About
    from ..geo.bargaining import Bargain


def how_sure_bargain(bargain: "Bargain") -> list[str]:
    """The interval of each side's gain, how often the package is worth having, what moves it."""
    about = bargain.about
    known = observed_lines(about["evidence"], "could be opened")
    if not about.draws:
        return [*left_out(about), *known, *_people(about)]
    drawn = sentence(say("bargain.ranges_of_openings", draws=about["draws_of_openings"]))
    if not about["agreed"]:
        return [drawn, *known, *_people(about)]
    ranges = [
        gains_between(about.country(row["side"]), row["welfare_low"], row["welfare_high"])
        for row in records(bargain.sides)
    ]
    owners = {
        side: say("bargain.gain", owner=possessive(about.called(side))) for side in about["sides"]
    }
    said = allowing(about, listing(ranges)), say("bargain.held"), *_tariffs(bargain)
    return [
        *map(sentence, said),
        sentence(_worth(bargain)),
        *moves_most(bargain.drivers, "side", owners),
        drawn,
        *known,
        *_people(about),
    ]


def _worth(bargain: "Bargain") -> str:
    """How often each side would rather have the package than its outside option."""
    both = bargain.about["worth_to_both"]
    if both == 100:
        return say("bargain.worth_to_both")
    first, second = (
        say("bargain.share", share=_share(row["worth"]), who=bargain.about.called(row["side"]))
        for row in records(bargain.sides)
    )
    return say("bargain.worth", first=first, second=second, both=_share(both))


def _share(percent: float) -> str:
    return "all" if percent == 100 else "none" if percent == 0 else f"{percent:.0f} %"


def _tariffs(bargain: "Bargain") -> list[str]:
    """Where tariffs are on the table, that they have one size."""
    on_the_table = (bargain.openings.means == "tariff").any()
    sized = "size" in bargain.about.assumptions
    return [say("bargain.tariffs_held")] if on_the_table and sized else []


def _people(about: "About") -> list[str]:
    people = about.own.get("people_in_millions")
    if not people:
        return []
    named = listing([f"{about.called(code)} {count:,g} million" for code, count in people.items()])
    return [sentence(say("bargain.people", people=named))]
