"""A small record whose every answer is known: two countries, four years, one gap, two books."""

import pandas as pd

from detente.claims.record import Record


# Exports and imports of KOR with CHN, million US$, on Korean customs: a deficit in the first and
# last year, the largest surplus in 2002, nothing for 2003.
EXPORTS = {2000: 100.0, 2001: 210.0, 2002: 330.0, 2004: 260.0, 2005: 200.0}
IMPORTS = {2000: 120.0, 2001: 150.0, 2002: 200.0, 2004: 240.0, 2005: 250.0}
COLUMNS = ["reporter", "partner", "flow", "frequency", "period", "value", "basis", "status"]


def trade(rows: list[tuple]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    return frame.assign(source="test", edition="1")


def rows_of(flow: str, values: dict[int, float], partner: str = "CHN") -> list[tuple]:
    return [
        ("KOR", partner, flow, "A", f"{year}-01-01", value, "korean customs", "final")
        for year, value in values.items()
    ]


def small_record() -> Record:
    months = [
        ("KOR", "CHN", flow, "M", f"2006-{month:02d}-01", value, "korean customs", "final")
        for month in range(1, 12)
        for flow, value in (("exports", 10.0), ("imports", 12.0))
    ]
    frame = trade(
        [
            *rows_of("exports", EXPORTS),
            *rows_of("imports", IMPORTS),
            *rows_of("exports", {2005: 300.0}, "USA"),
            ("CHN", "KOR", "exports", "A", "2005-01-01", 230.0, "chinese customs", "final"),
            ("CHN", "KOR", "imports", "A", "2005-01-01", 260.0, "chinese customs", "final"),
            *months,
        ]
    )
    indicators = pd.DataFrame(
        [("CHN", "SERVICES", 2005, 41.2, "percent")],
        columns=["country", "indicator", "year", "value", "unit"],
    )
    return Record(frame, indicators)
