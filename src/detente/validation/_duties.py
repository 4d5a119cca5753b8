"""What the rates of the worlds imply in revenue, by quantity and year."""

from .. import library
from .._core import DataError, nearest


def duty(quantity: str, year: int) -> tuple[float, tuple[float, float]]:
    """Duty at the levied rates, and the range to that at means over lines, in the table's unit."""
    rows = library.table("tariffs/measures.csv")
    known = {(row["quantity"], int(row["year"])): row for row in rows}
    if (quantity, year) not in known:
        names = [f"{name} {when}" for name, when in known]
        raise DataError(
            f"there is no '{quantity}' of {year}; {nearest(f'{quantity} {year}', names)}"
        )
    row = known[quantity, year]
    levied, line_average = float(row["levied"]), float(row["line_average"])
    return levied, (min(levied, line_average), max(levied, line_average))
