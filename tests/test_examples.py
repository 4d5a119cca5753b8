"""The examples print what their pages show."""

import subprocess
import sys
from pathlib import Path


ROOT = Path(__file__).resolve().parents[1]


def test_the_page_on_rents_shows_what_its_example_prints() -> None:
    script = ROOT / "examples" / "who_keeps_the_rent.py"
    printed = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=True
    ).stdout
    page = (ROOT / "docs" / "explanation" / "rents.md").read_text(encoding="utf-8")
    assert printed.rstrip() in page
    rows = [line.split() for line in printed.splitlines()[2:]]
    sender = {(row[0], row[1], row[2]): float(row[4]) for row in rows}
    # The sentence the page leads with: the sign of the sender's welfare is that of the holder.
    assert all((value > 0) == (holder == "importer") for (_, _, holder), value in sender.items())
