"""Reading: what is found in a text, what is said of it, and how often that is right."""

import csv
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from detente._core import ClaimError
from detente.claims.reading import document_text, read, Reading
from detente.claims.reading.quantities import quantities
from detente.claims.reading.text import sentences, tidy
from detente.claims.record import Record
from detente.claims.verdict import Verdict

from .claims_texts import FINAL, HARDER, HELD_OUT, LAST, TEXTS


LABELS = Path(__file__).parent / "claims_labels.csv"
DERIVED = (
    "record",
    "identity",
    "direction",
    "extremum",
    "first",
    "streak",
    "comparison",
    "multiple",
    "share",
    "unread",
)
"""Readings about a quantity that has a reading of its own."""
AGREES, CONTRADICTS, UNTESTABLE = (verdict.value for verdict in Verdict)


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """What every machine has: the record that ships, whatever its user added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETENTE_HOME", str(tmp_path_factory.mktemp("home")))
        return Record.open()


def verdicts(text: str, record: Record) -> list[tuple[float, str, str, str | None]]:
    return [
        (round(one.value, 6), one.unit, one.verdict.value, one.probably or None)
        for one in read(text, record)
        if one.kind not in DERIVED
    ]


# What a careful reader would say and the reader does not try, because it would be wrong elsewhere:
# a forecast in the same sentence, growth over several years, figures so far from the record that
# they may be of something else, the passive, and months that say when data were released.
TOO_CAREFUL = {
    "an expectation beside the fact",
    "growth over several years",
    "swing, years exchanged",
    "passive",
}
ALL = {**TEXTS, **HARDER, **HELD_OUT, **LAST, **FINAL}


@pytest.mark.parametrize("name", [name for name in ALL if name not in TOO_CAREFUL])
def test_short_texts(name: str, record: Record) -> None:
    text, labels = ALL[name]
    assert verdicts(text, record) == [
        (float(v), unit, said, meant) for v, unit, said, meant in labels
    ]


@pytest.mark.parametrize("name", sorted(TOO_CAREFUL))
def test_what_is_not_certain_is_not_tested(name: str, record: Record) -> None:
    text, _ = ALL[name]
    assert {said for _, _, said, _ in verdicts(text, record)} == {UNTESTABLE}


def labelled() -> list[dict[str, str]]:
    with LABELS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_scores_on_the_documents(documents: Path, record: Record) -> None:
    """Nothing that is not there is found, no agreement or contradiction is wrong; see with -s."""
    expected = labelled()
    got: list[tuple[str, Reading]] = []
    for path in sorted(documents.glob("*.txt")):
        got += [(path.name[:3], one) for one in read(document_text(path), record)]
    matched = [(label, _match(label, got)) for label in expected]
    found = [(label, one) for label, one in matched if one is not None]
    sys.stdout.write("\n" + _scores(found, len(got), len(expected)))
    assert len(found) == len(got), "a reading that no label has"
    assert len(found) / len(expected) > 0.9
    for label, one in found:
        if AGREES in (label["verdict"], one.verdict) or CONTRADICTS in (
            label["verdict"],
            one.verdict,
        ):
            assert label["verdict"] == one.verdict, label
        assert label["probably"] == one.probably, label


def _match(label: dict[str, str], got: list[tuple[str, Reading]]) -> Reading | None:
    keys = (
        label["document"],
        int(label["line"]),
        label["kind"],
        float(label["value"]),
        label["unit"],
    )
    return next(
        (
            one
            for document, one in got
            if keys == (document, one.line, one.kind, round(one.value, 6), one.unit)
        ),
        None,
    )


def _scores(found: list[tuple[dict[str, str], Reading]], got: int, expected: int) -> str:
    pairs = Counter((label["verdict"], one.verdict.value) for label, one in found)
    periods = sum(label["period"] == one.period for label, one in found)
    flagged = [(bool(label["probably"]), bool(one.probably)) for label, one in found]
    lines = [
        f"quantities: precision {len(found)}/{got}, recall {len(found)}/{expected}",
        f"periods: {periods}/{len(found)}",
    ]
    for verdict in (AGREES, CONTRADICTS):
        right = pairs[verdict, verdict]
        said = sum(n for (_, one), n in pairs.items() if one == verdict)
        true = sum(n for (one, _), n in pairs.items() if one == verdict)
        lines.append(f"{verdict}: precision {right}/{said}, recall {right}/{true}")
    both = flagged.count((True, True))
    lines.append(
        f"garbled: precision {both}/{sum(one for _, one in flagged)}, "
        f"recall {both}/{sum(one for one, _ in flagged)}"
    )
    return "\n".join(lines) + "\n"


def test_scores_on_the_short_texts(record: Record) -> None:
    """A wrong agreement or contradiction is worse than silence: there is none."""
    pairs: Counter[tuple[str, str]] = Counter()
    for text, labels in ALL.values():
        for (value, unit, said, _), (_, _, got, _) in zip(
            labels, verdicts(text, record), strict=True
        ):
            assert unit and value is not None
            pairs[said, got] += 1
    for verdict in (AGREES, CONTRADICTS):
        right = pairs[verdict, verdict]
        said = sum(n for (_, one), n in pairs.items() if one == verdict)
        true = sum(n for (one, _), n in pairs.items() if one == verdict)
        sys.stdout.write(f"\n{verdict}: precision {right}/{said}, recall {right}/{true}")
        assert right == said
        assert right / true > 0.9


def test_both_garblings_are_explained(documents: Path, record: Record) -> None:
    """The identities that show what was meant stand in the explanation."""
    path = next(documents.glob("003*.txt"))
    readings = {
        (one.value, one.kind): one for one in read(document_text(path), record) if one.line == 9
    }
    assert readings[31, "duration"].probably == "31 years"
    assert "1992" in readings[31, "duration"].why
    exports, imports = readings[124.8, "money"], readings[142.8, "money"]
    assert exports.probably == imports.probably == "South Korea"
    assert "124.8 billion US$ − 142.8 billion US$ = −18 billion US$" in exports.why
    assert "156 billion US$ the year before" in exports.why
    assert "155.2 billion US$ the year before" in imports.why
    assert "−19.85 percent" in readings[20, "percent"].why
    assert "−7.57 percent" in readings[8, "percent"].why


def test_nobody_trades_with_itself(record: Record) -> None:
    """A country named as where exports go is not who imports, where imports follow it."""
    text = (
        "In 2023 South Korea had a trade deficit of US$18 billion with China. Exports to China "
        "dropped 20% to $124.8 billion in 2023, imports fell 8% to $142.8 billion."
    )
    found = verdicts(text, record)
    assert [verdict for _, _, verdict, _ in found] == ["agrees"] * 5, found


def test_the_year_of_the_document_resolves_this_year(documents: Path, record: Record) -> None:
    text = document_text(next(documents.glob("000*.txt")))
    shortfall = next(one for one in read(text, record, dated=2025) if one.value == 10.4)
    assert shortfall.period == "2025-01/2025-11"
    assert shortfall.verdict is Verdict.untestable
    assert "2025-01/2025-11" in shortfall.found and "korean customs" in shortfall.found


def test_a_mixed_up_unit_in_brackets_contradicts_itself(record: Record) -> None:
    text = TEXTS["mixed units in brackets"][0]
    rate = next(one for one in read(text, record) if one.kind == "identity")
    assert rate.verdict is Verdict.contradicts and "mixed-up unit" in rate.found


def test_a_balance_that_does_not_add_up_contradicts_itself(record: Record) -> None:
    text = (
        "In 2023 South Korea's exports to China were $124.8 billion and imports from China $142.8 "
        "billion. The trade deficit with China was $20 billion in 2023."
    )
    total = next(one for one in read(text, record) if one.kind == "identity")
    assert total.verdict is Verdict.contradicts and "= −18 billion" in total.found


def test_the_same_text_is_read_the_same_way_twice(record: Record) -> None:
    text = "\n".join(text for text, _ in ALL.values())
    assert read(text, record) == read(text, record)


@pytest.mark.parametrize(
    ("written", "value", "unit"),
    [
        ("US$44mil", "44", "million US$"), ("$ 124.8 billion", "124.8", "billion US$"),
        ("to$ 142.8 billion", "142.8", "billion US$"), ("US$280,000", "0.28", "million US$"),
        ("1 trillion won", "1", "trillion won"), ("CNY 1.20tn", "1.20", "trillion yuan"),
        ("20 %", "20", "percent"), ("57 per cent", "57", "percent"), ("2.5pp", "2.5", "percentage points"),
        ("three decades", "3", "decades"), ("third straight", "3", "in a row"),
        ("18 billion dollars", "18", "billion US$"), ("€3.5bn", "3.5", "billion euro"),
        ("&nbsp,$ 5 billion", "5", "billion US$"), ("161 companies", "161", "companies"),
    ],
)  # fmt: skip
def test_ways_of_writing_a_quantity(written: str, value: str, unit: str) -> None:
    (found,) = quantities(tidy(f"It was {written} then."))
    assert (found.value, found.unit) == (Decimal(value), unit)


@pytest.mark.parametrize(
    "written", ["in 2017", "G20 summits", "the 1930's", "F-16V", "December 12", "2:50 am"]
)
def test_what_is_no_quantity(written: str) -> None:
    assert quantities(f"It was {written} then.") == []


def test_sentences_end_where_they_should() -> None:
    text = "The U.S. deficit rose. It was $1.5 billion in 2018. Mr. Kim agreed."
    assert [one.text for one in sentences(text)] == [
        "The U.S. deficit rose.", "It was $1.5 billion in 2018.", "Mr. Kim agreed."
    ]  # fmt: skip


BAD = {
    "missing.txt": (None, "it is not there"),
    "empty.txt": (b"  \n", "is empty"),
    "page.html": (b"<!DOCTYPE html><html><body>1</body></html>", "HTML"),
    "paper.pdf": (b"%PDF-1.7\n", "a PDF file"),
    "letter.docx": (b"PK\x03\x04rest", "office document"),
    "blob.bin": (b"text\0more", "a binary file"),
    "old.txt": ("Dép\xf4t".encode("latin-1"), "UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_a_text_is_refused(name: str, tmp_path: Path) -> None:
    content, said = BAD[name]
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ClaimError, match=said):
        document_text(path)


def test_a_directory_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClaimError, match="a directory"):
        document_text(tmp_path)


@pytest.mark.parametrize(
    "said",
    ["South Korea's exports to China rose to $124.8bn", "It fell by 5 % in 2023.", "a b c " * 200],
)
def test_a_sentence_in_place_of_a_file_is_read(said: str) -> None:
    assert document_text(Path(said)) == said


@pytest.mark.parametrize("name", ["exports fell", "my last report.txt", "the deficit of 2023.docx"])
def test_the_name_of_a_file_that_is_not_there_is_not_read(name: str) -> None:
    with pytest.raises(ClaimError, match="it is not there"):
        document_text(Path(name))


def test_a_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    path = tmp_path / "what the minister said"
    path.write_text("Exports fell.", encoding="utf-8")
    assert document_text(path) == "Exports fell."


def test_the_time_of_a_text_without_full_stops_grows_with_its_length(record: Record) -> None:
    """A list or a table in one line is cut; every quantity in it is still found."""
    text = "exports to China of $5 billion and " * 200
    assert len(read(text, record)) == 200
    longest = max(len(one.text) for one in sentences(text))
    assert longest <= 1000


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("China accounted for 19.5 percent of South Korea's exports in 2024.", "a share or rate"),
        ("South Korea and China met 3 percent in 2024.", "what it measures is not understood"),
        ("Wages in South Korea rose 3 percent in 2024.", "not understood"),
    ],
)
def test_what_is_not_tested_has_its_true_reason(said: str, why: str, record: Record) -> None:
    """A reader that does not understand does not say that nothing is stored."""
    (one,) = read(said, record)
    assert one.verdict is Verdict.untestable and why in one.found
