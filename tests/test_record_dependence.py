"""Dependence: chains that can be followed by hand, totals that must add up, and ranks."""

import jax.numpy as jnp
import numpy as np
import pandas as pd
import pytest

from detente._core import DataError
from detente.calibrate.baseline import baseline_from_dataset, load_baseline
from detente.record.dependence import concentration_of, dependence, shares_of
from detente.record.look_through import Chain
from detente.record.ranks import by_month, by_year, untestable_ranks
from detente.record.sentences import disagreements
from detente.world import Economy

from .worlds import dataset, economy


ROUNDING = 1e-12
NO_MONTHS = pd.DataFrame(columns=["period", "partner", "flow", "value", "basis"])
NO_FLOWS = pd.DataFrame(columns=["year", "partner", "flow", "value"])


def world(trade: list, share: list) -> Economy:
    """One sector: trade by origin and destination, and each country's input share."""
    count = len(trade)
    return Economy(
        jnp.asarray(trade, float)[:, :, None],
        jnp.zeros((count, count, 1)),
        jnp.asarray(share, float)[:, None, None],
        jnp.asarray([4.0]),
    )


LINE = world(
    # C sells to B, B to A, A to itself; B and A use inputs, C has none.
    [[100.0, 0.0, 0.0], [40.0, 0.0, 0.0], [0.0, 20.0, 10.0]],
    [0.4, 0.5, 0.0],
)


def test_a_chain_of_three_followed_by_hand() -> None:
    """A buys 140: 100 of A and 40 of B, so 5/7 and 2/7 of its inputs of 40; B buys only from C.

    In a unit of A's inputs x_A = 5/7 + 0.4 (5/7) x_A' ... gives the geometric sum of A's own use.
    """
    chain = Chain(LINE)
    found = chain.inputs(0)
    assert found.face == pytest.approx([5 / 7, 2 / 7, 0])
    # (I-A)^-1 (5/7, 2/7, 0): A's output x_A = 5/7 + 0.4 * 5/7 x_A; B's = 2/7 + 0.4 * 2/7 x_A;
    # C's = 0.5 x_B.
    first = (5 / 7) / (1 - 0.4 * 5 / 7)
    second = 2 / 7 + 0.4 * 2 / 7 * first
    whole = np.array([first, second, 0.5 * second])
    assert found.look_through == pytest.approx(whole / whole.sum())
    assert found.look_through[2] > 0 == found.face[2]


def test_without_inputs_value_added_is_where_the_goods_are_from() -> None:
    chain = Chain(economy(tariffs=False, inputs=False))
    for country in range(5):
        for found in (chain.spending(country), chain.sales(country)):
            assert found.look_through == pytest.approx(found.face, abs=ROUNDING)


def test_suppliers_without_suppliers_are_the_face_value() -> None:
    """One round of inputs, made of nothing: looking through adds nobody."""
    single = world([[10.0, 0.0, 0.0], [30.0, 5.0, 0.0], [20.0, 0.0, 7.0]], [0.3, 0.0, 0.0])
    own = world([[0.0, 4.0, 0.0], [30.0, 5.0, 0.0], [20.0, 0.0, 7.0]], [0.3, 0.0, 0.0])
    found = Chain(own).inputs(0)
    assert found.look_through == pytest.approx(found.face, abs=ROUNDING)
    assert Chain(single).inputs(0).look_through != pytest.approx(found.face, abs=1e-3)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_shares_add_to_one(seed: int) -> None:
    chain = Chain(economy(seed))
    for country in range(5):
        for measure in ("inputs", "spending", "sales"):
            found = getattr(chain, measure)(country)
            for share in (found.face, found.look_through):
                assert share.sum() == pytest.approx(1.0, abs=ROUNDING)
                assert (share > 0).all()


def test_all_value_added_ends_in_someones_final_spending() -> None:
    """Row by row: a country's value added is what the world's final spending asks of it."""
    made = economy(3)
    chain = Chain(made)
    asked = sum(
        chain.value_added_share * chain._behind(chain.final[:, country]) for country in range(5)
    )
    assert asked == pytest.approx(np.asarray(made.value_added_share * made.output), rel=1e-10)


