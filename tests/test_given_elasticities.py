"""Trade elasticities of a user's own: a file that says what a published set says gives its answer."""

import json
from pathlib import Path

import numpy as np
import pytest

import detente
from detente import commands
from detente._core import ScenarioError
from detente.ensemble import sample
from detente.geo.stance.game import load_game
from detente.scenario import load_scenario, require_known, to_toml
from detente.uncertainty import Uncertainty
from detente.world import Baseline


SCENARIO = "china-korea/services-opening"
PUBLICATION = "FGO"
SAMPLED = 0.01
"""Of a mean or a deviation over 10,000 draws of 27 sectors: more than four standard errors."""


@pytest.fixture(scope="module")
def base() -> Baseline:
    return detente.load_baseline("compact-2022")


def rows_of(base: Baseline, error: float | None = None) -> list[str]:
    """The published set as a file has it, every second sector by its name."""
    values = base.published_elasticities[PUBLICATION]
    rows = []
    for place, (code, theta) in enumerate(zip(base.sectors, values.tolist(), strict=True)):
        name = f'"{base.sector_names[code]}"' if place % 2 else code
        rows.append(f"{name},{theta!r}" + ("" if error is None else f",{error * theta!r}"))
    return rows


def write(path: Path, rows: list[str], head: str = "sector,elasticity") -> Path:
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_what_is_published_gives_the_answer_of_the_publication(
    base: Baseline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.csv", rows_of(base))
    mine = load_scenario(SCENARIO, ["elasticities=mine.csv"])
    found = detente.simulate(base, mine)
    published = detente.simulate(base, load_scenario(SCENARIO, [f"elasticities={PUBLICATION}"]))
    for name in published.data_vars:
        np.testing.assert_array_equal(found[name], published[name], str(name))
    said = "yours, mine.csv; without standard errors, taken as given"
    assert found.attrs["elasticities"] == said
    assert f"Trade elasticities are {said}." in json.loads(found.attrs["assumptions"])


def test_a_run_is_repeated_without_the_file(base: Baseline, tmp_path: Path) -> None:
    """The file lies beside the scenario; what is kept of a run has its lines."""
    write(tmp_path / "mine.csv", rows_of(base))
    text = to_toml(load_scenario(SCENARIO)).replace('"baseline"', '"mine.csv"')
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    run = commands.run(
        str(tmp_path / "own.toml"), overrides=["uncertainty.draws=0"], out=tmp_path / "kept"
    )
    (tmp_path / "mine.csv").unlink()
    assert run.directory is not None
    assert commands.verify(run.directory).reproduced
    other = load_scenario(run.directory / "scenario.toml", [f"elasticities={PUBLICATION}"])
    assert other.elasticities == PUBLICATION


def test_draws_have_the_standard_errors(base: Baseline, tmp_path: Path) -> None:
    """Each sector apart, with its elasticity as the mean; a file without any is not drawn."""
    error = 0.3
    rows = rows_of(base, error)
    rows[1] = rows[1].rsplit(",", 1)[0] + ","
    path = write(tmp_path / "mine.csv", rows, "sector,elasticity,standard_error")
    mine = load_scenario(SCENARIO, [f"elasticities={path}"])
    factor = np.asarray(sample(mine, base, Uncertainty(draws=10_000)).elasticity)
    assert (factor[:, 1] == 1.0).all()
    drawn = np.delete(factor, 1, axis=1)
    assert drawn.min() > 0
    np.testing.assert_allclose(drawn.mean(), 1.0, atol=SAMPLED)
    np.testing.assert_allclose(drawn.std(axis=0).mean(), error, atol=SAMPLED)
    apart = np.corrcoef(drawn.T) - np.eye(drawn.shape[1])
    assert abs(apart).max() < 5 / np.sqrt(len(drawn))
    assert f"for {len(rows) - 1} of {len(rows)} sectors" in str(mine.elasticities)
    given = load_scenario(SCENARIO, [f"elasticities={write(path, rows_of(base))}"])
    assert "elasticities" not in sample(given, base, Uncertainty(draws=2)).assumptions


def test_questions_and_games_take_the_file(
    base: Baseline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "mine.csv", rows_of(base))
    asked = {"scenario": SCENARIO, "of": "welfare.KOR"}
    answers = [
        commands.ask("sensitivity", **asked, overrides=(f"elasticities={name}",))
        for name in ("mine.csv", PUBLICATION)
    ]
    for name, table in answers[0].tables.items():
        assert table.equals(answers[1].tables[name]), name
    assert answers[0].about.elasticities.startswith("yours, mine.csv")
    assert str(load_game("seoul", ["elasticities=mine.csv"]).elasticities).startswith("yours")


BAD = {
    "a sector is missing": (
        ["AGR,4", "MIN,4"],
        "mine.csv has 2 of the 28 sectors of compact-2022, and every",
    ),
    "one is there twice": (["AGR,4", "Agriculture,4"], "twice; give it one row"),
    "an unknown one": (["AGR,4", "Textile,4"], "mine.csv: 'Textile' is not a sector of"),
    "a group": (["goods,4"], "has one row for 'goods', a group"),
    "the sign of an estimate": (["AGR,-4"], "line 2: the elasticity of 'AGR' is −4; it is written"),
    "nothing": (["AGR,0"], "line 2: the elasticity of 'AGR' is 0 and should be more than 0"),
    "too much": (["AGR,400"], "should be more than 0, at most 100"),
    "an empty cell": (["AGR,"], "line 2: the elasticity of 'AGR' is empty and should be a number"),
    "a word": (["AGR,high"], "is 'high' and should be a number"),
    "no sector": ([",4"], "line 2: it names no sector"),
    "no row": ([], "must have the columns sector and elasticity and a row"),
    "a cell too many": (["AGR,4,5"], "more cells in line 2"),
}


@pytest.mark.parametrize("fault", BAD)
def test_a_bad_file_is_refused_before_anything_is_computed(fault: str, tmp_path: Path) -> None:
    rows, sentence = BAD[fault]
    path = write(tmp_path / "mine.csv", rows)
    with pytest.raises(ScenarioError) as error:
        require_known(load_scenario(SCENARIO, [f"elasticities={path}"]))
    said = str(error.value)
    assert sentence in said and "\n" not in said


def test_a_bad_standard_error_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path / "mine.csv", ["AGR,4,-1"], "sector,elasticity,standard_error")
    for name, sentence in ((path, "less than zero"), (tmp_path / "no.csv", "there is no file of")):
        with pytest.raises(ScenarioError, match=sentence):
            load_scenario(SCENARIO, [f"elasticities={name}"])
