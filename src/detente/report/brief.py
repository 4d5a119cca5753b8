"""The brief of a run: its answer and its findings as one page, to be read and run again."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, TYPE_CHECKING

from . import tariffs
from ._format import (
    sentence,
    signed_million,
)
from ._frames import (
    country_name,
    Facts,
    facts_of,
    leading_focus,
    records,
)
from .answer import Said, said
from .claims import claims_section
from .detail import exchanged, produced, three, under
from .figures import figures
from .html import html
from .section import (
    Cell,
    Code,
    Figure,
    Page,
    Part,
    Program,
    REPRODUCTION,
    Section,
    table_of,
    Terms,
    Words,
)
from .tables import summary_rows
from .uncertainty import has_intervals
from .volumes import moves_labour, real_gdp_note


if TYPE_CHECKING:
    import xarray as xr

    from ..claims import Judgement


KEY_COUNTRIES = 3
NOTE_ROWS, TABLE_ROWS = 8, 24
"""Countries of the note, and of the annex."""
HORIZON_MEANS = {
    "long run": "labour moves between sectors until it earns the same in each",
    "short run": "labour stays in its sector, and trade responds as in the first year",
}
YEARS_MEAN = "a part of buyers and of workers has adjusted by then, and the others have not"


def brief(
    outcome: "xr.Dataset",
    judged: "Sequence[Judgement]" = (),
    unread: str = "",
    day: str = "",
    program: Program | None = None,
) -> str:
    """The outcome as one self-contained HTML page: no network.

    With a `program`, such as `detente run` makes of the scenario, its headline has sliders; without
    it the page has no JavaScript, and with it the page reads the same where none runs.
    """
    return html(replace(brief_page(outcome, judged, unread, day), program=program))


def brief_page(
    outcome: "xr.Dataset", judged: "Sequence[Judgement]" = (), unread: str = "", day: str = ""
) -> Page:
    """The outcome as a note of two pages, and all that it rests on as an annex.

    It reads nothing: the verdicts on the ledger, or why there are none, and the day come from who
    asks.
    """
    facts, sentences = facts_of(outcome), said(outcome)
    drawn = figures(outcome) if facts.solved else {}
    version = f"détente {outcome.attrs.get('version', '')}"
    page = Page(
        title=str(outcome.attrs.get("title", "")),
        question=str(outcome.attrs.get("question", "")),
        setting=f"{facts.baseline} · {facts.horizon} · {facts.basis} basis",
        dated=f"{version} · {day}" if day else version,
        body=Section([]),
        lead=[Words(line) for line in _takeaways(sentences)],
        annex=[
            *(_detail(outcome, facts, sentences, drawn) if facts.solved else []),
            *claims_section(judged, facts.focus, str(outcome.attrs.get("scenario", "")), unread),
            _assumptions(outcome, facts),
            _data(outcome, facts),
            _reproduction(outcome, facts),
        ],
        footer=sentences.condition[0] if facts.solved else "",
    )
    if not facts.solved:
        return page
    return replace(page, figure=drawn["welfare"], body=_note(outcome, facts, sentences, drawn))


def _takeaways(sentences: Said) -> list[str]:
    """Who gains, why, and how sure that is: what is read where nothing else is."""
    lead = " ".join([*sentences.gains, *sentences.volumes[:1]])
    return [lead, *sentences.between, *sentences.sure[:1]]


def _note(
    outcome: "xr.Dataset", facts: Facts, sentences: Said, drawn: dict[str, Figure]
) -> Section:
    sections = [
        ("How sure that is", [*sentences.sure[1:], *_present(drawn, "intervals")]),
        ("What this leaves out", _list(facts.limits)),
        ("What it rests on", [_rests(outcome, facts)]),
    ]
    below = [Section(parts, title) for title, parts in sections if parts]
    return Section([*_countries(outcome, facts, NOTE_ROWS), *below])


def _rests(outcome: "xr.Dataset", facts: Facts) -> Terms:
    """The policy, the world and the command, in as many lines."""
    reading = str(outcome.attrs.get("reading", "")) or " ".join(facts.assumptions)
    command = str(outcome.attrs.get("command", ""))
    rows = [
        ("Policy", reading),
        ("World", f"{facts.baseline}, {facts.basis} basis"),
        ("Horizon", _horizon(outcome, facts)),
        ("Trade deficits", facts.deficits),
        ("Trade elasticities", _elasticities(outcome)),
        ("Computed again by", command),
    ]
    return Terms([(name, text) for name, text in rows if text])


def _horizon(outcome: "xr.Dataset", facts: Facts) -> str:
    means = outcome.attrs.get("labour") or HORIZON_MEANS.get(facts.horizon, YEARS_MEAN)
    return f"{facts.horizon}{': ' if means else ''}{means}"


def _elasticities(outcome: "xr.Dataset") -> str:
    return str(outcome.attrs.get("elasticities") or "those of the baseline")


def _detail(
    outcome: "xr.Dataset", facts: Facts, sentences: Said, drawn: dict[str, Figure]
) -> list[Section]:
    """Every further finding that holds a figure."""
    sections = [
        ("What is produced", [*sentences.volumes[1:], *sentences.sectors,
                              *_present(drawn, "sectors"),
                              *produced(outcome, facts)]),
        exchanged(outcome, facts, _present(drawn, "flows")),
        ("The tariffs that move", _tariffs(outcome, facts)),
        ("Other countries", [*_others(outcome, facts, sentences), *_present(drawn, "thirds")]),
        ("The linear statistic", _linear(outcome, facts)),
    ]  # fmt: skip
    return [Section(parts, title) for title, parts in sections if parts]


def _present(drawn: dict[str, Figure], name: str) -> list[Part]:
    return [drawn[name]] if name in drawn else []


def _countries(outcome: "xr.Dataset", facts: Facts, most: int) -> list[Part]:
    columns = dict(COLUMNS)
    if not moves_labour(outcome):
        del columns["total_employment"]
    rows = [_country_row(row, columns) for row in records(summary_rows(outcome, most))]
    left_out = max(outcome.sizes["country"] - most, 0)
    note = under(
        sentence(real_gdp_note(outcome)),
        "Real income is the exact change of welfare. Prices, exports and tariff revenue are in the "
        "numeraire; the price index is that of consumption; exports are to all other countries.",
        f"{left_out} countries with smaller effects in US$ are not shown." if left_out else "",
        f"{facts.setting}.",
    )
    return [table_of(["", *columns.values()], rows, title="Countries"), note]


def _others(outcome: "xr.Dataset", facts: Facts, sentences: Said) -> list[Part]:
    """Who gains and loses elsewhere, and the table of the note with those that it left out."""
    longer = outcome.sizes["country"] > NOTE_ROWS
    return [*sentences.elsewhere, *(_countries(outcome, facts, TABLE_ROWS) if longer else [])]


COLUMNS = {
    "welfare": "Real income\n%",
    "equivalent_variation": "Equivalent variation\nUS$ million",
    "real_gdp": "Real GDP\n%",
    "total_employment": "Employment\n%",
    "real_wage": "Real wage\n%",
    "price_index": "Price index\n%",
    "exports": "Exports\n%",
    "tariff_revenue": "Tariff revenue\nUS$ million",
}
"""Columns of the country frame, and their headings."""
_IN_MONEY = ("equivalent_variation", "tariff_revenue")


def _country_row(row: dict[str, Any], columns: Iterable[str]) -> list[Cell]:
    form = lambda name: signed_million if name in _IN_MONEY else three
    cells = [row["name"], *(form(name)(row[name]) for name in columns)]
    return [Words(cell, "bold" if row["focus"] else "") for cell in cells]


def _tariffs(outcome: "xr.Dataset", facts: Facts) -> list[Part]:
    """Where duties move, as levied and by line; nothing where none does."""
    headings, rows = tariffs.tariff_cells(outcome, TABLE_ROWS)
    if not rows:
        return []
    table = table_of(headings, rows, title="Duties by importer and exporter")
    return [table, under(tariffs.means(outcome, TABLE_ROWS), f"{facts.setting}.")]


def _linear(outcome: "xr.Dataset", facts: Facts) -> list[Part]:
    """The linear statistic of the focus countries, beside the exact change it is not.

    Nothing where more than tariffs moves, which it has no term for.
    """
    names = ["welfare", "welfare_linear", "terms_of_trade_linear", "volume_of_trade_linear"]
    codes = leading_focus(outcome, KEY_COUNTRIES)
    if names[-1] not in outcome or not codes:
        return []
    rows = [
        [
            country_name(outcome, code),
            *(three(float(outcome[name].sel(country=code))) for name in names),
        ]
        for code in codes
    ]
    headings = (
        "", "Exact change of\nreal income, %", "Linear welfare\nstatistic, %",
        "of which terms\nof trade, %", "of which volume\nof trade, %",
    )  # fmt: skip
    title = "The linear welfare statistic, for comparison with studies that report it"
    note = under(
        "The linear statistic (Caliendo and Parro 2015, equation 16) is not the model's change of "
        f"real income. {facts.setting}."
    )
    return [table_of(headings, rows, title=title), note]


def _assumptions(outcome: "xr.Dataset", facts: Facts) -> Section:
    """What every scenario assumes, each with its name, and what this one does."""
    settings = Terms(
        [
            ("Horizon", _horizon(outcome, facts)),
            ("Trade deficits", facts.deficits),
            ("Numeraire", f"{facts.numeraire}; amounts after the change are in its units"),
            ("Trade elasticities", _elasticities(outcome)),
            *_simulations(outcome),
            ("Accounting basis", f"{facts.basis}, goods and services at producer prices"),
            ("Baseline", facts.baseline),
        ]
    )
    reading = str(outcome.attrs.get("reading", ""))
    return Section([reading, *_list(facts.assumptions), settings], "Assumptions")


def _simulations(outcome: "xr.Dataset") -> list[tuple[str, str]]:
    if not has_intervals(outcome):
        return []
    about = outcome.attrs
    drawn = f"{about['draws_solved']} of {about['draws']} solved, seed {about['seed']}"
    return [("Simulations", f"{drawn}; ranges hold the middle {100 * float(about['level']):g} %")]


def _list(lines: Sequence[str]) -> list[Part]:
    return [Words(line, "item") for line in lines]


def _data(outcome: "xr.Dataset", facts: Facts) -> Section:
    licence = str(outcome.attrs.get("licence", ""))
    parts = [*_list(facts.sources), *([Terms([("Licence", licence)])] if licence else [])]
    if facts.imputation:
        rows = [
            [row["cells"], row["rule"], str(row["count"]), _share(row)] for row in facts.imputation
        ]
        headings = ("Cells", "Rule", "Number", "Share of value, %")
        title = "Cells that are imputed rather than observed"
        parts.append(table_of(headings, rows, words=2, title=title))
    return Section(parts, "Data")


def _share(row: dict[str, Any]) -> str:
    """The share of imputed value as a percentage, to the digits that are left of it."""
    return f"{100.0 * float(row.get('share_of_value', 'nan')):.2g}"


def _reproduction(outcome: "xr.Dataset", facts: Facts) -> Section:
    about = outcome.attrs
    apart = str(about.get("command_by_policy", ""))
    terms = Terms(
        [
            ("Scenario", str(about["scenario"])),
            ("Version", f"détente {about['version']}"),
            ("Baseline", f"{about['baseline']}, hash {about['baseline_hash']}"),
            ("Status", facts.status),
            ("Certificate", facts.certificate),
            *([("What each policy brings", apart)] if apart else []),
        ]
    )
    command = [Code(str(about["command"]))] if about.get("command") else []
    scenario = Code(str(about["scenario_toml"]), "The scenario file in full")
    return Section([*command, terms, scenario], REPRODUCTION)