def test_the_leontief_sum_is_that_of_its_rounds() -> None:
    """(I-A)^-1 A against forty rounds of suppliers, added up one by one."""
    made = economy(4)
    chain = Chain(made)
    taken = np.einsum("oks,s->ok", chain.use[:, :, 2], chain.output[2])
    whole, goods = np.zeros_like(taken), taken
    for _ in range(400):
        whole += goods
        goods = np.einsum("okns,ns->ok", chain.use, goods)
    by_rounds = whole.sum(axis=1) / whole.sum()
    assert chain.inputs(2).look_through == pytest.approx(by_rounds, rel=1e-9)


def test_a_country_split_in_two_sells_the_same_together() -> None:
    """Two equal halves of one country: every other's dependence on the two is that on the whole."""
    made = economy(5, tariffs=False)
    half = np.asarray(made.trade)
    half = np.concatenate([half, half[-1:]], axis=0)
    half = np.concatenate([half, half[:, -1:]], axis=1)
    half[-2:] /= 2
    half[:, -2:] /= 2
    shares = np.asarray(made.input_share)
    split = Economy(
        jnp.asarray(half), jnp.zeros_like(jnp.asarray(half)),
        jnp.asarray(np.concatenate([shares, shares[-1:]])), made.trade_elasticity,
    )  # fmt: skip
    whole, parts = Chain(made), Chain(split)
    for measure in ("inputs", "spending", "sales"):
        one, two = getattr(whole, measure)(0), getattr(parts, measure)(0)
        assert two.look_through[-2:].sum() == pytest.approx(one.look_through[-1], rel=1e-9)
        assert two.look_through[:4] == pytest.approx(one.look_through[:4], rel=1e-9)


def test_face_values_are_the_trade_of_the_world() -> None:
    baseline = baseline_from_dataset(dataset(economy()))
    shares = shares_of(baseline, "KOR").set_index(["concept", "measure", "partner"])
    trade = np.asarray(baseline.economy.trade).sum(axis=2)
    exports = trade[0, 1] / (trade[0].sum() - trade[0, 0])
    imports = trade[1, 0] / (trade[:, 0].sum() - trade[0, 0])
    assert shares.share["face value", "exports", "CHN"] == pytest.approx(exports)
    assert shares.share["face value", "imports", "CHN"] == pytest.approx(imports)
    totals = shares.share.groupby(["concept", "measure"]).sum()
    assert totals.to_numpy() == pytest.approx(1.0)


def test_concentration_of_one_supplier_is_one_and_of_equals_its_inverse() -> None:
    trade = np.ones((5, 5, 3))
    trade[1:, 0, 0] = [9.0, 0, 0, 0]
    made = Economy(
        jnp.asarray(trade),
        jnp.zeros_like(jnp.asarray(trade)),
        jnp.zeros((5, 3, 3)),
        jnp.ones(3) * 4,
    )
    rows = concentration_of(baseline_from_dataset(dataset(made)), "KOR").set_index("sector")
    assert rows.hhi["CAR"] == pytest.approx(1.0) and rows.leader["CAR"] == "CHN"
    assert rows.hhi["ELE"] == pytest.approx(1 / 4)
    assert rows.weight.sum() == pytest.approx(1.0)


def flows_of(*rows: tuple) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["year", "partner", "flow", "value"])


YEARS = flows_of(
    (2018, "CHN", "exports", 50.0), (2018, "USA", "exports", 30.0), (2018, "ROW", "exports", 20.0),
    (2018, "CHN", "imports", 20.0), (2018, "USA", "imports", 30.0), (2018, "ROW", "imports", 50.0),
    (2022, "CHN", "exports", 30.0), (2022, "USA", "exports", 50.0), (2022, "ROW", "exports", 20.0),
    (2022, "CHN", "imports", 40.0), (2022, "USA", "imports", 30.0), (2022, "ROW", "imports", 30.0),
)  # fmt: skip


