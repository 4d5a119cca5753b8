"""Trade elasticities that a user gives in a file of sectors; they are kept with the scenario."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from ._core import ScenarioError, with_minus
from ._document import Request, rows_of
from .names import Names


KEY = "elasticities"
YOURS = "yours,"
"""How an answer begins to say whose the elasticities are, where a user gave them."""
SUFFIX = ".csv"
COLUMNS = ("sector", "elasticity")
ERROR = "standard_error"
HIGHEST = 100


class GivenElasticity(Request):
    """The trade elasticity of one sector, and how surely it is known."""

    sector: str
    """A sector of the world, by name or code; no group of them."""
    elasticity: Annotated[float, Field(gt=0, le=HIGHEST)]
    """Theta of the long run, positive: the elasticity of substitution between origins less one."""
    standard_error: Annotated[float, Field(ge=0)] | None = None
    """Of theta; without one, or at 0, it is taken as given."""


class GivenElasticities(Request):
    """Trade elasticities of the user's own, a line for each sector of the world."""

    file: str
    """The CSV file beside the scenario: sector, elasticity and, where known, standard_error."""
    lines: tuple[GivenElasticity, ...] = ()
    """What the file says, kept here so that a run can be repeated without it."""

    def __str__(self) -> str:
        return f"{YOURS} {self.file}; {self.sureness}"

    @property
    def uncertain(self) -> bool:
        return any(line.standard_error for line in self.lines)

    @property
    def sureness(self) -> str:
        """How surely they are known, in a clause: draws move only those with standard errors."""
        known = sum(bool(line.standard_error) for line in self.lines)
        if not known:
            return "without standard errors, taken as given"
        if known == len(self.lines):
            return "with standard errors"
        return f"with standard errors for {known} of {len(self.lines)} sectors"

    def in_order(self, sectors: Names) -> tuple[GivenElasticity, ...]:
        """The lines in the order of a world's sectors.

        Raises `ScenarioError` for a sector that the world does not have, or that has two lines or
        none.
        """
        lines: dict[str, GivenElasticity] = {}
        for line in self.lines:
            code = self._code(line.sector, sectors)
            if code in lines:
                raise self._refused(f"names {_in_full(code, sectors)} twice; give it one row")
            lines[code] = line
        missing = [code for code in sectors.codes if code not in lines]
        if missing:
            raise self._refused(
                f"has {len(lines)} of the {len(sectors.codes)} sectors of {sectors.where}, and "
                f"every one needs a row; the first without is {_in_full(missing[0], sectors)}"
            )
        return tuple(lines[code] for code in sectors.codes)

    def _code(self, written: str, sectors: Names) -> str:
        code = sectors.read(written)
        if code is None:
            raise ScenarioError(f"{self.file}: {sectors.why_not(written)}")
        if code not in sectors.codes:
            raise self._refused(f"has one row for '{written}', a group; give each sector its own")
        return code

    def _refused(self, why: str) -> ScenarioError:
        return ScenarioError(f"{self.file} {why}.")


def _in_full(code: str, sectors: Names) -> str:
    label = sectors.labels.get(code, code)
    return f"'{code}'" if label == code else f"'{label}' ({code})"


def read_into(document: dict[str, Any], directories: Sequence[Path]) -> None:
    """Put the lines of a file of elasticities in the place of its name in a document.

    It is looked for in the directories in turn. What names no CSV file, or has its lines, stays.
    """
    given = document.get(KEY)
    named = given.get("file") if isinstance(given, dict) and "lines" not in given else given
    if not isinstance(named, str) or not (isinstance(given, dict) or _is_file(named)):
        return
    tried = [directory / named for directory in directories]
    path = next((one for one in tried if one.is_file()), tried[0])
    document[KEY] = {"file": path.name, "lines": _lines(path)}


def _is_file(named: str) -> bool:
    return Path(named).suffix.lower() == SUFFIX


def _lines(path: Path) -> list[dict[str, Any]]:
    rows = rows_of(path, "file of elasticities")
    if not rows or set(rows[0]) not in (set(COLUMNS), {*COLUMNS, ERROR}):
        raise ScenarioError(
            f"{path} must have the columns sector and elasticity and a row; '{ERROR}' may stand "
            "beside them."
        )
    return [_line(row, f"{path.name}, line {at}") for at, row in enumerate(rows, start=2)]


def _line(row: dict[str, str], where: str) -> dict[str, Any]:
    """One row, its numbers read; raises `ScenarioError` for what is no elasticity."""
    sector, error = row["sector"].strip(), row.get(ERROR, "").strip()
    if not sector:
        raise ScenarioError(f"{where}: it names no sector.")
    what = f"{where}: the elasticity of '{sector}'"
    theta = _number(row["elasticity"], what)
    if theta < 0:
        raise ScenarioError(
            with_minus(f"{what} is {theta:g}; it is written without the minus, as {-theta:g}.")
        )
    if not 0 < theta <= HIGHEST:
        raise ScenarioError(f"{what} is {theta:g} and should be more than 0, at most {HIGHEST}.")
    line = {"sector": sector, "elasticity": theta}
    if not error:
        return line
    deviation = _number(error, f"{where}: the standard error of '{sector}'")
    if deviation < 0:
        raise ScenarioError(f"{where}: the standard error of '{sector}' is less than zero.")
    return line | {ERROR: deviation}


def _number(written: str, what: str) -> float:
    try:
        value = float(written)
    except ValueError:
        value = float("nan")
    if not abs(value) < float("inf"):
        said = f"'{written.strip()}'" if written.strip() else "empty"
        raise ScenarioError(f"{what} is {said} and should be a number, such as 4.5.")
    return value
