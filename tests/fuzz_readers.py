"""Readers under thousands of changes to files in the publishers' own layouts.

Every seed is a file, or a folder of files that belong together, in `tests/layouts/SOURCE`. A change
either leaves the meaning of the file as it is (another delimiter, encoding, decimal sign, order of
columns, title lines, a workbook) or damages it. Whatever the change, what is stored must be among
the rows of the seed, or the file be refused in one sentence: a row that the seed does not have is a
wrong value that passed. `python -m tools.fuzz_readers 10000`
tries as many changes of every source.
"""

import csv
import io
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pandas as pd

from detente._core import DataError
from detente.data.sources import SOURCES

from . import source_files
from .workbooks import sheet


LAYOUTS = Path(__file__).parent / "layouts"
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp949", "cp932", "cp1252", "gb18030")
Rows = list[list[str]]


@dataclass
class Draft:
    """A file under change: its rows, and how they are written down."""

    name: str
    rows: Rows
    delimiter: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    quoting: int = csv.QUOTE_MINIMAL
    workbook: bool = False
    cut: float = 1.0
    garbage: bytes = b""

    def write(self, folder: Path) -> Path:
        if self.workbook:
            path = (folder / self.name).with_suffix(".xlsx")
            sheet(path, [list(row) for row in self.rows])
            return path
        text = io.StringIO()
        writer = csv.writer(
            text, delimiter=self.delimiter, lineterminator=self.newline, quoting=self.quoting
        )
        writer.writerows(self.rows)
        content = text.getvalue().encode(self.encoding, errors="replace")
        path = folder / self.name
        if self.cut < 1.0:
            # Within a number nothing tells that digits are missing; before a sign something does.
            ends = [at for at, sign in enumerate(content) if sign in b",;\t|\n"]
            content = content[: ends[int(len(ends) * self.cut)]]
        path.write_bytes(content + self.garbage)
        return path


MADE: dict[str, tuple[str, Callable[[Path], object]]] = {
    "icio": ("2018_SML.csv", lambda path: source_files.icio(path, countries=("KOR", "CHN"))),
    "adb-mrio": ("ADB-MRIO-2022.csv", lambda path: source_files.adb(path, ("KOR", "PRC"))),
    "wiod": ("WIOT2014.csv", source_files.wiod),
}
"""Wide tables whose accounts close: the name of the file, and what writes it."""
NAMES = (*MADE, *sorted(path.name for path in LAYOUTS.iterdir()))
"""Every source with seeds."""


def seeds(source: str, folder: Path) -> Iterator[tuple[str, list[Path]]]:
    """The name and the files of each seed of a source."""
    if source in MADE:
        name, write = MADE[source]
        write(folder / name)
        yield name, [folder / name]
        return
    for path in sorted((LAYOUTS / source).iterdir()):
        yield path.name, sorted(path.iterdir()) if path.is_dir() else [path]


def stored(source: str, files: Sequence[Path]) -> Counter[tuple[str, ...]]:
    """Every row that a source makes of files, with its table."""
    rows: Counter[tuple[str, ...]] = Counter()
    for parsed in SOURCES[source].read(files, lambda step: None):
        for table, frame in parsed.tables.items():
            shown = frame if isinstance(frame, pd.DataFrame) else _pieces(frame)
            columns = sorted(shown.columns)
            for row in shown[columns].itertuples(index=False):
                rows[table, *(_shown(cell) for cell in row)] += 1
    return rows


def _pieces(path: Path) -> pd.DataFrame:
    """What a reader has written as Parquet, which is the taker's to remove."""
    frame = duckdb.sql(f"select * from read_parquet('{path}')").df()
    path.unlink()
    return frame


def _shown(cell: object) -> str:
    return f"{cell:.9g}" if isinstance(cell, float) else str(cell)


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "." in cell and cell.count(".") == 1


def _head(draft: Draft) -> int:
    """The row of names: the first with nearly as many words as any."""
    words = [sum(cell.strip() != "" for cell in row) for row in draft.rows]
    return next(at for at, count in enumerate(words) if count >= 0.9 * max(words))


# Changes that leave the meaning as it is.


def delimiter(draft: Draft, rng: random.Random) -> None:
    draft.delimiter = rng.choice(";\t|")


def encoding(draft: Draft, rng: random.Random) -> None:
    text = "".join(cell for row in draft.rows for cell in row)
    draft.encoding = rng.choice(ENCODINGS)
    try:
        text.encode(draft.encoding)
    except UnicodeEncodeError:
        draft.encoding = "utf-8"


