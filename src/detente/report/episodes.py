"""An episode for the terminal, for programs, and as a picture."""

import json
from collections.abc import Iterable
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._core import figure, OutcomeError
from .._words import spelled
from ..about import known_names
from ._document import document
from ._format import MISSING
from .charts import COLOURS, HAIRLINE, INK, QUIET, styled
from .path_chart import HEIGHT, WIDTH
from .section import Section, Table, TableColumn


if TYPE_CHECKING:
    from ..episodes import Falsifier, Findings, Picture


LONGEST_WORD = 12
"""Letters of a word that a column makes room for, so that it is not broken in 80 columns."""
NARROW = 80
"""Columns of a terminal in which a table must still be read."""
COLUMNS = ("target", "what", "published", "ours", "unit", "passes if", "outcome", "source")


def episode_frame(findings: "Findings") -> pd.DataFrame:
    """One row for every target: the published value with its source, ours, pass or miss."""
    rows = [
        (one.target.id, one.target.what, one.target.published, one.ours, one.target.unit,
         one.rule, one.outcome, one.target.source)
        for one in findings.verdicts
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(COLUMNS))


def falsifier_frame(findings: "Findings") -> pd.DataFrame:
    """One row for every falsifier: whether its statement stands."""
    rows = [(one.statement, _measured(findings, one), one.unit, one.words, _fate(findings, one))
            for one in findings.episode.falsifiers]  # fmt: skip
    return pd.DataFrame(rows, columns=["statement", "ours", "unit", "stands if", "outcome"])


def episode_document(findings: "Findings") -> str:
    """JSON of the question, every target, every falsifier, every measure and every table."""
    episode, prediction = findings.episode, findings.found
    about: dict[str, Any] = {
        "episode": episode.name, "title": episode.title, "question": episode.question,
        "baseline": findings.setting.baseline, "sentences": list(prediction.sentences),
        "limits": list(episode.limits),
        "assumptions": {key: one.model_dump() for key, one in episode.assumptions.items()},
    }  # fmt: skip
    measures = pd.Series(dict(prediction.measures), dtype=float)
    parts = {title: table for title, table in prediction.tables.items()}
    return document(
        about, targets=episode_frame(findings), falsifiers=falsifier_frame(findings),
        measures=measures, **parts,
    )  # fmt: skip


def episode_table(findings: "Findings") -> Section:
    """What was found, in sentences, tables, targets and falsifiers."""
    episode, prediction = findings.episode, findings.found
    frames = {**prediction.tables, "Targets": episode_frame(findings).drop(columns="source")}
    if episode.falsifiers:
        frames["Falsifiers"] = falsifier_frame(findings)
    said = [spelled(line, known_names()) for line in prediction.sentences]
    sentences = [part for line in said for part in ("", line)]
    tables = [_shown(title, frame) for title, frame in frames.items()]
    limits = [f"Limit: {line}" for line in episode.limits]
    return Section([episode.question, *sentences, *tables, *limits], episode.title)


def episode_chart(findings: "Findings") -> dict[str, Any]:
    """The picture of an episode, as Vega-Lite; raises `OutcomeError` where it has none."""
    picture = findings.found.picture
    if picture is None:
        raise OutcomeError(f"the episode '{findings.episode.name}' has no picture.")
    return _specification(picture)


def _measured(findings: "Findings", rule: "Falsifier") -> float | None:
    return findings.found.measures.get(rule.measure)


def _fate(findings: "Findings", rule: "Falsifier") -> str:
    if _measured(findings, rule) is None:
        return "not computed"
    return "falsified" if rule in findings.falsified else "stands"


def _shown(title: str, frame: pd.DataFrame) -> Table:
    headings = [str(name).replace("/", "/\n") for name in frame.columns]
    cells = [[_cell(value) for value in row] for row in frame.itertuples(index=False)]
    widths = [_longest_word(column) for column in zip(headings, *cells, strict=True)]
    roomy = sum(widths) + 2 * len(widths) <= NARROW
    columns = [
        TableColumn(
            heading, figures=pd.api.types.is_numeric_dtype(frame[name]), folds=True,
            least=width if roomy else None,
        )
        for heading, name, width in zip(headings, frame.columns, widths, strict=True)
    ]  # fmt: skip
    # A narrow gap between columns leaves their words whole.
    return Table(columns, cells, title, gap=2)


def _longest_word(cells: Iterable[str]) -> int:
    return min(max(len(word) for cell in cells for word in cell.split()), LONGEST_WORD)


def _cell(value: object) -> str:
    if value is None or value != value:
        return MISSING
    if isinstance(value, float):
        return figure(value, ".4g")
    return spelled(str(value), known_names())


def _specification(picture: "Picture") -> dict[str, Any]:
    import altair as alt

    # What is missing is null, and a line breaks there.
    values = json.loads(str(picture.rows.to_json(orient="records", double_precision=15)))
    names = list(dict.fromkeys(picture.rows.series))
    colour = alt.Color(
        "series:N", scale=alt.Scale(domain=names, range=list(COLOURS)),
        legend=alt.Legend(
            title=None, orient="bottom", columns=2, labelLimit=WIDTH, symbolOpacity=1
        ),
    )  # fmt: skip
    base = alt.Chart(alt.InlineData(values=values))
    layers = (_lines if picture.kind == "lines" else _bars)(base, colour, picture)
    title = {"text": picture.title, "subtitle": picture.subtitle}
    chart = alt.layer(*layers).properties(width=WIDTH, height=HEIGHT, title=title)
    return styled(chart)


def _lines(base: Any, colour: Any, picture: "Picture") -> list[Any]:
    import altair as alt

    x = alt.X("x:T", axis=alt.Axis(title=None, grid=False))
    y = alt.Y("value:Q", axis=alt.Axis(title=picture.y, gridColor=HAIRLINE))
    layers = [
        # Series begin and end where their sources do.
        base.mark_line(
            strokeWidth=2, point=alt.OverlayMarkDef(size=18), invalid="break-paths-filter-domains"
        ).encode(x=x, y=y, color=colour)
    ]
    if "lowest" in picture.rows:
        band = base.mark_area(opacity=0.2).encode(x=x, y="lowest:Q", y2="highest:Q", color=colour)
        layers.insert(0, band)
    if picture.mark is not None:
        rule = alt.Chart(alt.InlineData(values=[{"x": picture.mark}]))
        layers.append(rule.mark_rule(color=QUIET, strokeDash=[4, 3]).encode(x="x:T"))
    return layers


def _bars(base: Any, colour: Any, picture: "Picture") -> list[Any]:
    import altair as alt

    x = alt.X("x:N", sort=None, axis=alt.Axis(title=None, labelAngle=0, labelLimit=WIDTH))
    y = alt.Y("value:Q", axis=alt.Axis(title=picture.y, gridColor=HAIRLINE))
    offset = alt.XOffset("series:N", sort=None)
    layers = [base.mark_bar().encode(x=x, y=y, color=colour, xOffset=offset)]
    if "lowest" in picture.rows:
        whisker = base.mark_rule(color=INK, strokeWidth=1.5)
        layers.append(whisker.encode(x=x, y="lowest:Q", y2="highest:Q", xOffset=offset))
    return layers
