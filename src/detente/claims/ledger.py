"""Claims from documents as data: who said what, what tests it, and where documents disagree."""

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator, ValidationError

from .. import library
from .._core import ClaimError, nearest
from .._document import Request
from .answered import AnswerCheck
from .checks import Check, CHECK_KINDS
from .computed import EffectCheck
from .model import ModelQuestion
from .turning import TurningPoint
from .units import Quantity


Kind = Literal[
    "number", "date", "event", "target", "forecast", "instrument", "mechanism", "state", "actor",
    "provenance",
]  # fmt: skip
Capability = Annotated[str, Field(pattern=r"[A-E][1-8]")]
Text = Annotated[str, Field(min_length=1)]


class Evidence(Request):
    """One source held against a claim: a check that can fail, or what a check would need."""

    source: Text
    """Where the stored series, the figure or the date comes from."""
    check: Check | None = None
    """What is compared with what."""
    needs: str = ""
    """Where there is no check yet: what it would take."""
    published: bool = False
    """The figure or date was read in a published page rather than computed from stored data."""
    note: str = ""
    """What to keep in mind when reading the verdict."""
    no_verdict: str = ""
    """Why what the check finds decides nothing: that it could not have come out otherwise."""
    fails_where: TurningPoint | None = None
    """Where a check of the model would come out the other way; without it there is no verdict."""

    @model_validator(mode="after")
    def _one_of_the_two(self) -> "Evidence":
        if (self.check is None) == (not self.needs):
            raise ValueError("evidence must have either a check or what it needs, not both.")
        if self.no_verdict and self.check is None:
            raise ValueError("evidence without a check has no verdict to take away.")
        if self.fails_where and not isinstance(self.check, (EffectCheck, AnswerCheck)):
            raise ValueError("only a check that asks the model has a place where it fails.")
        return self


class Claim(Request):
    """A checkable statement from a document."""

    id: Annotated[str, Field(pattern=r"[a-z0-9]+-\d+")]
    """Document and row, such as 0-14."""
    kind: Kind
    says: Text
    """The claim, in words of ours."""
    speaker: Text
    """Who said it in the document."""
    countries: tuple[str, ...] = ()
    """Economies it is about, ISO 3166 alpha-3."""
    quantity: Quantity | None = None
    """The figure it rests on."""
    serves: tuple[Capability, ...] = ()
    """The capability that computes what it is about."""
    scenarios: tuple[str, ...] = ()
    """The scenarios of the library that test it."""
    evidence: Annotated[tuple[Evidence, ...], Field(min_length=1)]


class Document(Request):
    """A document and the claims drawn from it."""

    id: Text
    title: Text
    publisher: Text
    published: Text
    """A date, as precisely as the document gives it."""
    reliability: Text
    """What is known about how the text came about."""
    claims: Annotated[tuple[Claim, ...], Field(min_length=1)]


class Position(Request):
    """One side of a contradiction."""

    says: Text
    source: Text
    claims: tuple[str, ...] = ()
    """Claims that take this side."""
    published: bool = False
    check: Check | None = None
    """What the stored data say of this side, where they can."""
    no_verdict: str = ""
    """Why what the check finds decides nothing."""
    fails_where: TurningPoint | None = None
    """Where a check of the model would come out the other way; without it there is no verdict."""


class Contradiction(Request):
    """Statements that cannot all hold as they stand; they are shown side by side, never merged."""

    id: Annotated[str, Field(pattern=r"X\d+")]
    about: Text
    turns_on: Text
    """What the answer depends on."""
    positions: Annotated[tuple[Position, ...], Field(min_length=2)]


