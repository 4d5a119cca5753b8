"""A check of a mechanism names where it would fail, and fails there; else it gives no verdict."""

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from detente._core import ClaimError
from detente.claims import contradictions, judge, kept_ranges, load_ledger, Model, Record
from detente.claims.answered import AnswerCheck
from detente.claims.computed import EffectCheck
from detente.claims.ledger import Evidence, Position
from detente.claims.model import kept_file, ModelInterval
from detente.claims.turning import turns
from detente.claims.verdict import Verdict
from detente.commands import check_ledger
from detente.report import ledger_document, ledger_table

from .claims_record import small_record


OWN = (
    'id = "o"\ntitle = "t"\npublisher = "p"\npublished = "2026"\nreliability = "r"\n'
    '[[claims]]\nid = "o-01"\nkind = "mechanism"\nsays = "s"\nspeaker = "n"\n'
    'evidence = [{{ source = "s", check = {check}{more} }}]\n'
)
DEPTH = (
    ', fails_where = {{ setting = "services.stri_cut={{value}}", what = "the depth", holds = {holds},'
    ' fails = {fails}, because = "half is an example" }}'
)
JOINT = '{ kind = "answered", question = "joint-threat-beyond-its-parts", claimed = "above" }'


def effect(country: str, scenario: str, claimed: str, horizon: str = "long") -> str:
    return (
        f'{{ kind = "computed", plus = [{{ country = "{country}", scenarios = ["{scenario}"], '
        f'horizon = "{horizon}" }}], claimed = "{claimed}" }}'
    )


def own(tmp_path: Path, check: str, more: str = "") -> Path:
    path = tmp_path / "own.toml"
    path.write_text(OWN.format(check=check, more=more), encoding="utf-8")
    return path


def held() -> dict[str, Evidence | Position]:
    """Every piece of evidence and every side of a contradiction that asks the model."""
    ledger = load_ledger()
    found: dict[str, Evidence | Position] = {}
    for claim in ledger.claims.values():
        found |= {f"{claim.id}:{at}": one for at, one in enumerate(claim.evidence)}
    for one in ledger.contradictions:
        found |= {f"{one.id}:{at}": side for at, side in enumerate(one.positions)}
    return {
        name: one
        for name, one in found.items()
        if isinstance(one.check, (EffectCheck, AnswerCheck))
    }


HELD = held()
TURNING = [name for name, one in HELD.items() if one.fails_where]


@pytest.fixture(scope="module")
def record() -> Record:
    small = small_record()
    return Record(small.trade, small.indicators, Model((), kept_ranges()))


@pytest.fixture(scope="module")
def again() -> Model:
    """Solves every turning point anew; what is drawn is looked up."""
    ledger = load_ledger()
    drawn = {check.key for check in ledger.computed}
    return Model(ledger.asked, {key: one for key, one in kept_ranges().items() if key in drawn})


def test_a_verdict_of_the_model_has_a_place_where_it_fails(record: Record) -> None:
    """And whatever has none says in a sentence why, or leaves the answer to the assumptions."""
    found = {f"{one.claim.id}": [] for one in judge(load_ledger(), record)}
    for one in judge(load_ledger(), record):
        if isinstance(one.evidence.check, (EffectCheck, AnswerCheck)):
            found[one.claim.id].append((one.evidence, one.finding))
    for evidence, finding in (pair for pairs in found.values() for pair in pairs):
        decided = finding.verdict is not Verdict.untestable
        assert decided == bool(evidence.fails_where), finding.found
        assert not (evidence.no_verdict and evidence.fails_where), finding.found
        if not decided:
            assert finding.found.startswith(("no verdict, since", "the assumptions to be settled"))
            assert "nothing says where" not in finding.found, finding.found
    assert len(TURNING) >= 5


def test_both_sides_of_a_contradiction_obey_the_same_rule(record: Record) -> None:
    for one, findings in contradictions(load_ledger(), record):
        for position, finding in zip(one.positions, findings, strict=True):
            if isinstance(position.check, (EffectCheck, AnswerCheck)) and finding is not None:
                decided = finding.verdict is not Verdict.untestable
                assert decided == bool(position.fails_where), one.id


@pytest.mark.parametrize("name", TURNING)
def test_the_verdict_turns_where_it_is_said_to(name: str, again: Model) -> None:
    """Solved anew on either side of the turning point and at the far end of what is plausible."""
    one = HELD[name]
    check, where = one.check, one.fails_where
    assert isinstance(check, (EffectCheck, AnswerCheck)) and where is not None
    drawn = again.range_of(check)
    assert not drawn.low < check.bound < drawn.high
    assert turns(check, where, check.holds(drawn), again), where.words()
    for turned in where.turned(check):
        np.testing.assert_allclose(
            again.range_of(turned), kept_ranges()[turned.key], rtol=1e-3, atol=1e-9
        )


@pytest.mark.parametrize("name", TURNING)
def test_a_turning_point_that_does_not_turn_takes_the_verdict_away(name: str) -> None:
    """The same ledger where the model answers the same at every value of what is set."""
    one, small = HELD[name], small_record()
    check, where = one.check, one.fails_where
    assert isinstance(check, (EffectCheck, AnswerCheck)) and where is not None
    kept = kept_ranges()
    flat = {turned.key: kept[check.key] for turned in where.turned(check)}
    ledger = load_ledger()
    record = Record(small.trade, small.indicators, Model((), kept | flat))
    sides = [side for _, findings in contradictions(ledger, record) for side in findings if side]
    findings = [*(judged.finding for judged in judge(ledger, record)), *sides]
    told = [
        finding
        for finding in findings
        if f"not so that it turns where {where.what} is" in finding.found
    ]
    assert told and all(finding.verdict is Verdict.untestable for finding in told)


