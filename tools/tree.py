"""Write the tree of CONTRIBUTING.md again, from what modules and packages say of themselves."""

import re
from pathlib import Path

from tools.pages.tables import tree


ROOT = Path(__file__).parents[1]
PAGE = ROOT / "CONTRIBUTING.md"
_TREE = re.compile(r"(?<=^src/detente/\n).*?(?=^```$)", re.MULTILINE | re.DOTALL)


def current() -> str:
    """The page with the tree as it is now; where that is another page, it is out of date."""
    return _TREE.sub(lambda _: f"{tree()}\n", PAGE.read_text(encoding="utf-8"), count=1)


if __name__ == "__main__":
    PAGE.write_text(current(), encoding="utf-8")
