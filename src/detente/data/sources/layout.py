"""What is known of how a publisher lays out a file, edition by edition, and where it was seen."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..._core import nearest


@dataclass(frozen=True, slots=True)
class Layout:
    """One layout: its columns by our names for them, each with what the publisher calls it.

    Names that editions use for one column are separated by `|`. A file has this layout if it has
    every column of `text` and `numbers`, and none of `without`.
    """

    name: str
    """The layout in words, such as "a query of WITS"."""
    text: Mapping[str, str]
    numbers: Mapping[str, str] = field(default_factory=dict)
    optional_text: Mapping[str, str] = field(default_factory=dict)
    optional_numbers: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, str] = field(default_factory=dict)
    """The publisher's columns that would change the meaning, and the values (by `|`) that are read;
    rows with others are left out and counted."""
    without: Sequence[str] = ()
    """Columns that a file of another meaning has."""
    seen: str = ""
    """Where the layout was seen: a published file, or its documentation; empty if believed."""
    encodings: Sequence[str] = ()
    """Encodings beside UTF-8 that the publisher uses."""
    dated: str = ""
    """Pattern of names of sheets that are the days of one year's editions, the last of which counts
    where a workbook has several; its groups are month and day."""
    further: tuple[str, str] | None = None
    """Pattern of the names of further columns of numbers, of which there must be one and which keep
    these names, and what they are in words, such as "a year"."""
    missing: Sequence[str] = ()
    """What the publisher writes for a missing number beside what everybody does, such as a dot."""
    grouped: bool = True
    """Whether its numbers may have thousands in groups; a cell that may be so is asked about."""

    def required(self) -> Iterator[tuple[str, str]]:
        yield from self.text.items()
        yield from self.numbers.items()

    def optional(self) -> Iterator[tuple[str, str]]:
        yield from self.optional_text.items()
        yield from self.optional_numbers.items()


@dataclass(frozen=True, slots=True)
class Header:
    """A row of names, and the columns in which a layout finds its own."""

    layout: Layout
    row: int
    """Number of the row, from 1."""
    names: tuple[str, ...]
    columns: Mapping[str, int]
    """Place of each column by our name for it; those of `only` by the publisher's."""
    further: tuple[str, ...] = ()
    """Further columns of numbers, by the publisher's names."""

    @property
    def numbers(self) -> list[str]:
        """Our names of the columns of numbers that the file has."""
        named = (*self.layout.numbers, *self.layout.optional_numbers, *self.further)
        return [name for name in named if name in self.columns]

    @property
    def spelled(self) -> dict[str, str]:
        """What the file calls each column, by our name for it."""
        return {ours: self.names[place] for ours, place in self.columns.items()}


def tidy_name(name: str) -> str:
    """A name of a column as it is compared: one space between words, in small letters."""
    return _spaced(name).casefold()


def _spaced(name: str) -> str:
    return " ".join(name.replace("\ufeff", "").replace("\u3000", " ").split())


def match(layout: Layout, row: int, cells: Sequence[str]) -> Header | None:
    """Where a row has the columns of a layout, or nothing if it lacks one."""
    places = _places(cells)
    if any(tidy_name(name) in places for name in layout.without):
        return None
    columns: dict[str, int] = {}
    for ours, names in layout.required():
        place = _place(names, places)
        if place is None:
            return None
        columns[ours] = place
    for ours, names in [*layout.optional(), *((name, name) for name in layout.only)]:
        place = _place(names, places)
        if place is not None:
            columns[ours] = place
    further = _further(layout, cells, columns)
    if layout.further and not further:
        return None
    names = tuple(cell.strip() for cell in cells)
    return Header(layout, row, names, columns | further, tuple(further))


def _further(layout: Layout, cells: Sequence[str], columns: Mapping[str, int]) -> dict[str, int]:
    """Places of the further columns of numbers; one that stands twice is found where it is."""
    if layout.further is None:
        return {}
    pattern, taken = re.compile(layout.further[0]), set(columns.values())
    return {
        cell.strip(): place
        for place, cell in enumerate(cells)
        if place not in taken and pattern.fullmatch(cell.strip())
    }


def twice(header: Header) -> str | None:
    """A column that is used and that stands twice in the row of names."""
    spelled = {_spaced(name) for name in _alternatives(header.layout)}
    for place in header.columns.values():
        name = _spaced(header.names[place])
        # A publisher has MEASURE for codes beside Measure for their names: the spelling tells.
        read = _spaced if name in spelled else tidy_name
        if sum(read(other) == read(name) for other in header.names) > 1:
            return name
    return None


def _alternatives(layout: Layout) -> Iterator[str]:
    for _, names in [*layout.required(), *layout.optional()]:
        yield from names.split("|")
    yield from layout.only


def lacking(layout: Layout, cells: Sequence[str]) -> tuple[list[str], str]:
    """The columns that a row lacks of a layout, and the first of them in a sentence."""
    places = _places(cells)
    missing = [names for _, names in layout.required() if _place(names, places) is None]
    if not missing:
        wrong = next((name for name in layout.without if tidy_name(name) in places), None)
        if wrong is None and layout.further:
            return [], f"has no column of {layout.further[1]}"
        return [], f"has the column '{wrong}', which {layout.name} has not"
    options = missing[0].split("|")
    if len(options) == 1:
        hint = nearest(options[0], [cell.strip() for cell in cells if cell.strip()])
        return missing, f"should have the column '{options[0]}', and has none; {hint}"
    return missing, f"should have one of the columns {', '.join(options)}, and has none"


def _places(cells: Sequence[str]) -> dict[str, int]:
    """The place of each name, both as it is spelled and in small letters."""
    places: dict[str, int] = {}
    for read in (_spaced, tidy_name):
        for place, cell in enumerate(cells):
            places.setdefault(read(cell), place)
    places.pop("", None)
    return places


def _place(names: str, places: Mapping[str, int]) -> int | None:
    wanted = (one for name in names.split("|") for one in (_spaced(name), tidy_name(name)))
    return next((places[name] for name in wanted if name in places), None)
