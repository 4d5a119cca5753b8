"""The tables that describe every variable and every column, and the check of a dataset."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from . import library
from ._core import nearest


if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of `variables.csv`."""

    name: str
    kind: str
    dims: tuple[str, ...]
    unit: str
    basis: str
    description: str
    reference: str

    @property
    def required(self) -> bool:
        """Whether a dataset of this kind must hold the variable."""
        return "optional" not in self.kind


@cache
def variables() -> dict[str, Variable]:
    """Every variable that is stored or reported, by name, in the order of the table."""
    return {
        row["name"]: Variable(**{**row, "dims": tuple(row["dims"].split())})  # pyright: ignore
        for row in library.table(Path(__file__).with_name("variables.csv"))
    }


def of_kind(kind: str) -> dict[str, Variable]:
    """The variables of a `baseline` or of an `outcome`, optional ones included."""
    return {name: row for name, row in variables().items() if row.kind.split()[0] == kind}


def conform(dataset: "xr.Dataset", kind: str) -> list[str]:
    """Sentences on what keeps `dataset` from being a `kind` ("baseline" or "outcome").

    Checks names, dimensions, units and labels; values are the business of whoever knows their
    meaning. An empty list means that it conforms.
    """
    rows = of_kind(kind)
    missing = [name for name, row in rows.items() if row.required and name not in dataset]
    problems = [f"the variable '{name}' is missing" for name in missing]
    for name, data in dataset.data_vars.items():
        row = rows.get(str(name))
        if row is None:
            problems.append(f"'{name}' is not a variable of a {kind}; {nearest(str(name), rows)}")
            continue
        if set(data.dims) != set(row.dims):
            given, wanted = " × ".join(map(str, data.dims)), " × ".join(row.dims)
            problems.append(f"'{name}' has dimensions {given} but must have {wanted}")
        unit = data.attrs.get("units")
        if unit != row.unit:
            given = f"is in {unit!r}" if unit else "has no unit"
            problems.append(f"'{name}' {given} but must be in {row.unit!r}")
    unlabelled = [str(dim) for dim in dataset.dims if dim not in dataset.coords]
    problems += [f"the dimension '{dim}' has no labels" for dim in unlabelled]
    return problems


@dataclass(frozen=True, slots=True)
class Column:
    """One row of `columns.csv`."""

    name: str
    """`<country>` in it stands for a code."""
    where: str
    """The question, its table as `question.table`, or `about` of all; empty for every other."""
    unit: str
    """Empty for labels, and where the row or the answer says it."""
    basis: str
    """Whose accounting it is: `book` of the row, `world` of the baseline; empty where none."""
    missing: str
    """Where a number of it may be missing, in words; empty where none may."""
    description: str


@cache
def columns() -> dict[tuple[str, str], Column]:
    """Every column of the tables of answers, by where it stands and its name."""
    rows = [Column(**row) for row in library.table(Path(__file__).with_name("columns.csv"))]
    return {(row.where, row.name): row for row in rows}


def column(question: str, table: str, name: str) -> Column | None:
    """What a column of a table of an answer says; None for one that is not described.

    The table `about` is what the answer rests on. The end of an interval has the row of the number
    that it bounds.
    """
    spellings = [name, re.sub(r"[A-Z0-9]{3,}$", "<country>", name)]
    spellings += [re.sub(r"_(low|high)$", "", one) for one in spellings]
    places = ("about",) if table == "about" else (question, "")
    for where in (f"{question}.{table}", *places):
        for spelled in spellings:
            if (where, spelled) in columns():
                return columns()[where, spelled]
    variable = variables().get(name)
    if variable is None or table == "about":
        return None
    return Column(name, "", variable.unit, variable.basis, "", variable.description)


def refuse_lies(path: Path) -> None:
    """Raise `ValueError` for a NetCDF-3 file whose header promises more than the file holds.

    Mapped into memory, a variable that is not there is found out before room is made for it.
    """
    from scipy.io import netcdf_file

    with netcdf_file(path, mmap=True) as file:
        promised = sum(one.data.nbytes for one in file.variables.values())
        # What is mapped cannot be closed while anything looks at it.
        file.variables.clear()
    if promised > path.stat().st_size:
        raise ValueError(f"{promised} bytes are promised and {path.stat().st_size} are there")
