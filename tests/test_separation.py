"""Estimates that do not exist have no number: separated rows, missing values, too few of anything."""

import itertools
import json
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from scipy.optimize import linprog

from detente._core import DataError, EstimationError
from detente.gravity import by_age, estimate, Panel, potential_flows, Specification
from detente.gravity.existence import design, separated
from detente.gravity.guide import with_guide_columns
from detente.gravity.specification import BOTH_SIDES, DIRECTED_PAIR
from detente.report import terminal
from detente.report.gravity import gravity_facts, gravity_table

from .gravity_truth import panel


# Poisson on the rows that are kept, here and by itself, stops at the same relative change.
SAME = 1e-6


def flows(seed: int = 3, countries: int = 25) -> pd.DataFrame:
    """Counts of three years that follow gravity, with many zeros, an agreement and distance."""
    random = np.random.default_rng(seed)
    names = [f"C{place:02d}" for place in range(countries)]
    cells = itertools.product((2000, 2004, 2008), names, names)
    rows = pd.DataFrame(cells, columns=["year", "exporter", "importer"])
    away = (rows["exporter"].str[1:].astype(int) - rows["importer"].str[1:].astype(int)).abs() + 1
    rows = rows.assign(rta=(random.random(len(rows)) < 0.3) * 1.0, ldist=np.log(away))
    mean = np.exp(2.0 - rows["ldist"] + 0.5 * rows["rta"])
    return rows.assign(trade=random.poisson(mean) * 1.0)


def gravity(*terms: str, **rest) -> Specification:
    return Specification("x", "x", terms, effects=rest.pop("effects", BOTH_SIDES), **rest)


def chosen(rows: pd.DataFrame, size: int, seed: int = 0) -> np.ndarray:
    """That many rows, where trade is then zero."""
    picked = np.random.default_rng(seed).choice(len(rows), size, replace=False)
    mask = np.zeros(len(rows), bool)
    mask[picked] = True
    return mask


def banned(size: int = 30) -> tuple[pd.DataFrame, np.ndarray]:
    rows = flows()
    ban = chosen(rows, size)
    return rows.assign(trade=rows["trade"].where(~ban, 0.0), ban=ban * 1.0), ban


# --- regressors and effects that separate ----------------------------------------------------------


def test_c34_a_ban_that_is_in_force_only_where_nothing_is_traded() -> None:
    """The input of C34, made again: 30 of 1,875 rows, and what the other 1,845 say by themselves."""
    random = np.random.default_rng(3)
    names = [f"C{place:02d}" for place in range(25)]
    made = []
    for year in (2000, 2004, 2008):
        for one, other in itertools.product(names, names):
            away = abs(int(one[1:]) - int(other[1:])) + 1
            rta = float(random.random() < 0.3)
            mean = np.exp(3 - np.log(away) + 0.5 * rta)
            made.append((one, other, year, random.poisson(mean) * 1.0, rta, np.log(away)))
    rows = pd.DataFrame(made, columns=["exporter", "importer", "year", "trade", "rta", "ldist"])
    ban = np.zeros(len(rows))
    picked = random.choice(len(rows), 30, replace=False)
    ban[picked] = 1
    rows.loc[picked, "trade"] = 0.0
    found = estimate(Panel(rows.assign(ban=ban)), gravity("rta", "ldist", "ban"))
    assert found.terms == ("rta", "ldist") and set(found.dropped) == {"ban"}
    assert found.separated == 30 and found.rows == 1845
    assert found["rta"] == pytest.approx(0.512839, abs=1e-6)
    assert found["ldist"] == pytest.approx(-0.996562, abs=1e-6)
    last = found.table().set_index("term").loc["ban"]
    assert last.drop(["specification", "note"]).isna().all() and "fitted exactly" in last["note"]


def one_regressor(rows: pd.DataFrame, random: np.random.Generator):
    """Of any size where nothing is traded, such as the length of a ban, or its log."""
    mask = chosen(rows, 30)
    return rows.assign(odd=mask * random.uniform(0.1, 7.0, len(rows))), mask, {"odd"}


def a_negative_regressor(rows: pd.DataFrame, random: np.random.Generator):
    """Its estimate would be plus infinity."""
    mask = chosen(rows, 25)
    return rows.assign(odd=-1.0 * mask), mask, {"odd"}


def a_combination(rows: pd.DataFrame, random: np.random.Generator):
    """Neither tells traded from untraded; their difference does, and neither has an estimate."""
    mask = chosen(rows, 25)
    one = random.normal(size=len(rows))
    return rows.assign(odd=one + mask, even=one), mask, {"odd", "even"}


