"""Claims held against named questions: verdicts, what is kept, and the answers computed again."""

import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import detente
from detente._core import ClaimError
from detente.claims import contradictions, counts, judge, kept_ranges, load_ledger, Model, Record
from detente.claims.answered import AnswerCheck
from detente.claims.checks import run_check
from detente.claims.model import ModelInterval, range_of_draws
from detente.claims.named_questions import QUESTIONS
from detente.ensemble import interval

from .claims_record import small_record


NAME = "joint-threat-beyond-its-parts"
COUNT = "losing-openings-of-services"
QUIET = lambda done: None


def answered(**keys: object) -> AnswerCheck:
    return AnswerCheck.model_validate({"kind": "answered", "question": NAME, **keys})


def found(check: AnswerCheck, *ends: float, solved: float = 1.0) -> tuple[str, str]:
    small = small_record()
    model = Model([check], {check.key: ModelInterval(*ends, solved)})
    finding = run_check(check, Record(small.trade, small.indicators, model), None)
    return finding.verdict.value, finding.found


@pytest.mark.parametrize(
    ("keys", "ends", "verdict"),
    [
        ({"claimed": "above"}, (0.1, 0.2, 0.3), "agrees"),
        ({"claimed": "below"}, (0.1, 0.2, 0.3), "contradicts"),
        ({"claimed": "above"}, (-0.1, 0.2, 0.3), "cannot be tested"),
        ({"claimed": "above", "bound": 0.3}, (0.1, 0.2, 0.3), "contradicts"),
        ({"claimed": "below", "bound": 0.3}, (0.1, 0.2, 0.3), "agrees"),
        ({"claimed": "above", "bound": 0.2}, (0.1, 0.2, 0.3), "cannot be tested"),
        # A count of none is neither above nor below none.
        ({"claimed": "above", "question": COUNT}, (0.0, 0.0, 0.0), "contradicts"),
        ({"claimed": "below", "question": COUNT}, (0.0, 0.0, 0.0), "contradicts"),
    ],
)
def test_a_verdict_needs_the_whole_range_on_one_side(
    keys: dict[str, object], ends: tuple[float, float, float], verdict: str
) -> None:
    check = answered(**keys)
    said, words = found(check, *ends)
    assert said == verdict, words
    assert check.asked.says in words and check.asked.over in words
    assert (" to " in words.split(check.asked.over)[1]) == (ends[0] < ends[2])


def test_too_few_solutions_or_no_model_test_nothing() -> None:
    check = answered(claimed="above")
    assert found(check, 0.1, 0.2, 0.3, solved=0.5)[0] == "cannot be tested"
    finding = run_check(check, small_record(), None)
    assert finding.verdict == "cannot be tested" and "detente check --ledger" in finding.found


def test_a_question_that_is_not_known_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    path.write_text(
        'id = "o"\ntitle = "t"\npublisher = "p"\npublished = "2026"\nreliability = "r"\n'
        '[[claims]]\nid = "o-01"\nkind = "mechanism"\nsays = "s"\nspeaker = "n"\nevidence = [{ '
        'source = "s", check = { kind = "answered", question = "joint-threat", claimed = "above" } }]'
    )
    with pytest.raises(
        ClaimError, match=re.escape("not a question that the model answers")
    ) as error:
        load_ledger(path)
    assert "o-01" in str(error.value) and NAME in str(error.value)


def test_every_question_is_asked_and_every_answer_kept() -> None:
    asked = {check.key for check in load_ledger().computed if isinstance(check, AnswerCheck)}
    assert asked == set(QUESTIONS) <= set(kept_ranges())


def test_no_claim_has_two_verdicts_from_one_number() -> None:
    for claim in load_ledger().claims.values():
        keys = [one.check.key for one in claim.evidence if hasattr(one.check, "key")]
        assert len(keys) == len(set(keys)), claim.id


def test_what_could_not_come_out_otherwise_gives_no_verdict(tmp_path: Path) -> None:
    """What was computed is told all the same, and missing data are named as they are elsewhere."""
    path = tmp_path / "own.toml"
    path.write_text(
        'id = "o"\ntitle = "t"\npublisher = "p"\npublished = "2026"\nreliability = "r"\n'
        '[[claims]]\nid = "o-01"\nkind = "mechanism"\nsays = "s"\nspeaker = "n"\nevidence = [{ '
        f'source = "s", no_verdict = "it is so", check = {{ kind = "answered", question = "{NAME}", '
        'claimed = "above" } }]'
    )
    ledger, small = load_ledger(path), small_record()
    model = Model(ledger.computed, {NAME: ModelInterval(0.1, 0.2, 0.3, 1.0)})
    (told,) = judge(ledger, Record(small.trade, small.indicators, model))
    assert told.finding.verdict.value == "cannot be tested"
    assert told.finding.found.startswith("no verdict, since it is so: what China loses")
    assert "+0.2 % (+0.1 % to +0.3 %)" in told.finding.found
    (without,) = judge(ledger, small)
    assert without.finding.found.startswith("needs a run of the model")