def test_ranks_by_year_leave_out_the_rest_of_the_world() -> None:
    ranks = by_year(YEARS).set_index(["when", "flow", "partner"])
    assert ranks["rank"][2018, "exports", "CHN"] == 1 and ranks["rank"][2022, "exports", "CHN"] == 2
    assert ranks["rank"][2018, "imports", "USA"] == 1
    assert pd.isna(ranks["rank"][2018, "imports", "ROW"])
    assert ranks.share[2018, "total", "CHN"] == pytest.approx(70 / 200)


def test_a_month_has_a_rank_only_with_two_partners() -> None:
    one = pd.DataFrame(
        [("2023-12-01", "CHN", "exports", 10.9, "korean customs")],
        columns=["period", "partner", "flow", "value", "basis"],
    )
    assert by_month(one).empty
    other = one.assign(partner="USA", value=11.3)
    ranks = by_month(pd.concat([one, other])).set_index(["when", "flow", "partner"])
    assert ranks["rank"]["2023-12", "exports", "USA"] == 1
    assert any("USA and CHN" in said for said in untestable_ranks("KOR", by_month(one)))
    assert not any("by month" in said for said in untestable_ranks("KOR", ranks.reset_index()))


def test_a_month_may_have_another_leader_than_its_year() -> None:
    """The claim of December 2023 in small: first in one month, second in the year."""
    rows = [
        (f"2023-{month:02d}-01", partner, "exports", value, "korean customs")
        for month in range(1, 13)
        for partner, value in (("CHN", 10.0), ("USA", 11.0 if month == 12 else 9.0))
    ]
    months = pd.DataFrame(rows, columns=["period", "partner", "flow", "value", "basis"])
    shares = shares_of(baseline_from_dataset(dataset(economy())), "KOR")
    said = disagreements("KOR", "CHN", shares, by_month(months))
    assert said[-1] == (
        "In 2023 CHN is KOR's first partner by exports over the stored months together, and not "
        "in each: USA in 2023-12."
    )


def test_disagreements_are_said_and_agreement_is_not() -> None:
    baseline = baseline_from_dataset(dataset(economy()))
    shares = shares_of(baseline, "KOR")
    said = disagreements("KOR", "CHN", shares, by_year(YEARS))
    moved = [line for line in said if line.startswith("From 2018 to 2022 CHN fell")]
    assert len(moved) == 1 and "50.0 % to 30.0 % of exports" in moved[0]
    same = shares.assign(share=0.2, rank=1.0)
    assert disagreements("KOR", "CHN", same, by_year(YEARS.loc[YEARS.year == 2018])) == []
    sides = same.assign(rank=same["rank"].where(same.measure != "imports", 2.0))
    assert disagreements("KOR", "CHN", sides, by_year(NO_FLOWS)) == [
        "CHN is KOR's partner no. 1 by exports, no. 2 by imports and no. 1 by trade both ways."
    ]


def test_the_shipped_world_and_what_it_cannot_say() -> None:
    found = dependence(
        load_baseline("compact-2022"), "KOR", "CHN", flows=NO_FLOWS, months=NO_MONTHS
    )
    shares = found.shares.set_index(["concept", "measure", "partner"]).share
    # Looking through the chain raises the share of China in Korea's inputs by more than a half.
    assert shares["look-through", "inputs", "CHN"] > 1.5 * shares["face value", "inputs", "CHN"]
    assert found.about.basis == "harmonised" and len(found.untestable) == 2
    assert any("stands behind" in line for line in found.disagreements)


def test_words_for_countries_that_are_not_there() -> None:
    baseline = baseline_from_dataset(dataset(economy()))
    with pytest.raises(DataError, match="did you mean 'KOR'"):
        shares_of(baseline, "KRO")
    with pytest.raises(DataError, match="cannot depend on itself"):
        dependence(baseline, "KOR", "KOR", flows=NO_FLOWS, months=NO_MONTHS)
