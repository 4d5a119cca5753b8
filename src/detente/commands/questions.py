"""Questions about an answer: what moves it, what it is made of, when, and what others would do."""

from typing import TYPE_CHECKING

from .. import analysis, report
from ..about import About, YEARS
from ..analysis.path import years_of
from ..analysis.sector_weights import EXAMPLE
from ..ensemble import policy_parts
from ..simulation import is_year_after_year
from ._answer import Answer
from ._files import Progress, quiet
from ._setting import amounts, setting_of, shown_first, world_of
from .asks import Decompose, Sensitivity, Tariffs, Trajectory


if TYPE_CHECKING:
    from ..scenario import Scenario


def sensitivity(ask: Sensitivity, progress: Progress = quiet) -> Answer:
    """The inputs that most move what a scenario's policies do to one number."""
    scenario = setting_of(ask, ask.scenario)
    baseline = world_of(scenario)
    rows = analysis.what_moves(baseline, scenario, ask.of)
    about = About.of(rows.attrs).named(baseline)
    of = report.number_in_words(ask.of, about)
    about = about.adding(question=_titled("sensitivity", scenario, of=of))
    return Answer(
        report.sensitivity_table(rows, about, ask.top),
        about,
        {"rows": rows.head(ask.top)},
        rows=rows,
    )


def decompose(ask: Decompose, progress: Progress = quiet) -> Answer:
    """The terms of a scenario's exact welfare, or what each of its policies brings."""
    scenario = setting_of(ask, ask.scenario)
    baseline = world_of(scenario)
    countries, names = shown_first(scenario, baseline), baseline.country_names
    if ask.by == "policy":
        parts = policy_parts(baseline, scenario, progress)
        return Answer(
            report.parts_table(parts, countries, names),
            parts.about.adding(question=_titled("decompose", scenario)),
            {"rows": parts.rows, "whole": parts.whole},
            chart=lambda: report.parts_chart(parts, countries, names),
        )
    terms = analysis.decompose(baseline, scenario)
    about = About.of(terms.attrs).named(baseline)
    about = about.adding(question=_titled("decompose", scenario))
    return Answer(
        report.decomposition_table(terms, countries, about),
        about,
        {"rows": report.decomposition_frame(terms)},
        chart=lambda: report.terms_chart(terms, countries, names, about),
    )


def path(ask: Trajectory, progress: Progress = quiet) -> Answer:
    """A scenario year by year."""
    scenario = setting_of(ask, ask.scenario)
    wanted = years_of(scenario, ask.start, ask.end)
    baseline = world_of(scenario)
    years = analysis.follow(baseline, scenario, wanted, progress)
    countries = shown_first(scenario, baseline)
    follows = is_year_after_year(scenario)
    about = About.on(
        baseline,
        scenario,
        YEARS if follows else "",
        question=_titled("path", scenario),
        title=scenario.title,
        scenario=scenario.name,
        numeraire=years.attrs["numeraire"],
        year_after_year=follows,
        units={str(name): data.attrs["units"] for name, data in years.items() if data.attrs},
    )
    return Answer(
        report.path_table(years, countries, about),
        about,
        {"rows": report.path_frame(years)},
        chart=lambda: report.path_chart(years, countries),
        solved=bool(years.solved.all()),
    )


def tariffs(ask: Tariffs, progress: Progress = quiet) -> Answer:
    """The tariffs that players would set, in the setting of a scenario."""
    scenario = setting_of(ask, ask.scenario)
    baseline = world_of(scenario)
    weights = amounts(ask.weight, "a weight", EXAMPLE)
    mandate = analysis.Mandate(ask.instrument, weights, ask.least, ask.most)
    chosen = analysis.choose_tariffs(
        baseline, scenario, ask.players,
        aim=ask.aim, rates=ask.rates, sectors=ask.sectors, mandate=mandate,
    )  # fmt: skip
    about = About.of(chosen.attrs).named(baseline)
    rows = report.tariffs_frame(chosen)
    data = {"welfare": chosen.welfare.to_series(), "rows": rows}
    data |= {"by_sector": report.weights_frame(chosen)} if weights else {}
    return Answer(report.tariffs_table(chosen, about), about, data, rows=rows)


def _titled(question: str, scenario: "Scenario", **filled: str) -> str:
    """The title of a question about a scenario, by what the scenario is called."""
    said = report.say(f"title.{question}", scenario=f"'{scenario.title}'", **filled)
    return said[:1].upper() + said[1:]
