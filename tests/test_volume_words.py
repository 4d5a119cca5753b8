"""What an answer says of real GDP and of employment, and when it says nothing."""

import pytest
import xarray as xr

from detente.report import answer, summary
from detente.report.volumes import volumes

from .test_report import edited, random_outcome, shown


@pytest.fixture(scope="module")
def at_work() -> xr.Dataset:
    return random_outcome(5, 3)


def idle(outcome: xr.Dataset, gdp: float, jobs: float) -> xr.Dataset:
    """With those changes in South Korea, and none elsewhere."""
    nobody = {(code,): 0.0 for code in outcome.country.values}
    changed = edited(outcome, "real_gdp", nobody | {("KOR",): gdp})
    return edited(changed, "total_employment", nobody | {("KOR",): jobs})


def with_ends(outcome: xr.Dataset, **ends: tuple[float, float]) -> xr.Dataset:
    for name, (low, high) in ends.items():
        for end, value in (("low", low), ("high", high)):
            outcome = outcome.assign({f"{name}_{end}": outcome[name] * 0 + value})
    return outcome


def test_where_all_labour_is_at_work_nothing_is_said_and_the_note_says_why(
    at_work: xr.Dataset,
) -> None:
    assert volumes(at_work) == []
    text = " ".join(shown(summary(at_work)).split())
    assert "GDP %" in text and "Jobs" not in text
    assert "with all labour at work only the latter move it" in text


@pytest.mark.parametrize(("part", "is_said"), [(0.3, True), (0.2, False), (-2.0, True)])
def test_real_gdp_is_said_alone_where_it_moves_by_much_of_real_income(
    at_work: xr.Dataset, part: float, is_said: bool
) -> None:
    """A shortage lowers what is made with all labour at work; a tariff hardly does."""
    welfare = float(at_work.welfare.sel(country="KOR"))
    nobody = {(code,): 0.0 for code in at_work.country.values}
    outcome = edited(at_work, "real_gdp", nobody | {("KOR",): part * welfare})
    verb = "rises" if part * welfare > 0 else "falls"
    said = volumes(outcome)
    assert said == [] or (is_said and said[0].startswith(f"South Korea's real GDP {verb} by "))
    assert bool(said) == is_said and "employment" not in " ".join(said)


@pytest.mark.parametrize(
    ("gdp", "jobs", "said"),
    [
        (-0.312, -0.245, "South Korea's real GDP falls by 0.31 % and its employment falls by 0.24 %"),
        (0.05, 0.04, "South Korea's real GDP rises by 0.050 % and its employment rises by 0.040 %"),
        (-0.05, -0.0001, "South Korea's real GDP falls by 0.050 % and its employment hardly moves"),
    ],
)  # fmt: skip
def test_both_are_said_with_their_direction(
    at_work: xr.Dataset, gdp: float, jobs: float, said: str
) -> None:
    outcome = idle(at_work, gdp, jobs)
    assert volumes(outcome)[0].startswith(said)
    assert said in " ".join(answer(outcome))
    assert "Jobs" in shown(summary(outcome))


def test_a_range_has_its_ends_and_one_of_either_sign_no_direction(at_work: xr.Dataset) -> None:
    outcome = with_ends(
        idle(at_work, -0.3, -0.2), real_gdp=(-0.5, -0.1), total_employment=(-0.3, 0.1)
    )
    first = volumes(outcome)[0]
    assert "falls by about 0.30 % (between 0.10 and 0.50 %)" in first
    assert "its employment may rise or fall" in first


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ((-0.07, 0.0), "employment hardly moves (it falls by up to 0.070 % in the simulations)"),
        ((0.0, 0.07), "employment hardly moves (it rises by up to 0.070 % in the simulations)"),
        ((-0.07, 0.05), "employment may rise or fall"),
    ],
)
def test_what_only_moves_in_draws_says_so(
    at_work: xr.Dataset, ends: tuple[float, float], said: str
) -> None:
    """A fall of "about 0 %" between 0 and 0.07 % was printed."""
    outcome = with_ends(idle(at_work, -0.3, 0.0), real_gdp=(-0.5, -0.1), total_employment=ends)
    # Somebody else's labour moves, or there would be no sentence.
    outcome = edited(outcome, "total_employment", {("JPN",): -0.2})
    assert said in volumes(outcome)[0]


def test_sectors_with_most_jobs_gone_are_named_on_the_side_of_the_whole(
    at_work: xr.Dataset,
) -> None:
    sectors = [str(code) for code in at_work.sector.values]
    changes = {
        ("KOR", code): change for code, change in zip(sectors, (-3.0, 2.0, -1.0), strict=True)
    }
    names = [str(name) for name in at_work.sector_name.values]
    falls = volumes(edited(idle(at_work, -0.3, -0.2), "employment", changes))[0]
    assert falls.index(names[0][1:]) < falls.index(names[2][1:]) and names[1][1:] not in falls
    assert "−3.00 %" in falls
    rises = volumes(edited(idle(at_work, 0.3, 0.2), "employment", changes))[0]
    assert names[1][1:] in rises and names[0][1:] not in rises