def test_openings_of_services_and_phase_two_are_given_no_verdict() -> None:
    """A fall of real costs pays both sides, so that its sign tests no claim."""
    from detente.claims.computed import EffectCheck

    opened = {"services-opening", "services-both", "phase-two", "entertainment-opening"}
    for claim in load_ledger().claims.values():
        for one in claim.evidence:
            check = one.check
            if (
                not isinstance(check, EffectCheck)
                or check.minus
                or len(check.plus) != 1
                or check.bound
            ):
                continue
            (effect,) = check.plus
            names = {name.partition("/")[2] for name in effect.scenarios}
            pair = {"KOR", "CHN"} >= {getattr(effect, "country", "")}
            assert bool(one.no_verdict) or not (pair and names <= opened), claim.id


def test_nothing_that_is_kept_loads_the_engine() -> None:
    """The verdicts of the shipped ledger are looked up: no solver, no bargaining, no threats."""
    told = subprocess.run(
        [
            sys.executable, "-c",
            "import sys; from detente.claims import *; from tests.claims_record import small_record;"
            "small = small_record(); model = Model(load_ledger().computed, kept_ranges());"
            "judge(load_ledger(), Record(small.trade, small.indicators, model));"
            "print([name for name in ('jax', 'detente.geo', 'detente.ensemble') if name in sys.modules])",
        ],
        capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert told.stdout.strip() == "[]"


def test_draws_without_a_solution_are_counted_and_left_out() -> None:
    draws = np.append(np.linspace(0.0, 1.0, 101), [np.nan] * 4)
    # As Hazen has it, the k-th of 101 stands for (k - 1/2) / 101; they lie a hundredth apart.
    end = 0.01 * (0.05 * 101 - 0.5)
    found = range_of_draws(draws)
    np.testing.assert_allclose(found, (end, 0.5, 1 - end, 101 / 105))
    assert found == ModelInterval(
        *(getattr(interval(draws), name) for name in ModelInterval._fields)
    )


def test_restrictiveness_is_counted_sector_by_sector() -> None:
    base = detente.load_baseline("compact-2022")
    index = base.restrictiveness
    assert index is not None
    above = []
    for place in range(len(base.sectors)):
        scores = dict(zip(base.countries, index.score[:, :, place].sum(axis=0), strict=True))
        known = sorted(score for score in scores.values() if np.isfinite(score))
        if np.isfinite(scores["CHN"]):
            below = sum(score < scores["CHN"] for score in known)
            above.append(2 * below > len(known) or scores["CHN"] > np.median(known))
    answer = QUESTIONS["china-more-restricted"].answer(QUIET)
    assert answer.low == answer.high == pytest.approx(100 * np.mean(above))


COMPUTED = (
    "china-more-restricted", "china-share-in-korean-imports", "cover-of-diversification",
    NAME, COUNT, "tariffs-of-2014-and-the-loss-of-supplies", "professional-services",
)  # fmt: skip


@pytest.mark.parametrize("name", COMPUTED)
def test_what_is_kept_is_what_is_computed(name: str) -> None:
    np.testing.assert_allclose(
        QUESTIONS[name].answer(QUIET), kept_ranges()[name], rtol=1e-4, atol=1e-8
    )


def test_the_questions_are_those_of_the_commands() -> None:
    """What `detente leverage --with` and `detente bargain` print of the same."""
    from detente.geo.bargaining import bargain
    from detente.geo.leverage import asked, coalition

    base = detente.load_baseline("compact-2022")
    joint = asked(("USA", "JPN", "KOR"), "CHN", forms=("both",))
    printed = coalition(base, joint).rows.beyond_parts
    kept = kept_ranges()[NAME]
    assert printed.min() > 0 and kept.low < printed.max() < kept.high
    blocked = bargain(base).openings.blocked_by
    assert (blocked != "").sum() == kept_ranges()[COUNT].median


def test_the_page_has_the_counts_of_a_fresh_machine(
    home: Path,
) -> None:
    ledger = load_ledger()
    record = Record.open(Model((), kept_ranges()))
    judged = judge(ledger, record)
    tally = counts(judged)
    sys.stdout.write(
        f"\n{len(judged)} pieces of evidence on {len(ledger.claims)} claims: {tally}\n"
    )
    page = (Path(__file__).parents[1] / "docs/explanation/claims.md").read_text(encoding="utf-8")
    for verdict in tally["evidence"]:
        row = f"| {verdict} | {tally['evidence'][verdict]} | {tally['claims'][verdict]} |"
        assert row in page, row
    assert len(contradictions(ledger, record)) == len(ledger.contradictions)
