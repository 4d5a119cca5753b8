"""The sentences of an answer, all in `sentences.toml`."""

from functools import cache
from typing import Any

from .. import library


def say(key: str, *, many: object = False, **filled: object) -> str:
    """The sentence of that name, such as "lead.when", filled in; `many` for a plural subject."""
    template: Any = _sentences()
    for part in key.split("."):
        template = template[part]
    if isinstance(template, dict):
        template = template["many" if many else "one"]
    return template.format(**filled)


@cache
def _sentences() -> dict[str, Any]:
    return library.sentences("sentences.toml")
