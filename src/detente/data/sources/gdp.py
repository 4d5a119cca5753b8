"""What GDP in US$ can be: its size, and how far it has moved within a year."""

from collections.abc import Mapping

from ..tables import Frame
from .place import FilePlace
from .source import refuse_jump, require_between


MOST = 9.0
"""No GDP since 1960 is more than so many times that of the year before, or less than one such part
of it, but for those in `COLLAPSES`; a decimal sign that is lost makes it ten times."""
COLLAPSES: Mapping[str, int] = {"IRQ": 1991, "AZE": 1992, "UKR": 1992, "BGR": 1991, "HRV": 1993}
"""Years with published falls and rises beyond: a war, and the ends of currencies."""


def refuse_gdp(place: FilePlace, rows: Frame, span: tuple[float, float], unit: str) -> None:
    """Raise for a GDP that cannot be, by its size or by that of the year before.

    `rows` has country, year and value; its index names the line.
    """
    require_between(place, rows["value"], span, f"GDP in {unit}")
    # What was before a collapse is compared with nothing after it.
    before = rows.year < rows.country.map(COLLAPSES)
    parted = rows.country.where(~before, rows.country + " before its collapse")
    refuse_jump(place, rows.assign(country=parted), ["country"], f"GDP in {unit}", MOST)
