"""The tables of a brief's annex on what is produced and on the account of two countries."""

from collections.abc import Sequence
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import in_sentence, possessive
from ..account import main_pair
from ._format import level, signed, signed_million, signed_percent, UNCHANGED_PERCENT
from ._frames import (
    account_frame,
    balance_ends,
    country_name,
    Facts,
    is_drawn,
    leading_focus,
    marked,
    MATERIAL_SHARE,
    meaning_of_marks,
    records,
    sector_frame,
)
from .charts import moving_flows
from .section import Cell, Part, table_of, Words
from .uncertainty import middle


if TYPE_CHECKING:
    import xarray as xr


SECTOR_COUNTRIES = 2
SECTOR_HEADINGS = (
    "", "Volume\n%", "Between\n%", "Median\n%", "Volume\nUS$ million", "Share of\noutput, %",
)  # fmt: skip
SECTORS_UNDER = (
    "Volume of gross output, in US$ at baseline prices; shares are of the country's output before. "
    f"Sectors below {MATERIAL_SHARE} % are left out."
)


def under(*sentences: str) -> Words:
    """A note under a table."""
    return Words(" ".join(one for one in sentences if one), "dim")


def produced(outcome: "xr.Dataset", facts: Facts) -> list[Part]:
    """Every sector that matters in a country, with its range; nothing where none was drawn."""
    parts: list[Part] = []
    for code in leading_focus(outcome, SECTOR_COUNTRIES):
        frame = sector_frame(outcome, code)
        frame = frame.loc[frame.share >= MATERIAL_SHARE]
        if is_drawn(frame):
            rows = [_sector_row(row) for row in records(frame)]
            title = f"{country_name(outcome, code)}: volume of output by sector"
            parts.append(table_of(SECTOR_HEADINGS, rows, title=title))
    if not parts:
        return []
    return [*parts, under(_ranges(outcome), SECTORS_UNDER, f"{facts.setting}.")]


def _sector_row(row: dict[str, Any]) -> list[Cell]:
    low, median, high = (three(row[end]) for end in ("low", "median", "high"))
    amounts = signed_million(row["contribution"]), f"{row['share']:.1f}"
    return [row["name"], three(row["output"]), f"{low} and {high}", median, *amounts]


def three(value: float) -> str:
    """A percentage with three decimals; what is the rounding of the solver is none."""
    return signed(0.0 if abs(value) < UNCHANGED_PERCENT else value, 3)


def _ranges(outcome: "xr.Dataset") -> str:
    """What "between" and "median" mean in a table of ranges."""
    return (
        f"Between holds {middle(outcome)}, and the median is the middle one of them; the other "
        "figures are of the scenario's own assumptions."
    )


def exchanged(outcome: "xr.Dataset", facts: Facts, drawn: list[Part]) -> tuple[str, list[Part]]:
    """The bilateral account: exports, imports and balance, each a block of rows."""
    pair = main_pair(outcome)
    if pair is None:
        return "", []
    country, partner = (in_sentence(country_name(outcome, code)) for code in pair)
    frame = account_frame(outcome, *pair)
    titles = {
        "exports": f"Exports of {country} to {partner}",
        "imports": f"Imports of {country} from {partner}",
        "balance": f"{possessive(country)} balance with {partner}",
    }
    rows: list[Sequence[Cell]] = []
    for side, title in titles.items():
        rows += [[Words(title, "bold")], *_account_rows(frame, side)]
    ranged = balance_ends(outcome, *pair) is not None
    by_sector = _by_sector(outcome, pair)
    note = under(
        meaning_of_marks(_first(cells[0]) for cells in (*rows, *by_sector)),
        _ranges(outcome) if ranged else "",
        f"Goods and services at producer prices on the {facts.basis} basis, which is neither "
        "country's customs or balance-of-payments figure. Amounts after the change are in the "
        f"numeraire ({facts.numeraire}). {facts.setting}.",
    )
    parts = [*drawn, table_of(_account_headings(ranged), rows)]
    if by_sector:
        parts.append(table_of(_account_headings(True), by_sector, title="Flows that change most"))
    return f"Between {country} and {partner}", [*parts, note]


def _first(cell: Cell) -> str:
    return cell.text if isinstance(cell, Words) else str(cell)


def _account_headings(ranged: bool) -> list[str]:
    between = ["Between\nUS$ million", "Median\nUS$ million"] if ranged else []
    levels = ["Before\nUS$ million", "After\nUS$ million", "Change\nUS$ million"]
    return ["", *levels, *between, "Change\n%"]


def _by_sector(outcome: "xr.Dataset", pair: tuple[str, str]) -> list[Sequence[Cell]]:
    """The flows of the figure with their ranges; nothing where none was drawn."""
    rows: list[Sequence[Cell]] = []
    for origin, destination in (pair, pair[::-1]):
        frame = moving_flows(outcome, origin, destination)
        if not is_drawn(frame):
            continue
        names = (country_name(outcome, code) for code in (origin, destination))
        rows.append([Words(" to ".join(names), "bold")])
        rows += [_account_row(row["name"], row) for row in records(frame)]
    return rows


def _account_rows(frame: pd.DataFrame, side: str) -> list[list[Cell]]:
    """The groups of one side of the account; the last of them is the total."""
    rows: list[list[Cell]] = []
    for group, row in zip(frame.index, records(frame), strict=True):
        named = {name.removeprefix(f"{side}_"): value for name, value in row.items()}
        look = "bold" if group == frame.index[-1] else ""
        name = marked(str(group).capitalize(), named.get("estimated", 0.0))
        cells = _account_row(name, named, has_percent=side != "balance")
        rows.append([Words(cell, look) for cell in cells])
    return rows


def _account_row(name: str, row: dict[str, Any], *, has_percent: bool = True) -> list[str]:
    """A flow or a balance: before, after, its change, and the range of that where it was drawn."""
    before, after, ends = row["before"], row["after"], []
    if pd.notna([row.get("low"), row.get("high")]).all():
        low, median, high = (signed_million(row[end]) for end in ("low", "median", "high"))
        ends = [f"{low} and {high}", median]
    relative = signed_percent(100 * (after - before) / before) if has_percent and before > 0 else ""
    amounts = [level(before, 0), level(after, 0), signed_million(after - before)]
    return [name, *amounts, *ends, relative]
