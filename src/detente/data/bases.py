"""The accounting bases: every book that a figure of trade may stand in, by its one name.

The same trade has another value in each (customs of either side, balance of payments, a harmonised
table), and all may be right. What is stored, claimed or read in a text is on one of these; another
name is refused where it comes in.
"""

from typing import NamedTuple

from .._core import nearest


class Basis(NamedTuple):
    """A book of trade."""

    name: str
    description: str
    economy: str = ""
    """Whose own customs keep it, ISO 3166 alpha-3; nothing where it is no national book."""


KOREAN, CHINESE, AMERICAN = "korean customs", "chinese customs", "us customs"
JAPANESE, TAIWANESE = "japanese customs", "taiwanese customs"
EXPORTER, COMTRADE = "exporter", "comtrade"
PAYMENTS, HARMONISED = "balance of payments", "harmonised"
CERTAINTY = ("final", "preliminary", "rounded", "derived")
"""What a figure may be, the firmest first: of two for one year the firmer is shown."""
BASES = {
    one.name: one
    for one in (
        Basis(KOREAN, "What South Korea's customs count", "KOR"),
        Basis(CHINESE, "What China's customs count", "CHN"),
        Basis(AMERICAN, "What the customs of the United States count, by the Census Bureau", "USA"),
        Basis(JAPANESE, "What Japan's customs count, turned into US$", "JPN"),
        Basis(TAIWANESE, "What Taiwan's customs count", "TWN"),
        Basis(EXPORTER, "What another economy says of its exports in its report to the OECD"),
        Basis(COMTRADE, "What an economy reports to UN Comtrade"),
        Basis(PAYMENTS, "Changes of ownership, wherever the goods are"),
        Basis(HARMONISED, "Reports of both sides, weighed against each other by who publishes it"),
    )
}
"""Every book, by name."""
NATIONAL_BASES = {one.economy: name for name, one in BASES.items() if one.economy}
"""The book that an economy's own customs keep."""


def known_basis(name: str) -> str:
    """The name itself; raises `ValueError`, with the nearest name, where there is no such book."""
    if name not in BASES:
        raise ValueError(f"'{name}' is no accounting basis; {nearest(name, BASES)}")
    return name