def a_combination_with_one_that_is_known(rows: pd.DataFrame, random: np.random.Generator):
    """A constant between countries but for the banned: `odd` is what distance is, or more."""
    mask = chosen(rows, 25)
    return rows.assign(odd=2.0 * rows["ldist"] + mask), mask, {"odd", "ldist"}


def a_chain(rows: pd.DataFrame, random: np.random.Generator):
    """`even` has both signs among flows of zero until the rows that `odd` separates are gone."""
    first, second = chosen(rows, 20), chosen(rows, 20, seed=1)
    second &= ~first
    odd, even = first * 1.0, second * 1.0 - 3.0 * first
    return rows.assign(odd=odd, even=even), first | second, {"odd", "even"}


def an_effect(rows: pd.DataFrame, random: np.random.Generator):
    """A country that sells nothing in a year, beside the ban."""
    mask = chosen(rows, 20)
    alone = ((rows["exporter"] == "C03") & (rows["year"] == 2004)).to_numpy()
    return rows.assign(odd=mask * 1.0), mask | alone, {"odd"}


SEPARATED: dict[str, Callable] = {
    made.__name__: made
    for made in (
        one_regressor, a_negative_regressor, a_combination, a_combination_with_one_that_is_known,
        a_chain, an_effect,
    )
}  # fmt: skip


@pytest.mark.parametrize("case", SEPARATED)
def test_c34_separated_rows_are_left_out_and_their_terms_have_no_number(case: str) -> None:
    rows, mask, lost = SEPARATED[case](flows(), np.random.default_rng(7))
    rows = rows.assign(trade=rows["trade"].where(~mask, 0.0))
    terms = ("rta", "ldist", *(name for name in ("odd", "even") if name in rows))
    found = estimate(Panel(rows), gravity(*terms))
    known = tuple(term for term in terms if term not in lost)
    # Of what is told apart by nothing any more, one stays in the fit without being told.
    beside = {"a_combination": ("even",), "a_combination_with_one_that_is_known": ("ldist",)}
    alone = estimate(Panel(rows[~mask]), gravity(*known, *beside.get(case, ())))
    assert set(found.dropped) == lost and found.terms == known
    assert found.separated == mask.sum() and found.rows == (~mask).sum()
    for term in known:
        assert found[term] == pytest.approx(alone[term], rel=SAME)
        assert found.error(term) == pytest.approx(alone.error(term), rel=1e-5)


def test_c34_effects_together_separate_where_none_does_alone() -> None:
    """Two blocs trade each within itself; one sells to the other nothing, and is sold nothing of."""
    rows = flows(countries=16)
    east = rows["exporter"] < "C08"
    west = rows["importer"] >= "C08"
    across = (east & west).to_numpy()
    rows = rows.assign(trade=rows["trade"].where(~across, 0.0))[~(~east & ~west)]
    apart = (rows["exporter"] < "C08") & (rows["importer"] >= "C08")
    found = estimate(Panel(rows), gravity("rta"))
    alone = estimate(Panel(rows[~apart]), gravity("rta"))
    assert found.separated == apart.sum() and found.rows == alone.rows and not found.dropped
    assert found["rta"] == pytest.approx(alone["rta"], rel=SAME)


def test_c34_without_effects_a_ban_separates_too() -> None:
    rows, ban = banned()
    found = estimate(Panel(rows), gravity("rta", "ldist", "ban", effects=()))
    assert set(found.dropped) == {"ban"} and found.separated == ban.sum()
    assert found.terms[0] == "constant"


def test_c34_a_ban_beside_effects_of_pairs() -> None:
    """Pairs that never trade and rows that the ban fits are counted apart."""
    rows = panel({"rta": 0.5}, noise=0.5)
    never = (rows["exporter"] + rows["importer"]).isin(["C00C03", "C03C00"]).to_numpy()
    ban = chosen(rows, 12, seed=4) & ~never
    rows = rows.assign(trade=rows["trade"].where(~(ban | never), 0.0), ban=ban * 1.0)
    found = estimate(Panel(rows), gravity("rta", "ban", effects=(*BOTH_SIDES, DIRECTED_PAIR)))
    assert found.left_out == ("C00-C03",) and set(found.dropped) == {"ban"}
    assert sorted(found.rows_left_out.values()) == sorted((8, int(ban.sum())))
    assert found.separated == 8 + ban.sum()


def test_c34_a_ban_that_did_not_always_hold_is_estimated() -> None:
    """One flow of the banned is there, so that an estimate exists, and nothing is left out."""
    rows, ban = banned()
    rows.loc[np.flatnonzero(ban)[0], "trade"] = 1.0
    found = estimate(Panel(rows), gravity("rta", "ldist", "ban"))
    assert found.terms == ("rta", "ldist", "ban") and not found.rows_left_out
    assert -9 < found["ban"] < -1


