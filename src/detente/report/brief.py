"""The brief: one HTML file with everything inside it, to be read, printed and run again."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, TYPE_CHECKING

import pandas as pd

from . import tariffs
from ._format import (
    in_sentence,
    level,
    money,
    possessive,
    signed,
    signed_fine_percent,
    signed_million,
    signed_percent,
    unbroken,
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
from .claims import brief_claims, claims_of_scenario, untested_claims
from .figures import Figure, figures
from .pages import environment
from .tables import summary_rows
from .uncertainty import has_intervals, interval_frame, middle


if TYPE_CHECKING:
    import jinja2
    import xarray as xr

    from ..claims import Judgement


KEY_COUNTRIES = 3
TABLE_ROWS = 12
HORIZON_MEANS = {
    "long run": "labour moves between sectors until it earns the same in each",
    "short run": "labour stays in its sector, and trade responds as in the first year",
}


def brief(outcome: "xr.Dataset", judged: "Sequence[Judgement]" = (), unread: str = "") -> str:
    """The outcome as one self-contained HTML page: no network, no JavaScript.

    It reads nothing: the verdicts on the ledger, or why there are none, come from who asks.
    """
    facts = facts_of(outcome)
    context = {
        "about": outcome.attrs,
        "facts": facts,
        "answer": answer(outcome),
        "settings": _settings(outcome, facts),
        "imputation": [{**row, "share": _share(row)} for row in facts.imputation],
        "figures": {},
        "claims": _claims(outcome, facts, judged) | {"error": unread},
    }
    if facts.solved:
        context |= _findings(outcome)
    return _template().render(context)


def _claims(outcome: "xr.Dataset", facts: Facts, judged: "Sequence[Judgement]") -> dict[str, Any]:
    """What documents say of the focus countries and the record says of that; empty without both."""
    return {
        "rows": brief_claims(judged, facts.focus),
        "untested": untested_claims(judged, facts.focus),
        "tested_by_this": claims_of_scenario(judged, str(outcome.attrs.get("scenario", ""))),
    }


def _findings(outcome: "xr.Dataset") -> dict[str, Any]:
    """Everything on the page that holds a figure."""
    return {
        "key": _key_figures(outcome),
        "figures": {
            name: _drawn(figure, number)
            for number, (name, figure) in enumerate(figures(outcome).items(), start=1)
        },
        "countries": _country_rows(outcome),
        "left_out": max(outcome.sizes["country"] - TABLE_ROWS, 0),
        "linear": _linear_rows(outcome),
        "account": _account(outcome),
        "tariffs": _tariffs(outcome),
    }


def _drawn(figure: Figure, number: int) -> dict[str, Any]:
    panels = [
        {
            "title": panel.title,
            "note": panel.note,
            "description": panel.description,
            "empty": panel.empty,
            "svg": panel.svg(f"f{number}p{at}") if len(panel.data) else "",
        }
        for at, panel in enumerate(figure.panels)
    ]
    return {"number": number, "panels": panels, "caption": figure.caption}


def _key_figures(outcome: "xr.Dataset") -> list[dict[str, str]]:
    frame = country_frame(outcome).loc[leading_focus(outcome, KEY_COUNTRIES)]
    return [
        {
            "name": row["name"],
            "welfare": signed_fine_percent(row["welfare"]),
            "worth": money(row["equivalent_variation"]),
            "verb": "gain" if row["equivalent_variation"] >= 0 else "loss",
            "wage": signed_percent(row["real_wage"]),
            "range": _range(outcome, str(code)),
            "interval": _interval(outcome, str(code)),
        }
        for code, row in zip(frame.index, records(frame), strict=True)
    ]


def _range(outcome: "xr.Dataset", code: str) -> str:
    interval = welfare_range(outcome, code)
    if interval is None:
        return ""
    low, high, sets = interval
    ends = f"{signed_fine_percent(low)} to {signed_fine_percent(high)} %"
    return f"{ends} across {sets} sets of elasticities"


def _interval(outcome: "xr.Dataset", code: str) -> str:
    if not has_intervals(outcome):
        return ""
    row = interval_frame(outcome).loc[code]
    ends = f"{signed_fine_percent(row['low'])} to {signed_fine_percent(row['high'])} %"
    return f"{ends} in {middle(outcome)}"


def _country_rows(outcome: "xr.Dataset") -> list[dict[str, Any]]:
    return [
        {
            "name": row["name"],
            "focus": bool(row["focus"]),
            "figures": [
                _three(row["welfare"]),
                signed_million(row["equivalent_variation"]),
                _three(row["real_wage"]),
                _three(row["price_index"]),
                _three(row["exports"]),
                signed_million(row["tariff_revenue"]),
            ],
        }
        for row in records(summary_rows(outcome, TABLE_ROWS))
    ]


def _three(value: float) -> str:
    return signed(0.0 if abs(value) < UNCHANGED_PERCENT else value, 3)


def _linear_rows(outcome: "xr.Dataset") -> list[dict[str, str]]:
    """The linear statistic of the focus countries, beside the exact change it is not.

    Empty where more than tariffs moves, which it has no term for.
    """
    names = ["welfare", "welfare_linear", "terms_of_trade_linear", "volume_of_trade_linear"]
    rows = []
    if names[-1] not in outcome:
        return rows
    for code in leading_focus(outcome, KEY_COUNTRIES):
        here = outcome.sel(country=code)
        figures = {name: _three(float(here[name])) for name in names}
        rows.append({"name": country_name(outcome, code), **figures})
    return rows


def _tariffs(outcome: "xr.Dataset") -> dict[str, Any]:
    """Where duties move, as levied and by line; no rows where none does."""
    headings, rows = tariffs.tariff_cells(outcome, TABLE_ROWS)
    return {
        "headings": [heading.split("\n") for heading in headings],
        "rows": rows,
        "means": tariffs.means(outcome, TABLE_ROWS) if rows else "",
    }


def _account(outcome: "xr.Dataset") -> dict[str, Any] | None:
    """The bilateral account as three blocks of rows: exports, imports, balance."""
    pair = main_pair(outcome)
    if pair is None:
        return None
    country, partner = (in_sentence(country_name(outcome, code)) for code in pair)
    frame = account_frame(outcome, *pair)
    titles = {
        "exports": f"Exports of {country} to {partner}",
        "imports": f"Imports of {country} from {partner}",
        "balance": f"{possessive(country)} balance with {partner}",
    }
    return {
        "title": f"{country} and {partner}",
        "blocks": [(title, _account_rows(frame, side)) for side, title in titles.items()],
    }


def _account_rows(frame: pd.DataFrame, side: str) -> list[list[str]]:
    rows = []
    for group, row in zip(frame.index, records(frame), strict=True):
        before, after = row[f"{side}_before"], row[f"{side}_after"]
        relative = ""
        if side != "balance" and before > 0:
            relative = signed_percent(100 * (after - before) / before)
        amounts = [level(before, 0), level(after, 0), signed_million(after - before), relative]
        rows.append([str(group).capitalize(), *amounts])
    return rows


def _settings(outcome: "xr.Dataset", facts: Facts) -> list[tuple[str, str]]:
    """The assumptions that every scenario makes, each with its name."""
    means = outcome.attrs.get("labour") or HORIZON_MEANS.get(facts.horizon, "")
    elasticities = outcome.attrs.get("elasticities") or "those of the baseline"
    return [
        ("Horizon", f"{facts.horizon}{': ' if means else ''}{means}"),
        ("Trade deficits", facts.deficits),
        ("Numeraire", f"{facts.numeraire}; amounts after the change are in its units"),
        ("Trade elasticities", str(elasticities)),
        ("Accounting basis", f"{facts.basis}, goods and services at producer prices"),
        ("Baseline", facts.baseline),
    ]


def _share(row: dict[str, Any]) -> str:
    """The share of imputed value as a percentage, to the digits that are left of it."""
    return f"{100.0 * float(row.get('share_of_value', 'nan')):.2g}"


@cache
def _template() -> "jinja2.Template":
    page = environment()
    # Within words alone: a command in a sentence keeps the quotes that a shell needs.
    page.filters["unbroken"] = lambda text: re.sub(r"(?<=\w)'(?=\w)", "’", unbroken(str(text)))
    page.filters["linked"] = _linked
    return page.get_template("brief.html.j2")


def _linked(text: str) -> str:
    """The text with its web addresses as links, for attribution; all else escaped."""
    from markupsafe import escape, Markup

    parts = re.split(r"(https?://[^\s<>\"']+[^\s<>\"'.,;:)\]])", text)
    return Markup("").join(
        Markup('<a href="{0}">{0}</a>').format(part) if at % 2 else escape(part)
        for at, part in enumerate(parts)
    )
