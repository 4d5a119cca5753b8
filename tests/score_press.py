"""How often `detente check` is right on the labelled sentences and texts of the press.

`python -m tests.score_press`, from the root of the project, prints the scores and every wrong row.
"""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from detente.claims.reading import read, Reading
from detente.claims.record import Record

from .press_labels import A, C, Label, Labelled, U
from .press_sentences import FURTHER, SENTENCES
from .press_texts import TEXTS


QUANTITIES = ("money", "percent", "points", "duration", "count")
"""Kinds of reading that are a quantity; what is said of predicates is not scored."""
MULTIPLES = {
    "thousand": 1e3, "lakh": 1e5, "million": 1e6, "crore": 1e7, "billion": 1e9, "trillion": 1e12
}  # fmt: skip
PLAIN_UNITS = ("US$", "percent", "percentage points", "years")
ANOTHER = "another unit"
"""All units that the record has nothing in, however they are called."""
CLOSE = 1e-6


class Row(NamedTuple):
    """A label with what the reader made of it; either may be missing."""

    name: str
    text: str
    label: Label | None
    reading: Reading | None

    @property
    def said(self) -> str | None:
        """The verdict of the reader, None where it found no such quantity."""
        return self.reading.verdict.value if self.reading else None

    @property
    def right(self) -> bool:
        return self.label is not None and self.said in self.label.verdicts

    @property
    def forbidden(self) -> bool:
        """An untruth; every decided verdict on a quantity that no careful reader sees is one."""
        return self.said in (self.label.forbidden if self.label else (A, C))


@dataclass(frozen=True)
class Score:
    """Counts over the rows of a set."""

    rows: Sequence[Row]

    @property
    def labelled(self) -> list[Row]:
        return [row for row in self.rows if row.label]

    @property
    def found(self) -> int:
        return sum(row.reading is not None for row in self.labelled)

    @property
    def decided(self) -> int:
        return sum(row.said in (A, C) for row in self.rows)

    @property
    def forbidden(self) -> list[Row]:
        return [row for row in self.rows if row.forbidden]

    def precision(self, verdict: str) -> tuple[int, int]:
        """Of those said to be `verdict`: how many are right, and how many there are."""
        said = [row for row in self.rows if row.said == verdict]
        return sum(row.right for row in said), len(said)

    def recall(self, verdict: str) -> tuple[int, int]:
        """Of those labelled `verdict` and nothing else: how many are found so, and all."""
        true = [row for row in self.labelled if row.label and row.label.verdicts == (verdict,)]
        return sum(row.right for row in true), len(true)

    def missed(self) -> list[Row]:
        """Quantities that a careful reader decides and the reader leaves open or does not find."""
        decidable = [row for row in self.labelled if row.label and U not in row.label.verdicts]
        return [row for row in decidable if row.said in (U, None)]


def score(texts: Sequence[Labelled], record: Record) -> Score:
    """Read every text and hold each quantity against its label."""
    rows: list[Row] = []
    for one in texts:
        readings = [
            found for found in read(one.text, record, one.written) if found.kind in QUANTITIES
        ]
        pairs = matched(one.labels, readings)
        rows += [Row(one.name, one.text, label, reading) for label, reading in pairs]
    return Score(rows)


def matched(
    labels: Sequence[Label], readings: Sequence[Reading]
) -> list[tuple[Label | None, Reading | None]]:
    """Each label with the first free reading of its value and unit, or else of its digits.

    Both ends of a range belong to one label, which gets the less acceptable of them. Readings that
    are left over come at the end, without a label.
    """
    left = list(readings)
    taken = [_take(label, left, _same) for label in labels]
    taken = [
        found or _take(label, left, _same_digits)
        for label, found in zip(labels, taken, strict=True)
    ]
    chosen = [_worst(label, found) for label, found in zip(labels, taken, strict=True)]
    return [*zip(labels, chosen, strict=True), *((None, reading) for reading in left)]


def _take(
    label: Label, left: list[Reading], same: Callable[[Label, Reading], bool]
) -> list[Reading]:
    """The readings that belong to a label, which are no longer left."""
    most = 2 if isinstance(label.value, tuple) else 1
    found = [reading for reading in left if same(label, reading)][:most]
    for reading in found:
        left.remove(reading)
    return found


