"""What an answer rests on, said alike by every question: its world, setting, draws and limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TYPE_CHECKING

from ._words import called, is_plural, listing, spelled
from .data.concordance import country_names


if TYPE_CHECKING:
    from .scenario import Scenario
    from .world import Baseline


Horizons = str
"""`long`, `short`, `both` or a number of years; empty where there is none."""
YEARS = "years"
"""The horizon of an answer whose years follow from one another."""
NAMED_COUNTRIES = 3
"""Countries in focus that an answer names one by one; a sentence with more is not read."""
_OF_A_WORLD = {"baseline", "baseline_year", "basis"}
_NAMES = {"country_names", "sector_names"}


def known_names() -> Mapping[str, str]:
    """Names of all economies by code, for answers on no world; the table ships with the package."""
    return country_names()


def named_first(
    focus: Sequence[str], worth: Mapping[str, float], count: int = NAMED_COUNTRIES
) -> list[str]:
    """Up to `count` countries in focus that an answer names, in the order in which it does: that
    of the scenario, and where they are more, those with most at stake, the most first."""
    if len(focus) <= count:
        return list(focus)
    return sorted(focus, key=lambda code: -abs(worth[code]))[:count]


@dataclass(frozen=True, kw_only=True)
class About:
    """What an answer rests on; what its question alone says of it is the question's own."""

    question: str = ""
    baseline: str = ""
    """The name of the world; empty for what is read from the record alone."""
    baseline_year: int | None = None
    basis: str = ""
    """Whose accounting the flows are."""
    elasticities: str = ""
    """Whose estimates of the trade elasticities."""
    horizon: Horizons = ""
    unit: str = ""
    draws: int | None = None
    """Of the Monte Carlo behind the intervals; none where the question has no intervals."""
    draws_solved: int | None = None
    draws_left_out: bool = False
    """Whether the setting asks for draws that a world of this size does without."""
    level: float = 0.0
    """The chance, or the part of the draws, between the ends of an interval; 0 without any."""
    seed: int | None = None
    assumptions: tuple[str, ...] = ()
    """Those that were drawn."""
    limits: tuple[str, ...] = ()
    """What the setting says that it leaves out."""
    sources: tuple[str, ...] = ()
    """Where the data are from, one citation each."""
    licence: str = ""
    """On what terms they may be passed on."""
    country_names: Mapping[str, str] = field(default_factory=dict)
    """What the countries of the world are called; for those who read, in no record."""
    sector_names: Mapping[str, str] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, said: Mapping[Any, Any]) -> "About":
        """From a mapping, such as the attributes of a labelled result; what is no field is own."""
        shared = {one.name for one in fields(cls)}
        own = {str(name): value for name, value in said.items() if name not in shared}
        return cls(**{name: said[name] for name in shared if name in said}, own=own)

    @classmethod
    def on(
        cls,
        baseline: "Baseline",
        setting: "Scenario | None" = None,
        horizon: Horizons = "",
        **said: Any,
    ) -> "About":
        """Of an answer computed on a world, in a setting if any; `said` as in `of`."""
        shared: dict[str, Any] = {
            "elasticities": str(baseline.about.get("elasticities", "those of the baseline")),
            "horizon": horizon,
            "country_names": baseline.country_names,
            "sector_names": baseline.sector_names,
        }
        if setting is not None:
            shared |= {"horizon": horizon or str(setting.horizon), "limits": setting.limits}
            if setting.elasticities != type(setting).model_fields["elasticities"].default:
                shared["elasticities"] = str(setting.elasticities)
        return cls.of({**baseline.identity, **baseline.provenance, **shared, **said})

    def adding(self, **said: Any) -> "About":
        """With more said, in place of what was said under the same name."""
        return self.of({**self._shared, **self.own, **said})

    def country(self, code: str) -> str:
        """A country by its name, as a heading has it."""
        return self.country_names.get(code, code)

    def sector(self, code: str) -> str:
        """A sector by its name."""
        return self.sector_names.get(code, code)

    def called(self, *codes: str) -> str:
        """Countries inside a sentence, in a row."""
        return listing([called(code, self.country_names) for code in codes])

    def spelled(self, text: str) -> str:
        """A text of the answer with the countries' codes in it as their names."""
        return spelled(text, self.country_names)

    def named(self, baseline: "Baseline") -> "About":
        """The same with the names of a world's countries and sectors."""
        names = baseline.country_names, baseline.sector_names
        return replace(self, country_names=names[0], sector_names=names[1])

    def many(self, codes: Sequence[str]) -> bool:
        """Whether these countries "lose" rather than "loses"."""
        return len(codes) > 1 or is_plural(self.country(codes[0]))

    def __getitem__(self, name: str) -> Any:
        """What the question alone says."""
        return self.own[name]

    @property
    def record(self) -> dict[str, Any]:
        """For programs: what does not apply is left out, what is not known of a world is null."""
        applies = {name for name, value in self._shared.items() if value not in (None, "", (), 0)}
        applies |= _OF_A_WORLD if self.baseline else set()
        applies |= set() if self.draws is None else {"draws", "draws_left_out"}
        applies |= {"seed"} if self.draws else set()
        said = {name: self._shared[name] for name in self._shared if name in applies - _NAMES}
        return said | {**self.own}

    @property
    def _shared(self) -> dict[str, Any]:
        return {one.name: getattr(self, one.name) for one in fields(self) if one.name != "own"}