class Ledger(Request):
    """All documents with their claims, and the contradictions between them."""

    documents: tuple[Document, ...]
    contradictions: tuple[Contradiction, ...] = ()

    @property
    def claims(self) -> dict[str, Claim]:
        return {claim.id: claim for document in self.documents for claim in document.claims}

    def only(self, names: Sequence[str]) -> "Ledger":
        """The ledger with these claims alone."""
        kept = [
            document.model_copy(update={"claims": claims})
            for document in self.documents
            if (claims := tuple(claim for claim in document.claims if claim.id in names))
        ]
        return Ledger(documents=tuple(kept), contradictions=self.contradictions)

    @property
    def computed(self) -> list[EffectCheck | AnswerCheck]:
        """The checks that ask the model, of the claims and then of the contradictions."""
        checks = [one.check for one in self._held]
        return [check for check in checks if isinstance(check, (EffectCheck, AnswerCheck))]

    @property
    def asked(self) -> list[ModelQuestion]:
        """All that is asked of the model: the checks, and those that have one where they fail."""
        turned = [
            one
            for held in self._held
            if held.fails_where and isinstance(held.check, (EffectCheck, AnswerCheck))
            for one in held.fails_where.turned(held.check)
        ]
        return [*self.computed, *turned]

    @property
    def _held(self) -> list[Evidence | Position]:
        """Whatever may have a check."""
        evidence = [one for claim in self.claims.values() for one in claim.evidence]
        return [*evidence, *(side for one in self.contradictions for side in one.positions)]


def load_ledger(place: Path | None = None) -> Ledger:
    """The ledger that ships, or that of a TOML file or of a directory of them."""
    place = place or library.path("claims")
    files = sorted(place.glob("*.toml")) if place.is_dir() else [place]
    if not files:
        raise ClaimError(f"there is no ledger in {place}: it holds no TOML file.")
    documents: list[Document] = []
    contradictions: list[Contradiction] = []
    for path in files:
        content = _read(path)
        # A file of contradictions stands beside the files of documents.
        contradictions += [
            _parse(Contradiction, one, path) for one in content.pop("contradictions", [])
        ]
        if content:
            documents.append(_parse(Document, content, path))
    ledger = Ledger(documents=tuple(documents), contradictions=tuple(contradictions))
    _refuse_doubles(ledger)
    return ledger


def _refuse_doubles(ledger: Ledger) -> None:
    names = [claim.id for document in ledger.documents for claim in document.claims]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise ClaimError(f"the claim '{doubled[0]}' occurs more than once in the ledger.")
    for one in ledger.contradictions:
        for name in (name for position in one.positions for name in position.claims):
            if name not in names:
                raise ClaimError(f"{one.id} refers to claim '{name}'; {nearest(name, names)}")


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise ClaimError(f"there is no ledger at {path}.")
    try:
        # Digits as printed: 18.0 claims more precision than 18.
        return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClaimError(f"{path} is not valid TOML: {error}.") from error


def _parse(model: type[Any], content: dict[str, Any], path: Path) -> Any:
    try:
        return model.model_validate(content)
    except ValidationError as error:
        raise ClaimError(f"{path}: {_sentence(error, content)}") from error


def _sentence(error: ValidationError, content: dict[str, Any]) -> str:
    """The first thing that pydantic found wrong, with the claim it is in."""
    detail = error.errors()[0]
    place = [str(part) for part in detail["loc"]]
    claims = content.get("claims", [])
    if place[:1] == ["claims"] and len(place) > 1 and isinstance(claims, list):
        claim = claims[int(place[1])]
        named = claim.get("id", place[1]) if isinstance(claim, dict) else place[1]
        place = [f"claim {named}", *place[2:]]
    where = ".".join(place)
    if detail["type"] == "union_tag_invalid":
        kind = str(detail.get("ctx", {}).get("tag"))
        return f"{where} has the unknown kind '{kind}'; {nearest(kind, CHECK_KINDS)}"
    if detail["type"] == "missing":
        return f"'{where}' is missing."
    if detail["type"] == "extra_forbidden":
        return f"'{where}' is not a known key."
    message = str(detail["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return f"'{where}' {message.rstrip('.')}."
