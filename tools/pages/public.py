"""The paths by which users reach what the page of Python describes, in place of private ones."""

import re
from importlib import import_module


_DESCRIBED = re.compile(r"^::: (detente\.[\w.]+)$", re.MULTILINE)


def with_public_paths(markdown: str) -> str:
    """The page whose entries (`::: path`) say as heading how the thing is called by users."""
    return _DESCRIBED.sub(
        lambda entry: f'{entry[0]}\n    options:\n      heading: "{public(entry[1])}"', markdown
    )


def public(path: str) -> str:
    """The shortest path by which a thing is reached; `AttributeError` where there is no such."""
    room, _, name = path.rpartition(".")
    thing, names = getattr(import_module(room), name), room.split(".")
    rooms = (".".join(names[:depth]) for depth in range(1, len(names) + 1))
    known = (one for one in rooms if getattr(import_module(one), name, None) is thing)
    return f"{next(known)}.{name}"