def _worst(label: Label, found: Sequence[Reading]) -> Reading | None:
    ranked = sorted(found, key=lambda one: (one.verdict.value in label.verdicts, one.verdict == U))
    return ranked[0] if ranked else None


def _same(label: Label, reading: Reading) -> bool:
    factor, unit = _unit(label.unit)
    other_factor, other_unit = _unit(reading.unit)
    low, high = _ends(label)
    number = abs(reading.value) * other_factor
    return unit == other_unit and low * factor * (1 - CLOSE) <= number <= high * factor * (
        1 + CLOSE
    )


def _same_digits(label: Label, reading: Reading) -> bool:
    """The same digits in whatever unit: 124.8 for 124.8 billion."""
    return _digits(reading.value) in {_digits(end) for end in _ends(label)}


def _ends(label: Label) -> tuple[float, float]:
    low, high = label.value if isinstance(label.value, tuple) else (label.value, label.value)
    return min(abs(low), abs(high)), max(abs(low), abs(high))


def _digits(value: float) -> str:
    return f"{abs(value):.6e}".partition("e")[0]


def _unit(unit: str) -> tuple[float, str]:
    """A unit as a factor and what is counted.

    >>> _unit("billion US$")
    (1000000000.0, 'US$')
    """
    if unit == "decades":
        return 10.0, "years"
    factor = 1.0
    rest = []
    for word in unit.split():
        factor *= MULTIPLES.get(word, 1.0)
        rest += [] if word in MULTIPLES else [word]
    counted = " ".join(rest)
    return factor, counted if counted in PLAIN_UNITS else ANOTHER


def summary(title: str, result: Score) -> str:
    """The scores of a set as lines of text."""

    def share(part: tuple[int, int]) -> str:
        return f"{part[0]} of {part[1]}"

    return "\n".join(
        [
            title,
            f"  quantities {len(result.labelled)}, found {result.found}, decided {result.decided}",
            f"  agrees: precision {share(result.precision(A))}, recall {share(result.recall(A))}",
            f"  contradicts: precision {share(result.precision(C))}, recall {share(result.recall(C))}",
            f"  forbidden verdicts: {len(result.forbidden)}",
        ]
    )


def described(row: Row) -> str:
    """A row in one line: what was said, what is right, and of what."""
    label, reading = row.label, row.reading
    right = " or ".join(label.verdicts) if label else "no quantity"
    quantity = f"{label.value} {label.unit}" if label else f"{reading and reading.value}"
    because = f" [{reading.found}]" if reading else ""
    return f"  {row.name}: {quantity}: said {row.said}, right is {right}: {row.text!r}{because}"


def shipped_record() -> Record:
    """The record that ships, whatever the store of this user holds beside it."""
    before = os.environ.get("DETENTE_HOME")
    with tempfile.TemporaryDirectory() as home:
        os.environ["DETENTE_HOME"] = home
        try:
            return Record.open()
        finally:
            os.environ.pop("DETENTE_HOME")
            os.environ.update({} if before is None else {"DETENTE_HOME": before})


def main() -> None:
    """Print the scores of each set, by kind for the sentences, and what is wrong and missed."""
    record = shipped_record()
    sentences, further = score(SENTENCES, record), score(FURTHER, record)
    texts = score(TEXTS, record)
    sets = {"sentences": sentences, "further sentences": further, "texts": texts}
    both = [*sentences.rows, *further.rows]
    kinds = dict.fromkeys(row.name for row in both)
    parts = [summary(title, result) for title, result in sets.items()]
    everything = Score([row for result in sets.values() for row in result.rows])
    parts.append(summary("together", everything))
    for kind in kinds:
        of_kind = Score([row for row in both if row.name == kind])
        parts.append(summary(f"all sentences, {kind}", of_kind))
    for title, result in sets.items():
        parts += [f"forbidden, {title}", *map(described, result.forbidden)]
        parts += [f"missed, {title}", *map(described, result.missed())]
    sys.stdout.write("\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