def test_0_07_and_0_20_have_no_verdict_of_the_model(record: Record) -> None:
    """Every opening of services is a free lunch by construction: no verdict tells of a conflict."""
    rows = [one for one in judge(load_ledger(), record) if one.claim.id in ("0-07", "0-20")]
    computed = [one for one in rows if isinstance(one.evidence.check, (EffectCheck, AnswerCheck))]
    assert len(computed) >= 5
    assert {one.finding.verdict for one in computed} == {Verdict.untestable}


def test_2_05_is_no_longer_contradicted(record: Record) -> None:
    """What contradicted it was a tariff on electronics that nobody pays."""
    rows = [one for one in judge(load_ledger(), record) if one.claim.id == "2-05"]
    assert Verdict.contradicts not in {one.finding.verdict for one in rows}


# Each came out as claimed before, whatever was assumed: none of them could have failed.
SURE = {
    "an opening that pays who opens": effect("CHN", "china-korea/services-mfn", "above"),
    "the loser of a cut-off": effect("USA", "china-korea/cut-off-usa", "below"),
    "a ban lifted": effect("KOR", "china-korea/services-with-culture", "above"),
    "a blockade": effect("TWN", "china-korea/taiwan-blockade", "below", "short"),
    "threats together": JOINT,
}


@pytest.mark.parametrize("name", SURE)
def test_a_check_that_does_not_say_where_it_fails_gives_no_verdict(
    name: str, tmp_path: Path
) -> None:
    ledger, small = load_ledger(own(tmp_path, SURE[name])), small_record()
    check = ledger.computed[0]
    sign = 1.0 if check.claimed == "above" else -1.0
    kept = {check.key: ModelInterval(*sorted((sign * 0.1, sign * 0.2, sign * 0.3)), 1.0)}
    record = Record(small.trade, small.indicators, Model(ledger.asked, kept))
    (told,) = judge(ledger, record)
    assert told.finding.verdict is Verdict.untestable
    assert told.finding.found.startswith("no verdict, since nothing says where it would turn: ")


def test_a_turning_point_that_is_only_claimed_is_played_and_gives_no_verdict(
    tmp_path: Path, home: Path
) -> None:
    """An opening pays China at any depth: that it would not at a half is not so."""
    check = effect("CHN", "china-korea/services-opening", "above")
    path = own(tmp_path, check, DEPTH.format(holds="0.48", fails="[0.5, 1.0]"))
    (told,) = check_ledger(path).judged
    assert told.finding.verdict is Verdict.untestable
    assert told.finding.found.startswith(
        "no verdict, since it is not so that it turns where the depth is 0.5 to 1 "
    )


@pytest.mark.parametrize(
    ("check", "more", "message"),
    [
        (
            effect("CHN", "china-korea/services-opening", "above"),
            DEPTH.format(holds="0.25", fails="[0.5, 1.0]"),
            "within a tenth",
        ),
        (
            effect("CHN", "china-korea/services-opening", "above"),
            DEPTH.format(holds="0.5", fails="[0.5, 1.0]"),
            "within a tenth",
        ),
        (
            effect("CHN", "china-korea/services-opening", "above"),
            DEPTH.format(holds="0.48", fails="[0.5, 0.1]"),
            "must go on from 'holds'",
        ),
        (
            effect("CHN", "china-korea/services-opening", "above"),
            DEPTH.format(holds="0.48", fails="[0.5, 1.0]").replace("{value}", "0.5"),
            "setting",
        ),
        (
            '{ kind = "elapsed", start = "2014", end = "2015", years = 1 }',
            DEPTH.format(holds="0.48", fails="[0.5, 1.0]"),
            "only a check that asks the model",
        ),
    ],
)
def test_a_turning_point_that_is_none_is_refused(
    check: str, more: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(ClaimError, match=re.escape(message)) as error:
        load_ledger(own(tmp_path, check, more))
    assert "o-01" in str(error.value) and "\n" not in str(error.value)


def test_where_it_fails_is_printed_wherever_the_verdict_is(record: Record) -> None:
    ledger = load_ledger()
    judged = judge(ledger, record)
    rows = json.loads(ledger_document(judged, contradictions(ledger, record)))["evidence"]
    decided = [row for row in rows if row["check"] in ("computed", "answered")]
    for row in decided:
        assert (row["verdict"] != "cannot be tested") == bool(row["fails_where"])
        assert row["fails_where"] in row["found"]
    assert ledger_table(judged, ()) is not None


def test_a_policy_that_is_left_out_and_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    check = effect("KOR", "china-korea/truce-broken", "below")
    path = own(tmp_path, check.replace("horizon", 'without = ["thread"], horizon'))
    with pytest.raises(ClaimError, match=r"there is no policy 'thread' to leave out; .*threat"):
        check_ledger(path)


def test_what_is_kept_has_a_row_for_every_turning_point() -> None:
    with kept_file().open(newline="", encoding="utf-8") as file:
        rows = [row["asked"] for row in csv.DictReader(file)]
    asked = {one.key for one in load_ledger().asked}
    assert len(rows) == len(set(rows)) and set(rows) == asked
