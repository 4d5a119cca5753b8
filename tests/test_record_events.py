"""Events: the shipped table is well formed, and the picture shows each of them legibly."""

from pathlib import Path

import pandas as pd
import pytest

from detente._core import DataError
from detente.data.concordance import economies
from detente.geo.spells import durations
from detente.record import events, Pair
from detente.record.events import read_events
from detente.report import balance_chart, picture, timeline_chart
from detente.report.picture import format_of
from detente.report.record_charts import WIDTH


PAIR = Pair("KOR", "CHN")
HEADER = "date,precision,actors,instrument,direction,event,source,status\n"
WIDEST_LETTER = 6.4
"""Pixels of a letter at the size of the labels, generously: the font's mean is 5.3."""


def test_the_shipped_events_name_known_actors_and_stay_in_order() -> None:
    found = events()
    assert len(found) > 30 and found.when.is_monotonic_increasing
    actors = {code for row in found.actors for code in row}
    assert actors <= {*economies(), "EU27"}
    assert not found.duplicated(["date", "event"]).any()
    # Each of the five documents is the source of something.
    for document in ("000", "001", "002", "003", "004"):
        assert found.source.str.contains(document).any()


@pytest.mark.parametrize(
    ("date", "words"),
    [
        ("2025-12-12", "speed up the second phase"),
        ("2017-03-15", "package tours"),
        ("2014-12-01", "won and yuan"),
        ("2015-12-20", "enters into force"),
        ("2026-01-06", "dual-use"),
    ],
)
def test_what_the_sources_date_to_the_day(date: str, words: str) -> None:
    found = events()
    there = found.loc[found.date == date]
    assert there.event.str.contains(words).any() and (there.precision == "day").all()


def test_a_pair_has_its_own_events_and_others_only_on_request() -> None:
    own, wider = events(PAIR), events(PAIR, others=True)
    assert all({"KOR", "CHN"} <= set(actors) for actors in own.actors)
    assert set(own.event) < set(wider.event)
    assert events(PAIR).equals(events(Pair("CHN", "KOR")))
    assert set(events(PAIR, range(2017, 2018)).date.str[:4]) == {"2017"}


def test_the_timeline_has_every_change_of_state_of_the_spells() -> None:
    """What patience counts as the end of a freeze is an event that a reader of the record finds."""
    spells, happened = durations(("KOR", "CHN")).spells, events(PAIR)
    for change in spells.end.dropna():
        month = happened.loc[happened.date.str.startswith(f"{change:%Y-%m}")]
        assert (month.instrument == "travel limits").any(), change


def test_contradicting_dates_are_both_kept() -> None:
    signed = events(PAIR, range(2015, 2016))
    assert signed.status.tolist().count("contradicted") == 1
    assert "confirmed" in signed.status.tolist()


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2017-13,month,KOR,x,thaw,y,z,reported", "not a month"),
        ("2017,month,KOR,x,thaw,y,z,reported", "not a month"),
        ("2017,year,KOR,x,warm,y,z,reported", "direction 'warm'"),
        ("2017,year,KOR,x,thaw,y,,reported", "nothing under source"),
        ("2017,year,KOR,x,thaw,y", "eight columns"),
    ],
)
def test_a_wrong_line_is_named(row: str, words: str) -> None:
    with pytest.raises(DataError, match="line 2 of the events") as error:
        read_events(HEADER + row + "\n")
    assert words in str(error.value)


def annual() -> pd.DataFrame:
    rows = {"year": [2014, 2015, 2016], "exports": [2e5, None, 1e5], "imports": [1e5, None, 2e5]}
    frame = pd.DataFrame(rows).assign(basis="korean customs")
    return frame.assign(balance=frame.exports - frame.imports)


def test_no_label_of_the_timeline_leaves_the_picture_or_meets_another() -> None:
    """One row each, so labels cannot overlap; and each fits between its mark and the edge."""
    found = events(PAIR)
    made = timeline_chart(found, annual(), PAIR, "korean customs")
    shown = next(rows for rows in _inline(made) if "words" in rows[0])
    assert sorted(row["row"] for row in shown) == list(range(len(found)))
    first, last = 2014, 2027
    for row in shown:
        day = pd.Timestamp(row["time"])
        place = WIDTH * (day.year + day.day_of_year / 366 - first) / (last - first)
        room = place if row["left"] else WIDTH - place
        assert len(row["words"]) * WIDEST_LETTER < room, row["words"]


def _inline(specification: dict) -> list[list[dict]]:
    """The rows of every data set in a specification."""
    if isinstance(specification, list):
        return [rows for part in specification for rows in _inline(part)]
    if not isinstance(specification, dict):
        return []
    named = list(specification.get("datasets", {}).values())
    values = specification.get("values")
    own = [values] if isinstance(values, list) and values and isinstance(values[0], dict) else []
    return [
        *named,
        *own,
        *(
            rows
            for key, part in specification.items()
            if key != "datasets"
            for rows in _inline(part)
        ),
    ]


def test_a_gap_breaks_the_line_and_is_not_zero() -> None:
    rows = annual().assign(status="final", sources="", note="")
    none = pd.DataFrame(
        columns=["first", "last", "basis", "balance", "status", "source"], dtype=str
    )
    drawn = [
        row for data in _inline(balance_chart(rows, none, PAIR)) for row in data if "year" in row
    ]
    assert {row["year"]: row["balance"] for row in drawn} == {2014: 100.0, 2015: None, 2016: -100.0}


@pytest.mark.parametrize(
    ("suffix", "start"), [(".svg", b"<svg"), (".png", b"\x89PNG"), (".html", b"<!DOCTYPE")]
)
def test_pictures_are_what_their_names_say(suffix: str, start: bytes) -> None:
    made = timeline_chart(events(PAIR), annual(), PAIR, "korean customs")
    drawn = picture(made, suffix)
    assert drawn.lstrip().lower().startswith(start.lower())
    if suffix == ".html":
        assert b'src="http' not in drawn and b"src='http" not in drawn
    with pytest.raises(Exception, match=r"did you mean '\.svg'"):
        format_of(Path("chart.svf"))