def line_ends(draft: Draft, rng: random.Random) -> None:
    draft.newline = rng.choice(("\r\n", "\n\n", "\r"))


def quotes(draft: Draft, rng: random.Random) -> None:
    draft.quoting = rng.choice((csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC))


def order(draft: Draft, rng: random.Random) -> None:
    width = max(len(row) for row in draft.rows)
    places = rng.sample(range(width), width)
    draft.rows = [
        [row[at] if at < len(row) else "" for at in places] if len(row) > 1 else row
        for row in draft.rows
    ]


def order_of_rows(draft: Draft, rng: random.Random) -> None:
    head = _head(draft)
    body = draft.rows[head + 1 :]
    rng.shuffle(body)
    draft.rows = [*draft.rows[: head + 1], *body]


def spaces(draft: Draft, rng: random.Random) -> None:
    draft.rows = [[f"{cell}{' ' * rng.randrange(3)}" for cell in row] for row in draft.rows]


def titles(draft: Draft, rng: random.Random) -> None:
    lines = rng.choice(([["Downloaded on 1 May"]], [["Title"], []], [["a"], ["b"], [], []]))
    draft.rows = [*lines, *draft.rows]


def notes(draft: Draft, rng: random.Random) -> None:
    draft.rows = [*draft.rows, [], ["Source: the publisher"], ["Last updated 2024"]][
        : len(draft.rows) + rng.randrange(1, 4)
    ]


def decimal_comma(draft: Draft, rng: random.Random) -> None:
    del rng
    draft.rows = [
        [cell.replace(".", ",") if _number(cell) else cell for cell in row] for row in draft.rows
    ]


def trailing(draft: Draft, rng: random.Random) -> None:
    more = [""] * rng.randrange(1, 3)
    draft.rows = [[*row, *more] for row in draft.rows]


def remark(draft: Draft, rng: random.Random) -> None:
    head = _head(draft)
    name = rng.choice(("remark", "note to the row", "비고"))
    draft.rows = [
        [*row, name if at == head else "x"] if at >= head and len(row) > 1 else row
        for at, row in enumerate(draft.rows)
    ]


def as_workbook(draft: Draft, rng: random.Random) -> None:
    del rng
    draft.workbook = True


# Changes that damage it.


def _place(draft: Draft, rng: random.Random) -> tuple[int, int]:
    """A cell below the names: where these themselves are shifted, nothing tells what is right."""
    row = rng.randrange(_head(draft) + 1, len(draft.rows))
    return row, rng.randrange(max(1, len(draft.rows[row])))


def lost_column(draft: Draft, rng: random.Random) -> None:
    at = rng.randrange(max(len(row) for row in draft.rows))
    draft.rows = [[cell for place, cell in enumerate(row) if place != at] for row in draft.rows]


def renamed_column(draft: Draft, rng: random.Random) -> None:
    head = _head(draft)
    at = rng.randrange(len(draft.rows[head]))
    draft.rows[head] = [*draft.rows[head]]
    draft.rows[head][at] = rng.choice(("", "value 2", draft.rows[head][at] + "x"))


def column_twice(draft: Draft, rng: random.Random) -> None:
    at = rng.randrange(max(len(row) for row in draft.rows))
    draft.rows = [[*row, row[at]] if at < len(row) else row for row in draft.rows]


def row_twice(draft: Draft, rng: random.Random) -> None:
    at, _ = _place(draft, rng)
    draft.rows = [*draft.rows[: at + 1], [*draft.rows[at]], *draft.rows[at + 1 :]]


def garbage_cell(draft: Draft, rng: random.Random) -> None:
    row, at = _place(draft, rng)
    draft.rows[row] = [*draft.rows[row]]
    wrong = ("#REF!", "n.d.a", "=1+1", "1O.5", "12,34,5", "1.2.3", "inf", "nan%", "\u200b", "5 %")
    if draft.rows[row]:
        draft.rows[row][at] = rng.choice(wrong)


def one_more_cell(draft: Draft, rng: random.Random) -> None:
    row, at = _place(draft, rng)
    draft.rows[row] = [*draft.rows[row][:at], "7", *draft.rows[row][at:]]


def one_cell_less(draft: Draft, rng: random.Random) -> None:
    row, at = _place(draft, rng)
    draft.rows[row] = [*draft.rows[row][:at], *draft.rows[row][at + 1 :]]


def cut_off(draft: Draft, rng: random.Random) -> None:
    draft.cut = rng.random()


def bytes_behind(draft: Draft, rng: random.Random) -> None:
    draft.garbage = rng.choice((b"\x00\x00", b"\xff\xfe\xfd", b"<html>", bytes(range(256))))