@pytest.mark.parametrize("seed", range(25))
def test_separated_rows_are_those_that_a_search_row_by_row_finds(seed: int) -> None:
    """Small designs of integers; each row's own linear program instead of one for all."""
    random = np.random.default_rng(seed)
    count = 24
    regressors = random.integers(-1, 2, size=(count, 4)) * 1.0
    effects = [random.integers(0, 4, count), random.integers(0, 3, count)]
    flow = random.integers(0, 2, count) * 1.0
    columns = design(regressors, effects).toarray()
    zero = flow == 0
    expected = np.zeros(count, bool)
    for row in np.flatnonzero(zero):
        found = linprog(
            -columns[row], A_ub=np.vstack([-columns[zero], columns[row]]),
            b_ub=np.append(np.zeros(zero.sum()), 1.0), A_eq=columns[~zero],
            b_eq=np.zeros((~zero).sum()), bounds=(None, None), method="highs-ds",
        )  # fmt: skip
        expected[row] = -found.fun > 0.5
    np.testing.assert_array_equal(separated(flow, regressors, effects), expected)


# --- what cannot be told apart, or rests on too little ---------------------------------------------


def test_c34_what_the_effects_make_up_is_named_beside_a_ban() -> None:
    rows, _ = banned()
    rows = rows.assign(size=rows.groupby(["exporter", "year"]).ngroup() * 1.0)
    with pytest.raises(EstimationError, match=r"^'size' cannot be told apart from the effects"):
        estimate(Panel(rows), gravity("rta", "ban", "size"))


def test_c34_nothing_but_bans_has_no_estimate_at_all() -> None:
    rows, _ = banned()
    with pytest.raises(EstimationError, match=r"no term of 'x' has a finite estimate.*'ban'"):
        estimate(Panel(rows), gravity("ban"))


def test_c34_sums_and_ages_do_not_pass_over_a_term_without_an_estimate() -> None:
    rows, _ = banned()
    rows = rows.rename(columns={"ban": "rta_lag4"})
    found = estimate(Panel(rows), gravity("rta", "rta_lag4", "ldist"))
    for ask in (
        lambda: found["rta_lag4"],
        lambda: found.total(("rta", "rta_lag4")),
        lambda: found.percent_change("rta", "rta_lag4"),
    ):
        with pytest.raises(EstimationError, match="'rta_lag4' of 'x' has no estimate: only flows"):
            ask()
    with pytest.raises(EstimationError, match="no term 'rtb'; did you mean 'rta'"):
        found.total(("rta", "rtb"))
    assert list(by_age(found, "rta")["age"]) == [0]


def test_c34_potential_flows_need_every_term() -> None:
    rows, _ = banned()
    free = ((rows["exporter"] == "C00") & (rows["importer"] == "C01")).to_numpy()
    with pytest.raises(EstimationError, match=r"no potential flow.*'ban' of 'x' has no estimate"):
        potential_flows(Panel(rows), gravity("rta", "ldist", "ban"), free)


def test_c34_fewer_clusters_than_terms_have_no_errors() -> None:
    rows = panel({"rta": 0.5}, noise=0.5, years=range(2000, 2010))
    random = np.random.default_rng(2)
    more = {f"x{place}": random.normal(size=len(rows)) for place in range(24)}
    found = estimate(Panel(rows.assign(**more)), gravity("rta", *more, abroad_only=True))
    assert found.clusters == 21 and len(found.terms) == 25 and np.isfinite(found.coefficient).all()
    assert (
        np.isnan(found.standard_error).all()
        and "21 clusters are fewer than 25 terms" in found.notes[0]
    )
    facts = gravity_facts(found, 5.0)
    assert facts["terms"]["rta"]["standard_error"] is None and facts["notes"] == list(found.notes)
    json.dumps(facts, allow_nan=False)


@pytest.mark.parametrize("estimator", ["ols", "ppml"])
def test_c34_as_many_parameters_as_rows_are_refused(estimator: str) -> None:
    rows = panel({"rta": 0.5}, noise=0.5, years=range(2000, 2001))
    random = np.random.default_rng(2)
    more = {f"x{place}": random.normal(size=len(rows)) for place in range(35)}
    with pytest.raises(EstimationError, match="the 49 rows of 'x' are too few"):
        estimate(Panel(rows.assign(**more)), gravity("rta", *more, estimator=estimator))


@pytest.mark.parametrize("estimator", ["ols", "ppml"])
def test_c34_an_exact_fit_says_that_its_errors_are_rounding(estimator: str) -> None:
    exact = estimate(
        Panel(panel({"rta": 0.5})),
        gravity("rta", effects=(*BOTH_SIDES, DIRECTED_PAIR), estimator=estimator),
    )
    assert (
        exact["rta"] == pytest.approx(0.5, rel=SAME) and "fits every row exactly" in exact.notes[0]
    )
    assert not estimate(Panel(panel({"rta": 0.5}, noise=0.1)), gravity("rta")).notes


