"""The brief of a run: its answer and its findings as one page, to be read and run again."""

from collections.abc import Sequence
from typing import Any, TYPE_CHECKING

import pandas as pd

from .._words import in_sentence, possessive
from . import tariffs
from ._format import (
    level,
    money,
    signed,
    signed_fine_percent,
    signed_million,
    signed_percent,
    UNCHANGED_PERCENT,
)
from ._frames import (
    account_frame,
    country_frame,
    country_name,
    Facts,
    facts_of,
    leading_focus,
    main_pair,
    records,
    welfare_range,
)
from .answer import answer
from .claims import claims_section
from .figures import figures
from .html import html
from .section import (
    Cell,
    Code,
    Figure,
    KeyFigure,
    Page,
    Part,
    REPRODUCTION,
    Section,
    table_of,
    Terms,
    Words,
)
from .tables import summary_rows
from .uncertainty import has_intervals, interval_frame, middle


if TYPE_CHECKING:
    import xarray as xr

    from ..claims import Judgement


KEY_COUNTRIES = 3
TABLE_ROWS = 12
HORIZON_MEANS = {
    "long run": "labour moves between sectors until it earns the same in each",
    "short run": "labour stays in its sector, and trade responds as in the first year",
}


def brief(outcome: "xr.Dataset", judged: "Sequence[Judgement]" = (), unread: str = "") -> str:
    """The outcome as one self-contained HTML page: no network, no JavaScript."""
    return html(brief_page(outcome, judged, unread))


def brief_page(outcome: "xr.Dataset", judged: "Sequence[Judgement]" = (), unread: str = "") -> Page:
    """The outcome as a page.

    It reads nothing: the verdicts on the ledger, or why there are none, come from who asks.
    """
    facts = facts_of(outcome)
    *said, condition = answer(outcome)
    findings = _findings(outcome, facts) if facts.solved else []
    return Page(
        title=str(outcome.attrs.get("title", "")),
        question=str(outcome.attrs.get("question", "")),
        setting=f"{facts.baseline} · {facts.horizon} · {facts.basis} basis",
        lead=[*map(Words, said), Words(condition, "dim" if said else "")],
        key=_key_figures(outcome) if facts.solved else [],
        body=Section(findings),
        annex=[
            *claims_section(judged, facts.focus, str(outcome.attrs.get("scenario", "")), unread),
            _assumptions(outcome, facts),
            *_limits(facts),
            _data(outcome, facts),
            _reproduction(outcome, facts),
        ],
        footer=_FORECAST if facts.solved else "",
    )


_FORECAST = "The figures are what the model computes on its assumptions; they are not a forecast."


def _findings(outcome: "xr.Dataset", facts: Facts) -> list[Part]:
    """Everything on the page that holds a figure."""
    drawn = figures(outcome)
    sections = [
        ("Who gains, who loses", [drawn["welfare"], *_countries(outcome, facts)]),
        ("How sure that is", _present(drawn, "intervals")),
        ("What is produced", _present(drawn, "sectors")),
        _between(outcome, facts, _present(drawn, "flows")),
        ("The tariffs that move", _tariffs(outcome, facts)),
        ("Third countries", _present(drawn, "thirds")),
        ("The linear statistic", _linear(outcome, facts)),
    ]
    return [Section(parts, title) for title, parts in sections if parts]


def _present(drawn: dict[str, Figure], name: str) -> list[Part]:
    return [drawn[name]] if name in drawn else []


def _under(*sentences: str) -> Words:
    """A note under a table."""
    return Words(" ".join(one for one in sentences if one), "dim")


def _key_figures(outcome: "xr.Dataset") -> list[KeyFigure]:
    frame = country_frame(outcome).loc[leading_focus(outcome, KEY_COUNTRIES)]
    return [
        KeyFigure(row["name"], f"{signed_fine_percent(row['welfare'])} %", _key_lines(outcome, row))
        for row in records(frame.assign(code=frame.index))
    ]


def _key_lines(outcome: "xr.Dataset", row: dict[str, Any]) -> list[str]:
    verb = "gain" if row["equivalent_variation"] >= 0 else "loss"
    lines = [
        f"of real income: a {verb} of {money(row['equivalent_variation'])} a year",
        f"real wage {signed_percent(row['real_wage'])} %",
    ]
    if has_intervals(outcome):
        drawn = interval_frame(outcome).loc[row["code"]]
        lines.append(f"{_ends(drawn['low'], drawn['high'])} in {middle(outcome)}")
    over_elasticities = welfare_range(outcome, row["code"])
    if over_elasticities is not None:
        low, high, sets = over_elasticities
        lines.append(f"{_ends(low, high)} across {sets} sets of elasticities")
    return lines


def _ends(low: float, high: float) -> str:
    return f"{signed_fine_percent(low)} to {signed_fine_percent(high)} %"


def _countries(outcome: "xr.Dataset", facts: Facts) -> list[Part]:
    headings = (
        "", "Real income\n%", "Equivalent variation\nUS$ million", "Real wage\n%",
        "Price index\n%", "Exports\n%", "Tariff revenue\nUS$ million",
    )  # fmt: skip
    rows = [_country_row(row) for row in records(summary_rows(outcome, TABLE_ROWS))]
    left_out = max(outcome.sizes["country"] - TABLE_ROWS, 0)
    under = _under(
        "Real income is the exact change of welfare. Prices, exports and tariff revenue are in the "
        "numeraire; the price index is that of consumption; exports are to all other countries.",
        f"{left_out} countries with smaller effects in US$ are not shown." if left_out else "",
        f"{facts.setting}.",
    )
    return [table_of(headings, rows, title="Countries"), under]


