"""What a notebook shows: an outcome or an answer as a card, and its pictures as Altair charts."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TYPE_CHECKING

from .. import report
from .._core import nearest, OutcomeError
from ..report.charts import QUIET
from ..report.figures import figures
from ..report.section import Chart, Figure, Section
from ._answer import Answer
from .asks import command_of
from .runs import Run


if TYPE_CHECKING:
    import altair as alt
    import xarray as xr


# The countries of a note and what is said under them.
_TABLE = 2


@dataclass(frozen=True)
class Card:
    """HTML that a notebook shows where it is the value of a cell."""

    html: str

    def _repr_html_(self) -> str:
        return self.html


def card(what: "xr.Dataset | Run | Answer") -> Card:
    """An outcome, a run or an answer as a card: its sentences, its picture, its first table.

    An outcome is a plain dataset and shows itself as one; runs, answers, scenarios and baselines
    are cards by themselves.
    """
    return Card(card_of(what))


def card_of(what: "xr.Dataset | Run | Answer") -> str:
    """The HTML of a card, with what it rests on folded away under it."""
    if isinstance(what, Answer):
        ask = what.ask
        command = "" if ask is None else command_of(ask)
        return report.card_of(report.page_of(what.page, what.about, command, what.drawn))
    whole = report.brief_page(what.outcome if isinstance(what, Run) else what)
    table, below = whole.body.parts[:_TABLE], whole.body.parts[_TABLE:]
    sections = [part for part in below if isinstance(part, Section)]
    return report.card_of(replace(whole, body=Section(table), annex=sections))


def chart(what: "xr.Dataset | Run | Answer", name: str = "") -> "alt.TopLevelMixin":
    """A picture of an outcome, a run or an answer, as a chart of Altair.

    An outcome has several: "welfare", which is the first, "intervals" where it has draws,
    "sectors", "flows" and "thirds". Raises `OutcomeError` for a picture that there is not.
    """
    import altair as alt

    if isinstance(what, Answer):
        return alt.Chart.from_dict(dict(_of_answer(what, name)))
    drawn = figures(what.outcome if isinstance(what, Run) else what)
    if (name or "welfare") not in drawn:
        raise OutcomeError(f"the outcome has no picture '{name}'; {nearest(name, drawn)}")
    return alt.Chart.from_dict(_of_figure(drawn[name or "welfare"]))


def _of_answer(answer: Answer, name: str) -> Mapping[str, Any]:
    specification = None if answer.chart is None else answer.chart()
    if name or specification is None:
        which = f"one picture and none called '{name}'" if specification else "no picture"
        raise OutcomeError(f"the answer has {which}.")
    return specification


def _of_figure(figure: Figure) -> dict[str, Any]:
    """The panels of a figure side by side, each under its title and with rows of its own."""
    panels = [one for one in figure.panels if one.specification is not None]
    if not panels:
        raise OutcomeError(f"nothing is drawn: {' '.join(one.empty for one in figure.panels)}")
    titled = [{**dict(one.specification or {}), "title": _title(one)} for one in panels]
    if len(titled) == 1:
        return titled[0]
    shared = {key: titled[0][key] for key in ("$schema", "config")}
    rows, drawn = {}, []
    for place, one in enumerate(titled):
        name = f"panel {place}"
        rows[name] = one["datasets"]["rows"]
        layers = [{**layer, "data": {"name": name}} for layer in one["layer"]]
        whole = {"width": one["width"], "height": one["height"], "title": one["title"]}
        drawn.append(whole | {"layer": layers})
    return shared | {"datasets": rows, "hconcat": drawn}


def _title(chart: Chart) -> dict[str, str]:
    return {"text": chart.title, "subtitle": chart.note, "anchor": "start", "subtitleColor": QUIET}