# --- what is missing is not zero -------------------------------------------------------------------


@pytest.mark.parametrize("column", ["trade", "rta", "ldist", "exporter_year"])
@pytest.mark.parametrize("estimator", ["ols", "ppml"])
def test_c34_rows_with_a_missing_value_are_left_out_and_counted(
    column: str, estimator: str
) -> None:
    rows = Panel(flows()).with_effects().rows
    gone = chosen(rows, 40, seed=8) & (rows["trade"] > 0).to_numpy()
    holed = rows.assign(**{column: rows[column].where(~gone)})
    asked = gravity("rta", "ldist", estimator=estimator)
    found, alone = estimate(Panel(holed), asked), estimate(Panel(rows[~gone]), asked)
    assert found.rows_left_out["a value is missing"] == gone.sum() and found.rows == alone.rows
    np.testing.assert_allclose(found.coefficient, alone.coefficient, rtol=SAME)


def test_c34_flows_of_zero_that_have_no_log_are_counted() -> None:
    rows = flows()
    found = estimate(Panel(rows), gravity("rta", "ldist", estimator="ols"))
    assert found.rows_left_out == {
        "a flow of zero has no logarithm": int((rows["trade"] == 0).sum())
    }


def test_c34_a_sum_with_a_part_missing_is_missing() -> None:
    rows = flows().assign(dist=lambda rows: np.exp(rows["ldist"]))
    rows.loc[
        (rows["exporter"] == "C05") & (rows["importer"] == "C06") & (rows["year"] == 2004), "trade"
    ] = np.nan
    made = with_guide_columns(Panel(rows)).rows
    unknown = made["log_output"].isna()
    assert (unknown == ((made["exporter"] == "C05") & (made["year"] == 2004))).all()
    assert made["log_remoteness_exporter"].isna().equals(made["year"] == 2004)


BAD_VALUES = {
    "infinite trade": ("trade", np.inf, DataError, "zero or positive, and finite"),
    "negative trade": ("trade", -2.0, DataError, "zero or positive, and finite"),
    "infinite regressor": ("rta", -np.inf, EstimationError, "'rta' is infinite in 1 rows"),
    "negative outcome": ("value", -1.0, EstimationError, "'value' is negative in 1 rows"),
    "infinite outcome": ("value", np.inf, EstimationError, "'value' is infinite in 1 rows"),
    "a word": ("rta", "yes", EstimationError, "'rta' is not a number in every row"),
    "no exporter": ("exporter", None, DataError, "the exporter of every row, and 1 rows"),
    "no year": ("year", None, DataError, "the year of every row, and 1 rows"),
}  # fmt: skip


@pytest.mark.parametrize("estimator", ["ols", "ppml"])
@pytest.mark.parametrize("case", BAD_VALUES)
def test_c34_a_value_that_cannot_be_is_refused(case: str, estimator: str) -> None:
    column, value, kind, sentence = BAD_VALUES[case]
    rows = flows().assign(value=lambda rows: rows["trade"]).astype({column: object})
    rows.loc[5, column] = value
    asked = gravity("rta", "ldist", outcome="value", estimator=estimator)
    with pytest.raises(kind, match=sentence) as raised:
        estimate(Panel(rows), asked)
    assert str(raised.value).count(". ") == 0 and str(raised.value)[-1] == "."


# --- what is printed -------------------------------------------------------------------------------


def test_c34_table_and_document_say_what_is_left_out_and_why() -> None:
    rows, ban = banned()
    rows.loc[chosen(rows, 15, seed=5) & ~ban, "rta"] = np.nan
    missing = int(rows["rta"].isna().sum())
    found = estimate(Panel(rows), gravity("rta", "ldist", "ban"))
    facts = json.loads(json.dumps(gravity_facts(found, 5.0), allow_nan=False))
    assert (
        facts["terms"]["ban"]["estimate"] is None
        and "fitted exactly" in facts["terms"]["ban"]["reason"]
    )
    assert sum(facts["rows_left_out"].values()) == ban.sum() + missing == len(rows) - facts["rows"]
    console = Console(width=200, record=True, quiet=False, file=None)
    with console.capture() as said:
        console.print(terminal(gravity_table([found])))
    text = " ".join(said.get().split())
    assert f"{missing} rows are left out because a value is missing." in text
    assert (
        "30 rows are left out because an effect or a regressor fits a flow of zero exactly." in text
    )
    assert (
        "x: ban has no estimate: only flows of zero that are fitted exactly tell it apart" in text
    )
    assert "ban – rows" in text