def _country_row(row: dict[str, Any]) -> list[Cell]:
    cells = [
        row["name"],
        _three(row["welfare"]),
        signed_million(row["equivalent_variation"]),
        _three(row["real_wage"]),
        _three(row["price_index"]),
        _three(row["exports"]),
        signed_million(row["tariff_revenue"]),
    ]
    return [Words(cell, "bold" if row["focus"] else "") for cell in cells]


def _three(value: float) -> str:
    return signed(0.0 if abs(value) < UNCHANGED_PERCENT else value, 3)


def _between(outcome: "xr.Dataset", facts: Facts, drawn: list[Part]) -> tuple[str, list[Part]]:
    """The bilateral account: exports, imports and balance, each a block of rows."""
    pair = main_pair(outcome)
    if pair is None:
        return "", []
    country, partner = (in_sentence(country_name(outcome, code)) for code in pair)
    frame = account_frame(outcome, *pair)
    titles = {
        "exports": f"Exports of {country} to {partner}",
        "imports": f"Imports of {country} from {partner}",
        "balance": f"{possessive(country)} balance with {partner}",
    }
    rows: list[Sequence[Cell]] = []
    for side, title in titles.items():
        rows += [[Words(title, "bold")], *_account_rows(frame, side)]
    headings = ("", "Before\nUS$ million", "After\nUS$ million", "Change\nUS$ million", "Change\n%")
    under = _under(
        f"Goods and services at producer prices on the {facts.basis} basis, which is neither "
        "country's customs or balance-of-payments figure. Amounts after the change are in the "
        f"numeraire ({facts.numeraire}). {facts.setting}."
    )
    return f"Between {country} and {partner}", [*drawn, table_of(headings, rows), under]


def _account_rows(frame: pd.DataFrame, side: str) -> list[list[Cell]]:
    """The groups of one side of the account; the last of them is the total."""
    rows: list[list[Cell]] = []
    for group, row in zip(frame.index, records(frame), strict=True):
        before, after = row[f"{side}_before"], row[f"{side}_after"]
        relative = ""
        if side != "balance" and before > 0:
            relative = signed_percent(100 * (after - before) / before)
        amounts = [level(before, 0), level(after, 0), signed_million(after - before), relative]
        look = "bold" if group == frame.index[-1] else ""
        rows.append([Words(cell, look) for cell in (str(group).capitalize(), *amounts)])
    return rows


def _tariffs(outcome: "xr.Dataset", facts: Facts) -> list[Part]:
    """Where duties move, as levied and by line; nothing where none does."""
    headings, rows = tariffs.tariff_cells(outcome, TABLE_ROWS)
    if not rows:
        return []
    table = table_of(headings, rows, title="Duties by importer and exporter")
    return [table, _under(tariffs.means(outcome, TABLE_ROWS), f"{facts.setting}.")]


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
            *(_three(float(outcome[name].sel(country=code))) for name in names),
        ]
        for code in codes
    ]
    headings = (
        "", "Exact change of\nreal income, %", "Linear welfare\nstatistic, %",
        "of which terms\nof trade, %", "of which volume\nof trade, %",
    )  # fmt: skip
    title = "The linear welfare statistic, for comparison with studies that report it"
    under = _under(
        "The linear statistic (Caliendo and Parro 2015, equation 16) is not the model's change of "
        f"real income. {facts.setting}."
    )
    return [table_of(headings, rows, title=title), under]


def _assumptions(outcome: "xr.Dataset", facts: Facts) -> Section:
    """What every scenario assumes, each with its name, and what this one does."""
    means = outcome.attrs.get("labour") or HORIZON_MEANS.get(facts.horizon, "")
    settings = Terms(
        [
            ("Horizon", f"{facts.horizon}{': ' if means else ''}{means}"),
            ("Trade deficits", facts.deficits),
            ("Numeraire", f"{facts.numeraire}; amounts after the change are in its units"),
            (
                "Trade elasticities",
                str(outcome.attrs.get("elasticities") or "those of the baseline"),
            ),
            ("Accounting basis", f"{facts.basis}, goods and services at producer prices"),
            ("Baseline", facts.baseline),
        ]
    )
    reading = str(outcome.attrs.get("reading", ""))
    return Section([reading, *_list(facts.assumptions), settings], "Assumptions")


def _list(lines: Sequence[str]) -> list[Part]:
    return [Words(line, "item") for line in lines]


def _limits(facts: Facts) -> list[Section]:
    return [Section(_list(facts.limits), "What this cannot represent")] if facts.limits else []


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
    terms = Terms(
        [
            ("Scenario", str(about["scenario"])),
            ("Version", f"détente {about['version']}"),
            ("Baseline", f"{about['baseline']}, hash {about['baseline_hash']}"),
            ("Status", facts.status),
            ("Certificate", facts.certificate),
        ]
    )
    command = [Code(str(about["command"]))] if about.get("command") else []
    scenario = Code(str(about["scenario_toml"]), "The scenario file in full")
    return Section([*command, terms, scenario], REPRODUCTION)
