"""No change to a published layout makes a reader store a wrong value; `tools/fuzz_readers.py` does
thousands a source."""

from pathlib import Path

import pytest

from detente.data.sources import SOURCES

from .fuzz_readers import fuzz, MADE, NAMES


def test_every_source_has_seeds() -> None:
    assert set(NAMES) == set(SOURCES)


@pytest.mark.parametrize("source", NAMES)
def test_no_wrong_value_passes_and_no_traceback_comes(source: str, tmp_path: Path) -> None:
    score = fuzz(source, 20 if source in MADE else 80, tmp_path)
    assert score.wrong == []
    assert score.right > 0
    assert score.refused > 0
