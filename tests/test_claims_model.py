"""Claims that the model tests: verdicts only where every assumption agrees, and one solve for all."""

import numpy as np
import pytest
from pydantic import TypeAdapter

import detente
from detente.claims import load_ledger, Model, Record
from detente.claims.checks import run_check
from detente.claims.computed import EffectCheck
from detente.claims.model import DRAWS, Effect, kept_ranges, ModelInterval
from detente.ensemble import central, play_draws
from detente.scenario import available, combined

from .claims_record import small_record


OPENING, TARIFFS = "china-korea/services-opening", "china-korea/goods-upgrade"
CUT_OFF = "china-korea/cut-off-china"
KOREA = {"country": "KOR", "scenarios": [OPENING]}
JAPAN = {"country": "JPN", "scenarios": [OPENING]}
SALES = {"exporter": "KOR", "importer": "CHN", "sectors": "services", "scenarios": [OPENING]}


def effect(**keys: object) -> Effect:
    return TypeAdapter(Effect).validate_python(keys)


def computed(**keys: object) -> EffectCheck:
    return EffectCheck.model_validate({"kind": "computed", **keys})


def effects_asked() -> list[EffectCheck]:
    return [check for check in load_ledger().computed if isinstance(check, EffectCheck)]


@pytest.fixture(scope="module")
def model() -> Model:
    every = [KOREA, JAPAN, SALES, KOREA | {"scenarios": [CUT_OFF]}]
    return Model([computed(plus=every, claimed="above")])


@pytest.fixture(scope="module")
def record(model: Model) -> Record:
    small = small_record()
    return Record(small.trade, small.indicators, model)


@pytest.mark.parametrize(
    ("check", "verdict"),
    [
        (computed(plus=[KOREA], claimed="above"), "agrees"),
        (computed(plus=[KOREA], claimed="below"), "contradicts"),
        (computed(plus=[SALES], unit="million US$", claimed="above"), "agrees"),
        (
            computed(plus=[KOREA], minus=[KOREA | {"scenarios": [CUT_OFF]}], claimed="above"),
            "agrees",
        ),
        # Between the ends of the interval it is the assumptions that decide.
        (computed(plus=[KOREA], claimed="above", bound=0.07), "cannot be tested"),
    ],
)
def test_a_verdict_needs_the_whole_interval_on_one_side(
    check: EffectCheck, verdict: str, record: Record
) -> None:
    found = run_check(check, record, None)
    assert found.verdict == verdict, found.found
    assert "long run" in found.found and " to " in found.found


def test_without_the_model_nothing_is_computed() -> None:
    found = run_check(computed(plus=[KOREA], claimed="above"), small_record(), None)
    assert found.verdict == "cannot be tested" and "detente check --ledger" in found.found


def test_the_world_as_it_is_has_no_effect(model: Model) -> None:
    np.testing.assert_array_equal(model.effect(effect(country="KOR"), "percent"), 0.0)


def test_effects_are_those_of_the_scenario_itself(model: Model) -> None:
    """The middle of no draws at all is the single run: percent, worth, and sales."""
    base, scenario = detente.load_baseline("compact-2022"), detente.load_scenario(OPENING)
    outcome = detente.simulate(base, scenario)
    own = play_draws(base, [scenario], central(scenario, base))[0, 0]
    korea = base.country_index["KOR"]
    assert 100 * np.expm1(own[korea]) == pytest.approx(float(outcome.welfare.sel(country="KOR")))
    percent = model.effect(effect(**KOREA), "percent")
    worth = model.effect(effect(**KOREA), "million US$")
    assert percent.shape == (DRAWS,)
    income = float(base.economy.income[korea])
    np.testing.assert_allclose(worth, income * np.expm1(percent / 100))
    assert percent.min() < float(outcome.welfare.sel(country="KOR")) < percent.max()


def test_sales_in_percent_and_in_dollars_are_the_same(model: Model) -> None:
    base = detente.load_baseline("compact-2022")
    dollars = model.effect(effect(**SALES), "million US$")
    percent = model.effect(effect(**SALES), "percent")
    services = [base.sector_index[code] for code in base.sector_groups["services"]]
    origin, destination = base.country_index["KOR"], base.country_index["CHN"]
    before = np.asarray(base.economy.trade)[origin, destination, services].sum()
    np.testing.assert_allclose(dollars, percent / 100 * before)


def test_scenarios_together_are_in_the_setting_of_the_first() -> None:
    first, second = detente.load_scenario(OPENING), detente.load_scenario(TARIFFS)
    both = combined(first, second)
    assert list(both.policies) == [*first.policies, *second.policies]
    twice = combined(first, first)
    assert len(twice.policies) == 2 * len(first.policies)
    base = detente.load_baseline("compact-2022")
    # The order of icebergs and tariffs on different flows does not matter.
    one, other = detente.simulate(base, both), detente.simulate(base, combined(second, first))
    np.testing.assert_allclose(one.welfare, other.welfare, rtol=1e-7, atol=1e-10)


def test_the_claims_that_ship_name_scenarios_that_exist() -> None:
    asked = [effect for check in effects_asked() for effect in check.all]
    assert asked
    for one in asked:
        assert {*one.scenarios, *filter(None, [one.setting])} <= set(available()), one


def test_what_is_kept_answers_every_question_of_the_ledger_and_no_other() -> None:
    assert {one.key for one in load_ledger().asked} == set(kept_ranges())


def test_what_is_kept_is_looked_up_and_not_solved() -> None:
    check = computed(plus=[KOREA], claimed="above")
    kept = ModelInterval(-3.0, -2.0, -1.0, 1.0)
    assert Model([check], {check.key: kept}).range_of(check) == kept
    # The question is what is asked, whatever is claimed of it.
    other = computed(plus=[KOREA], claimed="below", bound=1.0)
    assert other.key == check.key != computed(plus=[JAPAN], claimed="above").key


def test_what_is_kept_is_what_the_model_computes() -> None:
    """A third of the effects, those of the long run of compact-2022 first: `make expect` for all."""
    asked = effects_asked()[::3]
    model, kept = Model(asked), kept_ranges()
    for check in asked:
        np.testing.assert_allclose(model.range_of(check), kept[check.key], rtol=1e-4, atol=1e-8)


def test_a_ledger_can_be_cut_to_some_claims() -> None:
    ledger = load_ledger()
    assert set(ledger.only(["0-14", "3-04"]).claims) == {"0-14", "3-04"}
