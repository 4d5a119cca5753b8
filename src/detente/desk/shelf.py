"""Several scenarios in one page: what is alike in them is carried once."""

import gzip
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from .._core import OutcomeError, ScenarioError


FORM = 1
"""Of what a page carries and what it writes for another page; another form is refused there."""
MOST_BYTES = 700_000
"""Of a page of several scenarios, compressed as a mail or a server would."""
_ALIKE = ("say", "status", "countries", "sectors")
_SHORT = 100


def shelf(desks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The scenarios that `payload` made, as the page's JSON; the first is shown first.

    What several hold alike, or one holds twice, stands in `pool`, and where it was stands its
    number there. Raises `ScenarioError` for two of one name, by which a link knows them.
    """
    from .. import __version__

    names = Counter(str(desk["name"]) for desk in desks)
    twice = next((name for name, count in names.items() if count > 1), None)
    if twice is not None:
        raise ScenarioError(
            f"two of the scenarios are called '{twice}'; a page knows a scenario by its name, so "
            "give one of the files another."
        )
    written = Counter(text for desk in desks for text in _large(desk))
    places = {text: at for at, text in enumerate(t for t, count in written.items() if count > 1)}
    return {
        "form": FORM,
        "version": __version__,
        "pool": [json.loads(text) for text in places],
        "desks": [_pooled(desk, places) for desk in desks],
    }


def refuse_large(page: str, count: int) -> None:
    """Raise `OutcomeError` where a page of several scenarios is too large to be mailed."""
    size = len(gzip.compress(page.encode(), 6))
    if count > 1 and size > MOST_BYTES:
        raise OutcomeError(
            f"a page of these {count} scenarios has {size / 1000:.0f} kB compressed, of at most "
            f"{MOST_BYTES / 1000:.0f}; leave some of them out."
        )


def _large(value: Any, name: str = "") -> list[str]:
    """What is worth a place in the pool, each as JSON."""
    if _is_whole(value, name):
        text = _text(value)
        return [text] if len(text) > _SHORT else []
    if isinstance(value, Mapping):
        return [text for key, one in value.items() for text in _large(one, key)]
    return [text for one in value for text in _large(one)] if isinstance(value, list) else []


def _pooled(value: Any, places: Mapping[str, int], name: str = "") -> Any:
    if _is_whole(value, name):
        place = places.get(_text(value))
        return value if place is None else {"same": place}
    if isinstance(value, Mapping):
        return {key: _pooled(one, places, key) for key, one in value.items()}
    return [_pooled(one, places) for one in value] if isinstance(value, list) else value


def _is_whole(value: Any, name: str) -> bool:
    """Whether it is carried in one piece: text, an array, or what all scenarios have alike."""
    if isinstance(value, Mapping):
        return name in _ALIKE or value.keys() in ({"float64"}, {"int32"})
    return isinstance(value, str) or name in _ALIKE


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)