Change = Callable[[Draft, random.Random], None]
SAME: tuple[Change, ...] = (
    delimiter, encoding, line_ends, quotes, order, order_of_rows, spaces, titles, notes,
    decimal_comma, trailing, remark, as_workbook,
)  # fmt: skip
DAMAGE: tuple[Change, ...] = (
    lost_column, renamed_column, column_twice, row_twice, garbage_cell, one_more_cell,
    one_cell_less, cut_off, bytes_behind,
)  # fmt: skip


# In wide tables rows and columns are labelled by their place, and an empty cell is zero.
SAME_WIDE: tuple[Change, ...] = (
    delimiter, encoding, line_ends, quotes, titles, notes, decimal_comma, as_workbook,
)  # fmt: skip
DAMAGE_WIDE: tuple[Change, ...] = (
    lost_column, column_twice, row_twice, garbage_cell, one_more_cell, one_cell_less, cut_off,
    bytes_behind,
)  # fmt: skip


@dataclass
class Score:
    """What became of the mutations of a source."""

    right: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


def _lacks(row: tuple[str, ...], truth: Counter[tuple[str, ...]]) -> bool:
    """Whether a row is one of the seed's but for values that it does not have any more."""
    return "nan" in row and any(
        len(other) == len(row) and all(a in (b, "nan") for a, b in zip(row, other, strict=True))
        for other in truth
    )


def read_rows(path: Path) -> Rows | None:
    """The rows of a seed of text, or nothing for one that is no text."""
    for encoding in ("utf-8-sig", "cp949", "cp932"):
        try:
            text = path.read_text(encoding=encoding)
        except UnicodeDecodeError:
            continue
        dialect = max(",;\t", key=text.count)
        return list(csv.reader(io.StringIO(text), delimiter=dialect))
    return None


def fuzz(source: str, count: int, folder: Path, seed: int = 0) -> Score:
    """Mutations of the seeds of a source; `wrong` names what stored a row that is not the seed's.

    A damaged file may lose rows (a file cut off at the end of a line is whole), never gain any.
    """
    rng, score = random.Random(f"{source}{seed}"), Score()
    (folder / f"seed {source}").mkdir(exist_ok=True)
    all_seeds = list(seeds(source, folder / f"seed {source}"))
    truth = {name: stored(source, files) for name, files in all_seeds}
    for number in range(count):
        name, files = rng.choice(all_seeds)
        at = rng.randrange(len(files))
        rows = read_rows(files[at])
        if rows is None:
            continue
        draft = Draft(files[at].name, [[*row] for row in rows])
        changes, damage = _changed(draft, rng, source in MADE)
        place = folder / f"{source}{number % 64}"
        place.mkdir(exist_ok=True)
        written = draft.write(place)
        told = f"{name} {'+'.join(one.__name__ for one in [*changes, *damage])}"
        _try(score, source, [written if at == n else one for n, one in enumerate(files)],
             truth[name], told, whole=not damage)  # fmt: skip
        written.unlink()
    return score


def _changed(draft: Draft, rng: random.Random, wide: bool) -> tuple[list[Change], list[Change]]:
    """Some changes that leave the meaning as it is and, for half of the drafts, a damage."""
    same, damages = (SAME_WIDE, DAMAGE_WIDE) if wide else (SAME, DAMAGE)
    changes = rng.sample(same, rng.randrange(4))
    damage = [rng.choice(damages)] if not changes or rng.random() < 0.4 else []
    if as_workbook in changes:
        # Rows of a sheet have no end that would tell that a cell is lost or one too many.
        damage = [one for one in damage if one not in (one_more_cell, one_cell_less)]
    for change in [*changes, *damage]:
        change(draft, rng)
    return changes, damage


def _try(
    score: Score, source: str, files: Sequence[Path], truth: Counter[tuple[str, ...]], told: str,
    *, whole: bool,
) -> None:  # fmt: skip
    """Read the files of one mutation and count what became of them."""
    try:
        found = stored(source, files)
    except DataError as error:
        score.refused += 1
        if "\n" in str(error):
            score.wrong.append(f"{told}: more than a sentence: {error}")
    except Exception as error:
        score.wrong.append(f"{told}: {type(error).__name__}: {error}"[:300])
    else:
        gained, lost = found - truth, truth - found
        if not whole:
            gained = Counter({row: n for row, n in gained.items() if not _lacks(row, truth)})
        if gained or (whole and lost):
            score.wrong.append(
                f"{told}: {'gained' if gained else 'lost'} {next(iter(gained or lost))}"
            )
        else:
            score.right += 1
