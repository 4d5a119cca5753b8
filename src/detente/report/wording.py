"""The sentences of an answer, all in `sentences.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any


def say(key: str, *, many: bool = False, **filled: object) -> str:
    """The sentence of that name, such as "lead.when", filled in; `many` for a plural subject."""
    template = _sentences()
    for part in key.split("."):
        template = template[part]
    if isinstance(template, dict):
        template = template["many" if many else "one"]
    return template.format(**filled)


@cache
def _sentences() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("sentences.toml").read_text(encoding="utf-8"))
