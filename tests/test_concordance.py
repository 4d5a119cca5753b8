"""Concordances keep totals and lead to codes that exist."""

import pytest

from detente.data.concordance import economies, industries, shares, table


TABLES = [
    ("hs_chapters_icio", "hs_chapter", "icio"),
    ("bec_end_use", "bec", "end_use"),
    ("industries_icio_2025", "code", "icio"),
    ("industries_wiod", "code", "icio"),
    ("industries_icio", "code", "compact"),
]


@pytest.mark.parametrize(("name", "source", "target"), TABLES)
def test_totals_stay(name: str, source: str, target: str) -> None:
    spread = shares(name, source, target)
    assert all(sum(parts.values()) == pytest.approx(1.0) for parts in spread.values())


def test_targets_exist() -> None:
    icio = {row.code for row in industries("icio")}
    for name, source in (("hs_chapters_icio", "hs_chapter"), ("industries_icio_2025", "code")):
        targets = {code for parts in shares(name, source, "icio").values() for code in parts}
        assert targets <= icio
    goods = {row.code for row in industries("icio") if row.kind == "goods"} - {"B09"}
    reached = {
        c for parts in shares("hs_chapters_icio", "hs_chapter", "icio").values() for c in parts
    }
    assert reached == goods, "every goods industry that trades has a chapter"


@pytest.mark.parametrize(
    "name",
    ["hs_chapters_icio", "bec_end_use", "areas", "economies_adb", "economies_alpha2",
     "industries_icio_2025", "union_members"],
)  # fmt: skip
def test_every_row_says_where_it_is_from(name: str) -> None:
    assert all(row["source"] for row in table(name))


def test_numbers_are_unique_and_lead_to_the_economies_of_the_tables() -> None:
    rows = table("areas")
    assert len({(row["scheme"], row["code"]) for row in rows}) == len(rows)
    numbers = {row["area"] for row in rows if row["scheme"] == "numeric"}
    assert set(economies()) - numbers == {"ROW"}
    assert all(bool(row["area"]) != (row["kind"] == "rest") for row in rows)
