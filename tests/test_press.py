"""How often `detente check` is right on the labelled sentences and texts of the press.

The reader was scored once on them unseen; the bounds below are what it reached with them in sight.
"""

from collections.abc import Sequence

import pytest

from detente.claims.record import Record

from .press_labels import A, C, Labelled
from .press_sentences import FURTHER, SENTENCES
from .press_texts import TEXTS
from .score_press import described, score, shipped_record


SETS = {"sentences": SENTENCES, "further": FURTHER, "texts": TEXTS}
RECALL = {
    ("sentences", A): 22, ("sentences", C): 9, ("further", A): 5, ("further", C): 3,
    ("texts", A): 88, ("texts", C): 18,
}  # fmt: skip
"""Quantities found to agree, or to contradict, of those that are labelled so and nothing else."""


@pytest.fixture(scope="module")
def record() -> Record:
    return shipped_record()


@pytest.mark.parametrize("name", SETS)
def test_no_verdict_on_the_press_is_wrong(name: str, record: Record):
    result = score(SETS[name], record)
    assert [described(row) for row in result.forbidden] == []
    for verdict in (A, C):
        right, said = result.precision(verdict)
        assert 0 < right == said


@pytest.mark.parametrize(("name", "verdict"), RECALL)
def test_what_can_be_decided_is_decided(name: str, verdict: str, record: Record):
    texts: Sequence[Labelled] = SETS[name]
    right, _ = score(texts, record).recall(verdict)
    assert right >= RECALL[name, verdict]
