"""The tariffs an answer rests on: as levied, as means over lines, and whose sector counts.

A mean over tariff lines is not what is paid: trade is where lines are free. Both stand side by side
wherever duties move, with the sector that carries most of it.
"""

import json
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import first_small, in_sentence
from ._format import MISSING, money, sentence, signed_million
from ._frames import country_name, records


if TYPE_CHECKING:
    import xarray as xr


ROWS = 6
ONE_WAY = 0.999
"""Part of the duty that moves which must move one way for the rest not to be mentioned."""
HEADINGS = {
    "direction": "",
    "levied_before": "Levied\n%",
    "levied_after": "After\n%",
    "line_average": "Mean over\nlines, %",
    "duty_moved": "Duty\nUS$ million",
    "largest_sector": "Largest\nsector",
    "share": "Its share\n%",
}


def tariff_frame(outcome: "xr.Dataset", rows: int = ROWS) -> pd.DataFrame:
    """The directions in which most duty moves; empty where no tariff moves. Units as in HEADINGS.

    The column `line_average` is there only where the world holds averages over lines.
    """
    moved: list[dict[str, Any]] = _moved(outcome).get("rows", [])
    frame = pd.DataFrame(
        [
            {**row, "direction": _direction(outcome, row),
             "largest_sector": _sector(outcome, row["largest_sector"])}
            for row in moved[:rows]
        ],
        columns=list(HEADINGS),
    )  # fmt: skip
    return frame.dropna(axis="columns", how="all") if len(frame) else frame


def tariff_cells(outcome: "xr.Dataset", rows: int) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of the frame as text."""
    frame = tariff_frame(outcome, rows)
    cells = [[_cell(name, value) for name, value in row.items()] for row in records(frame)]
    headings = HEADINGS if "line_average" in frame else HEADINGS | {"levied_before": "Before\n%"}
    return [headings[name] for name in frame.columns], cells


def tariff_lines(outcome: "xr.Dataset", rows: int = ROWS) -> list[str]:
    """The same in a line for each direction."""
    return [_line(outcome, row) for row in _moved(outcome).get("rows", [])[:rows]]


def means(outcome: "xr.Dataset", rows: int = ROWS) -> str:
    """What stands under either: the directions left out, and how to read the figures."""
    moved = _moved(outcome)
    count, said = int(moved["count"]), ""
    if count > rows:
        total = moved["duty_moved"]
        said = (
            f"{count - rows} more directions move less; all {count} together "
            f"{'add' if total > 0 else 'remove'} {money(total)} of duty. "
        )
    lines = any(row["line_average"] is not None for row in moved["rows"])
    simple = "; the mean over tariff lines is simple within a sector" if lines else ""
    return (
        f"{said}Rates are weighted by baseline trade in goods{simple}. Duty is the change of the "
        "rates at unchanged trade."
    )


def _line(outcome: "xr.Dataset", row: dict[str, Any]) -> str:
    mean, moved, both = row["line_average"], row["duty_moved"], row["duty_both_ways"]
    # A world without means over lines beside its rates may hold nothing else: not called levied.
    before = "before" if mean is None else f"levied ({mean:.2f} % as a mean over tariff lines)"
    one_way = abs(moved) > ONE_WAY * both
    what = "of it" if one_way else f"of the {money(both)} that moves either way"
    return sentence(
        f"{_direction(outcome, row)}: {row['levied_before']:.2f} % {before}, "
        f"{row['levied_after']:.2f} % after; {money(moved)} of duty "
        f"{'added' if moved > 0 else 'removed'}{'' if one_way else ' on balance'}, "
        f"{row['share']:.0f} % {what} in {_sector(outcome, row['largest_sector'])}"
    )


def _cell(name: str, value: Any) -> str:
    if name in ("direction", "largest_sector"):
        return str(value)
    if name == "duty_moved":
        return signed_million(value)
    return MISSING if pd.isna(value) else f"{value:.{0 if name == 'share' else 2}f}"


def against_direction(outcome: "xr.Dataset") -> list[str]:
    """Sentences on policies that move some tariffs against what they were meant to do."""
    return json.loads(outcome.attrs.get("tariffs_against") or "[]")


def _moved(outcome: "xr.Dataset") -> dict[str, Any]:
    return json.loads(outcome.attrs.get("tariffs") or "{}")


def _direction(outcome: "xr.Dataset", row: dict[str, Any]) -> str:
    exporter = in_sentence(country_name(outcome, row["exporter"]))
    return f"{country_name(outcome, row['importer'])} on {exporter}"


def _sector(outcome: "xr.Dataset", code: str) -> str:
    if "sector_name" not in outcome.coords:
        return code
    return first_small(str(outcome["sector_name"].sel(sector=code).item()))
