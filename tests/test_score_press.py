"""The scorer of the press texts: what counts as found, right, missed and untrue."""

import pytest

from detente.claims.reading import Reading
from detente.claims.verdict import Verdict

from .press_labels import A, A_or_U, billion, C, Label, Labelled, quantity, U
from .press_sentences import FURTHER, SENTENCES
from .press_texts import TEXTS
from .score_press import matched, Row, Score


def reading(value: float, unit: str, verdict: str, kind: str = "money") -> Reading:
    return Reading(1, "", float(value), unit, kind, "", "", Verdict(verdict), "")


def rows(labels: list[Label], readings: list[Reading]) -> Score:
    return Score([Row("", "", *pair) for pair in matched(labels, readings)])


def test_a_label_is_met_in_any_multiple() -> None:
    got = rows([billion(162.125, A)], [reading(162125, "million US$", A)])
    assert (got.found, got.precision(A), got.recall(A), got.forbidden) == (1, (1, 1), (1, 1), [])


def test_a_cut_figure_is_its_label_s_and_undecided() -> None:
    got = rows([billion(62.8, A)], [reading(62.8e-6, "million US$", U)])
    assert (got.found, got.recall(A), len(got.missed()), got.decided) == (1, (0, 1), 1, 0)


def test_another_currency_read_as_us_dollars_is_an_untruth() -> None:
    got = rows([quantity(124.8, "billion rand", U)], [reading(124.8, "billion US$", A)])
    assert len(got.forbidden) == 1 and got.precision(A) == (0, 1)


def test_both_ends_of_a_range_are_one_quantity_and_the_worse_counts() -> None:
    ends = [reading(140, "billion US$", A), reading(150, "billion US$", C)]
    got = rows([billion((140, 150), A)], ends)
    assert (len(got.rows), got.precision(A), got.precision(C)) == (1, (0, 0), (0, 1))


def test_a_decided_reading_without_label_is_an_untruth() -> None:
    got = rows([billion(5, U)], [reading(5, "billion US$", U), reading(7, "percent", C, "percent")])
    assert len(got.forbidden) == 1 and got.precision(C) == (0, 1)


def test_where_readers_differ_neither_verdict_is_wrong_or_missed() -> None:
    for said in A_or_U:
        got = rows([billion(5, A_or_U)], [reading(5, "billion US$", said)])
        assert not got.forbidden and not got.missed() and got.recall(A) == (0, 0)


def test_equal_figures_are_taken_in_order() -> None:
    twice = [reading(5, "billion US$", A), reading(5, "billion US$", U)]
    assert rows([billion(5, A), billion(5, U)], twice).precision(A) == (1, 1)


@pytest.mark.parametrize("texts", [SENTENCES, FURTHER, TEXTS])
def test_the_digits_of_every_label_stand_in_its_text(texts: list[Labelled]) -> None:
    spelled = {20: ("a fifth",), 0.5: ("half a",), 106488590000: ("106.488.590.000",)}
    for one in texts:
        plain = one.text.replace(",", "").replace(" ", "")
        for label in one.labels:
            ends = label.value if isinstance(label.value, tuple) else (label.value,)
            for end in ends:
                forms = {f"{abs(end):g}", f"{abs(end):.1f}", f"{abs(end):.0f}"}
                words = spelled.get(end, ())
                written = any(form in plain for form in forms)
                cut = f"{abs(end):g}".replace(".", ",") in one.text
                assert written or cut or any(word in one.text for word in words), (one.text, end)
