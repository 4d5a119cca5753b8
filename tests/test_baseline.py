"""Baseline files: what is read is what was written, and what is wrong is refused in a sentence."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import pytest
import xarray as xr

from detente._core import BaselineError
from detente.calibrate.baseline import (
    baseline_from_dataset,
    fingerprint,
    load_baseline,
    write_dataset,
)
from detente.gazetteer import available
from detente.world import Economy

from .worlds import COUNTRIES, dataset, economy, SECTORS, with_other_bases, write


# Shares are normalised on reading, which moves them by the rounding of one sum.
ROUNDING = 1e-14
PLACES = ("origin", "destination", "country")


def with_value(name: str, place: tuple, value: float) -> Callable[[xr.Dataset], xr.Dataset]:
    """The change that puts one value into one variable."""

    def change(world: xr.Dataset) -> xr.Dataset:
        values = world[name].values.copy()
        values[place] = value
        return world.assign({name: (world[name].dims, values, world[name].attrs)})

    return change


def _unsold(world: xr.Dataset) -> xr.Dataset:
    """Korea uses electronics and nobody sells it any."""
    return with_value("trade", (slice(None), 0, 1), 1e-3)(world)


# What is wrong, how a good dataset is broken that way, and what the sentence must name. CHN to KOR
# in BUS is cell (1, 0, 2): a sentence that confuses origin and destination names KOR first.
CHN_KOR_BUS = "(origin CHN, destination KOR, sector BUS)"
BROKEN: dict[str, tuple[Callable[[xr.Dataset], xr.Dataset], tuple[str, ...]]] = {
    "a variable is missing": (lambda w: w.drop_vars("tariff"), ("'tariff' is missing",)),
    "four variables are missing": (
        lambda w: w.drop_vars(["trade", "tariff", "value_added_share", "input_share"]),
        ("'trade' is missing", "(and 1 more problems)"),
    ),
    "an unknown variable": (
        lambda w: w.assign(tarif=w.tariff),
        ("'tarif' is not a variable", "did you mean 'tariff'?"),
    ),
    "another unit": (
        lambda w: w.assign(trade=w.trade.assign_attrs(units="billion US$")),
        ("'trade' is in 'billion US$'", "'million US$'"),
    ),
    "no unit": (lambda w: w.assign(trade=w.trade.drop_attrs()), ("'trade'", "'million US$'")),
    "wrong dimensions": (
        lambda w: w.assign(trade_elasticity=("country", np.ones(5), {"units": "1"})),
        ("'trade_elasticity' has dimensions country but must have sector",),
    ),
    "no labels": (lambda w: w.drop_vars("origin"), ("the dimension 'origin' has no labels",)),
    "no coordinates": (lambda w: w.drop_vars(list(w.coords)), ("'origin' has no labels",)),
    "labels in another order": (
        lambda w: w.assign_coords(destination=COUNTRIES[::-1]),
        ("the labels of 'destination' differ from those of 'origin'",),
    ),
    "inputs labelled otherwise": (
        lambda w: w.assign_coords(input=["CAR", "BUS", "ELE"]),
        ("the labels of 'input' differ from those of 'sector'",),
    ),
    "a negative flow": (
        with_value("trade", (1, 0, 2), -3.0),
        ("'trade' holds a negative flow", CHN_KOR_BUS),
    ),
    "a flow that is not a number": (with_value("trade", (1, 0, 2), np.nan), ("'trade'", "missing")),
    "an infinite tariff": (with_value("tariff", (1, 0, 2), np.inf), ("'tariff'", "infinite")),
    "a tariff of -100 %": (
        with_value("tariff", (1, 0, 2), -1.0),
        ("'tariff' holds a rate of -100 % or less", CHN_KOR_BUS),
    ),
    "a negative share": (
        with_value("input_share", (1, 0, 2), -0.2),
        ("'input_share'", "(country CHN, input CAR, sector BUS)"),
    ),
    "negative value added": (
        with_value("value_added_share", (1, 2), -0.1),
        ("'value_added_share'", "(country CHN, sector BUS)"),
    ),
    "shares that miss one": (
        with_value("value_added_share", (1, 2), 3.0),
        ("must add up to 1", "(country CHN, sector BUS)"),
    ),
    "an elasticity of zero": (
        with_value("trade_elasticity", (1,), 0.0),
        ("'trade_elasticity' must be positive", "(sector ELE)"),
    ),
    "negative final demand": (_unsold, ("KOR uses more of ELE", "negative final demand")),
    "a country without income": (
        lambda w: with_value("trade", (slice(None), 0), 0.0)(with_value("trade", (0,), 0.0)(w)),
        ("KOR has no income or value added",),
    ),
    "a country twice": (
        lambda w: w.assign_coords({dim: ["KOR", "KOR", "JPN", "USA", "ROW"] for dim in PLACES}),
        ("'origin' has a label twice",),
    ),
    "words for numbers": (
        lambda w: w.assign(tariff=(w.tariff.dims, np.full((5, 5, 3), "x"), {"units": "1"})),
        ("'tariff' holds words",),
    ),
    "groups that are not JSON": (lambda w: w.assign_attrs(sector_groups="{goods"), ("groups",)),
    "groups that are a list": (lambda w: w.assign_attrs(country_groups="[1]"), ("groups",)),
    "a group of sectors that are not there": (
        lambda w: w.assign_attrs(sector_groups='{"goods": ["CAR", "XXX"]}'),
        ("group",),
    ),
}


OTHERS: dict[str, tuple[Callable[[xr.Dataset], xr.Dataset], tuple[str, ...]]] = {
    "a negative flow": (
        with_value("trade_alternative", (1, 0, 2), -3.0),
        ("'trade_alternative' holds a negative flow", CHN_KOR_BUS),
    ),
    "another output": (
        with_value("trade_alternative", (1, 0, 2), 30.0),
        ("does not add up to the output", "(country CHN, sector BUS)"),
    ),
    "a line average of -100 %": (
        with_value("tariff_line_average", (1, 0, 2), -1.0),
        ("'tariff_line_average' holds a rate of -100 % or less", CHN_KOR_BUS),
    ),
    "a part of more than all": (
        with_value("trade_imputed_share", (1, 0, 2), 1.1),
        ("'trade_imputed_share' holds a share below 0 or above 1", CHN_KOR_BUS),
    ),
    "too little left under line averages": (
        lambda w: w.assign(tariff_line_average=w.tariff_line_average.copy(data=-0.95 + 0 * w.tariff)),
        ("as input than it buys on its alternative flows or line averages of tariffs, by",),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OTHERS)
def test_other_flows_and_tariffs_are_checked(name: str) -> None:
    broken, named = OTHERS[name]
    with pytest.raises(BaselineError) as refused:
        baseline_from_dataset(broken(with_other_bases(dataset(economy()))))
    assert_one_sentence(str(refused.value), *named)


def test_other_flows_and_tariffs_are_read_and_named_by_the_hash() -> None:
    made = with_other_bases(dataset(economy()))
    read = baseline_from_dataset(made.transpose("sector", ...))
    np.testing.assert_array_equal(read.alternative_trade, made.trade_alternative)
    np.testing.assert_array_equal(read.line_average_tariff, made.tariff_line_average)
    np.testing.assert_array_equal(read.imputed_share, made.trade_imputed_share)
    assert_same(read.economy, economy())
    for name in ("trade_alternative", "tariff_line_average"):
        assert baseline_from_dataset(made.drop_vars(name)).about["hash"] != read.about["hash"]
    marks = made.drop_vars("trade_imputed_share")
    assert baseline_from_dataset(marks).about["hash"] == read.about["hash"]


def test_rounding_is_repaired_wherever_draws_may_lie() -> None:
    """Uses that exceed what is bought under other flows by rounding leave no negative demand."""
    made = with_other_bases(dataset(economy()))
    other = replace(economy(), trade=jnp.asarray(made.trade_alternative.values))
    used = np.einsum("nks,ns->nk", other.input_share, other.output)
    bought = np.asarray(other.expenditure)
    shares = made.input_share.values.copy()
    shares[2, 2] *= bought[2, 2] * (1 + 5e-7) / used[2, 2]
    tight = made.assign(
        input_share=made.input_share.copy(data=shares),
        value_added_share=made.value_added_share.copy(data=1 - shares.sum(axis=1)),
    )
    read = baseline_from_dataset(tight)
    left = replace(read.economy, trade=jnp.asarray(read.alternative_trade)).final_demand
    assert float(left[2, 2]) == pytest.approx(0.0, abs=1e-12 * bought[2, 2])
    assert float(read.economy.final_demand[2, 2]) > 0
    assert read.about["adjusted_on_reading"][1]["distance"] == pytest.approx(5e-7, rel=1e-3)


def assert_one_sentence(said: str, *named: str) -> None:
    """One line, one full stop at its end, and the names that a user needs to find the fault."""
    assert "\n" not in said
    assert said.endswith((".", "?")), said
    for name in named:
        assert name in said, said


def assert_same(found: Economy, expected: Economy) -> None:
    np.testing.assert_array_equal(found.trade, expected.trade)
    np.testing.assert_array_equal(found.tariff, expected.tariff)
    np.testing.assert_array_equal(found.trade_elasticity, expected.trade_elasticity)
    np.testing.assert_allclose(found.input_share, expected.input_share, rtol=ROUNDING)


@pytest.fixture
def world() -> xr.Dataset:
    return dataset(economy())


# A transposed file is the same file: an engine that reads positions would trade backwards.
ORDERS = {
    "as in the table": lambda w: w,
    "transposed": lambda w: w.transpose("sector", "destination", "input", "country", "origin"),
    "in single precision": lambda w: w.astype(np.float32, keep_attrs=True),
}


@pytest.mark.parametrize("order", ORDERS)
def test_what_is_read_is_what_was_written(order: str, world: xr.Dataset, tmp_path: Path) -> None:
    written = ORDERS[order](world)
    write_dataset(written, tmp_path / "world.nc")
    read = load_baseline(tmp_path / "world.nc")
    assert (read.name, read.countries, read.sectors) == ("synthetic", tuple(COUNTRIES), tuple(SECTORS))  # fmt: skip
    assert dict(read.sector_groups) == {"goods": ("CAR", "ELE"), "services": ("BUS",)}
    if order == "in single precision":
        np.testing.assert_allclose(read.economy.trade, economy().trade, rtol=1e-6)
        # The rounding of the source does not survive: the identity holds to double precision.
        total = read.economy.input_share.sum(axis=1) + read.economy.value_added_share
        np.testing.assert_allclose(total, 1.0, rtol=ROUNDING)
    else:
        assert_same(read.economy, economy())


def test_the_bytes_depend_on_the_content_alone(world: xr.Dataset, tmp_path: Path) -> None:
    write_dataset(world, tmp_path / "a.nc")
    write_dataset(world.copy(deep=True), tmp_path / "b.nc")
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_the_fingerprint_is_of_numbers_and_not_of_names(world: xr.Dataset) -> None:
    read = baseline_from_dataset(world)
    assert read.about["hash"] == fingerprint(read.economy)
    renamed = world.assign_attrs(name="another", title="Another world")
    assert baseline_from_dataset(renamed).about["hash"] == read.about["hash"]
    for name in ("trade", "tariff", "trade_elasticity"):
        moved = with_value(name, (0,) * world[name].ndim, float(world[name].values.flat[0]) + 1e-9)
        assert baseline_from_dataset(moved(world)).about["hash"] != read.about["hash"], name


def test_shares_that_miss_one_by_rounding_are_normalised_and_reported(world: xr.Dataset) -> None:
    """The whole table is scaled, so the ratio of inputs to value added is as in the source."""
    off = world.assign(value_added_share=world.value_added_share.copy())
    off.value_added_share.values[1, 2] += 5e-6
    read = baseline_from_dataset(off)
    shares, value_added = read.economy.input_share, read.economy.value_added_share
    ratio = np.asarray(shares[1, :, 2] / value_added[1, 2])
    expected = world.input_share.values[1, :, 2] / off.value_added_share.values[1, 2]
    np.testing.assert_allclose(ratio, expected, rtol=1e-12)
    adjusted = {row["step"]: row["distance"] for row in read.about["adjusted_on_reading"]}
    (distance,) = (size for step, size in adjusted.items() if "add up to 1" in step)
    assert distance == pytest.approx(5e-6, rel=1e-6)
    assert sum(size > 1e-15 for size in adjusted.values()) == 1


@pytest.mark.parametrize(("miss", "is_read"), [(0.99e-5, True), (1.01e-5, False)])
def test_the_tolerance_of_shares_is_a_line(miss: float, is_read: bool, world: xr.Dataset) -> None:
    off = world.assign(value_added_share=world.value_added_share.copy())
    off.value_added_share.values[0, 0] -= miss
    if is_read:
        baseline_from_dataset(off)
    else:
        with pytest.raises(BaselineError, match=r"KOR, sector CAR"):
            baseline_from_dataset(off)


def test_final_demand_below_zero_by_rounding_is_lifted_and_reported(world: xr.Dataset) -> None:
    """Korea uses a little more of CAR than it buys, and nobody has any left to consume."""
    shares = world.input_share.values.copy()
    bought = (world.trade.values * (1 + world.tariff.values))[:, 0, 0].sum()
    used = shares[0, 0] @ world.trade.values[0].sum(axis=0)
    shares[0, 0] *= bought * (1 + 5e-7) / used
    value_added = (("country", "sector"), 1 - shares.sum(axis=1), {"units": "1"})
    thin = world.assign(
        input_share=(world.input_share.dims, shares, {"units": "1"}), value_added_share=value_added
    )
    read = baseline_from_dataset(thin)
    assert float(read.economy.final_demand.min()) >= -1e-12 * bought
    (distance,) = (
        row["distance"] for row in read.about["adjusted_on_reading"] if "final demand" in row["step"]
    )  # fmt: skip
    assert distance == pytest.approx(5e-7, rel=1e-3)


@pytest.mark.parametrize("fault", BROKEN)
def test_a_bad_file_is_refused_in_one_sentence(
    fault: str, world: xr.Dataset, tmp_path: Path
) -> None:
    change, named = BROKEN[fault]
    path = write(change(world), tmp_path / "bad.nc")
    with pytest.raises(BaselineError) as refusal:
        load_baseline(path)
    assert_one_sentence(str(refusal.value), str(path), *named)


@pytest.mark.parametrize(
    "content", [b"", b"hello", b"\x89HDF\r\n\x1a\n", b"CDF\x01", b"CDF\x02" + bytes(40)]
)
def test_a_file_that_holds_no_baseline_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "world.nc"
    path.write_bytes(content)
    with pytest.raises(BaselineError) as refusal:
        load_baseline(path)
    named = () if content.startswith(b"CDF") else ("is not a NetCDF-3 file",)
    assert_one_sentence(str(refusal.value), str(path), *named)


def test_a_file_that_was_cut_short_is_refused(world: xr.Dataset, tmp_path: Path) -> None:
    path = write(world, tmp_path / "world.nc")
    path.write_bytes(path.read_bytes()[:-100])
    with pytest.raises(BaselineError, match=r"cannot be read as NetCDF"):
        load_baseline(path)


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("nowhere/world.nc", ("there is no baseline file at nowhere/world.nc",)),
        ("world.nc", ("there is no baseline file at world.nc",)),
        ("compact-2023", ("'compact-2023'", "did you mean 'compact-2022'", "detente data build")),
        ("Compact-2014x", ("did you mean 'compact-2014'",)),
    ],
)
def test_what_is_not_there_is_said(reference: str, named: tuple[str, ...], home: Path) -> None:
    with pytest.raises(BaselineError) as refusal:
        load_baseline(reference)
    assert_one_sentence(str(refusal.value), *named)


def test_a_built_world_has_a_name_and_a_shipped_one_comes_first(
    home: Path, world: xr.Dataset
) -> None:
    built = home / "home" / "baselines"
    built.mkdir(parents=True)
    for name in ("mine", "compact-2022"):
        write(world, built / f"{name}.nc")
    assert load_baseline("mine").countries == tuple(COUNTRIES)
    assert available()["compact-2022"].parent != built
    assert len(load_baseline("compact-2022").countries) > len(COUNTRIES)


@pytest.mark.parametrize("name", ["compact-2014", "compact-2022"])
def test_a_shipped_world_needs_no_repair_beyond_rounding(name: str) -> None:
    for row in load_baseline(name).about["adjusted_on_reading"]:
        assert row["distance"] < 1e-9, row


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda w: w.assign_attrs(year="about 2000"), "'year' is 'about 2000' but must be a whole"),
        (lambda w: w.trade.attrs.pop("units") and w, "'trade' has no unit but must be in"),
        (lambda w: w.rename(tariff="tarif"), r"did you mean 'tariff'\?$"),
    ],
)
def test_the_sentence_is_a_sentence(spoil, sentence: str) -> None:
    with pytest.raises(BaselineError, match=sentence):
        baseline_from_dataset(spoil(dataset(economy(0))))


def test_codes_may_be_numbers() -> None:
    """Groups are names in JSON, so a code that is a number is compared as it is written."""
    numbered = dataset(economy(0), countries=[410, 156, 392, 840, 1])  # pyright: ignore
    grouped = numbered.assign_attrs(country_groups='{"EAST": ["410", "156"]}')
    assert baseline_from_dataset(grouped).country_groups == {"EAST": ("410", "156")}
