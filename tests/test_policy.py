"""What each policy does to tariffs and trade costs, by hand on a small world."""

import json
import math
from itertools import count as count_from, islice, product

import numpy as np
import pytest
import xarray as xr

from detente._core import ScenarioError
from detente.calibrate.baseline import baseline_from_dataset
from detente.policy import PhaseIn, schedule
from detente.scenario import assumptions, compile_shock, focus, parse_scenario
from detente.simulation import simulate
from detente.world import Baseline, Shock

from .worlds import COUNTRIES, dataset, economy


KOR, CHN, JPN, USA, ROW = range(5)
CAR, ELE, BUS = range(3)
AREAS = ["entry", "people"]

# STRI points of BUS by area; only business services are in the index, and the rest of the world is
# not. The least restrictive country scores 0.05 and 0.10: China is 0.15 + 0.20 above it. Korea is
# 0.01 below it on entry and 0.20 above it on people: 0.19 in all, every bit of it on people.
SCORES = {"KOR": (0.04, 0.30), "CHN": (0.20, 0.30), "JPN": (0.15, 0.10), "USA": (0.10, 0.25)}
BENCHMARK = (0.05, 0.10)
CHINA_GAP, CHINA_ENTRY, CHINA_PEOPLE, KOREA_GAP = 0.35, 0.15, 0.20, 0.19


def with_index(world: xr.Dataset) -> xr.Dataset:
    """A baseline with the optional variables of the services restrictiveness index."""
    score = np.full((2, 5, 3), np.nan)
    for code, areas in SCORES.items():
        score[:, COUNTRIES.index(code), BUS] = areas
    benchmark = np.full((2, 3), np.nan)
    benchmark[:, BUS] = BENCHMARK
    points = {"units": "STRI points"}
    return world.assign(
        services_restrictiveness=(("policy_area", "country", "sector"), score, points),
        services_restrictiveness_benchmark=(("policy_area", "sector"), benchmark, points),
    ).assign_coords(policy_area=AREAS)


@pytest.fixture(scope="module")
def baseline() -> Baseline:
    groups = {"ASIA": ["KOR", "CHN", "JPN"], "PAIR": ["CHN", "USA"]}
    world = with_index(dataset(economy())).assign_attrs(country_groups=json.dumps(groups))
    return baseline_from_dataset(world)


def played(baseline: Baseline, *policies: dict, year: int | None = None, **settings) -> Shock:
    named = {f"p{place}": policy for place, policy in enumerate(policies)}
    document = {"title": "A test", "policies": named, "year": year, **settings}
    return compile_shock(parse_scenario(document, "test"), baseline)


def said(baseline: Baseline, policy: dict, year: int | None = None) -> str:
    document = {"title": "A test", "policies": {"one": policy}, "year": year}
    # Either minus sign will do.
    return " ".join(assumptions(parse_scenario(document, "test"), baseline)).replace("−", "-")


def assert_shock(found: Shock, tariff: np.ndarray, cost: np.ndarray | float = 1.0) -> None:
    np.testing.assert_allclose(found.tariff, tariff, rtol=1e-14, atol=0)
    np.testing.assert_allclose(
        found.trade_cost_hat, cost * np.ones(found.tariff.shape), rtol=1e-14, atol=0
    )
    assert not found.has_rents
    np.testing.assert_array_equal(found.allowed, 1.0)


def tariffs(baseline: Baseline) -> np.ndarray:
    return np.array(baseline.economy.tariff)


TARIFF = {"kind": "tariff", "importers": ["KOR"], "exporters": ["CHN"], "sectors": ["CAR"]}
COST = {"kind": "trade_cost", "importers": ["KOR"], "exporters": ["CHN"], "sectors": ["CAR"]}
AGREEMENT = {"kind": "free_trade_agreement", "members": ["KOR", "CHN", "JPN"]}
SERVICES = {
    "kind": "services_liberalisation", "opens": ["CHN"], "to": ["KOR"],
    "stri_cut": 0.5, "cost_per_stri_point": 1.5,
}  # fmt: skip
PHASED = {"phase_in": {"start": 2030, "years": 5}}

# Nothing asked for is nothing done, to the last bit: the engine then returns one, not nearly one.
NOTHING = {
    "tariff by nothing": TARIFF | {"change": 0.0},
    "cost by nothing": COST | {"change": 0.0},
    "cut by nothing": AGREEMENT | {"tariff_cut": 0.0},
    "gap closed by nothing": SERVICES | {"stri_cut": 0.0},
    "tariff not yet in force": TARIFF | {"rate": 0.5} | PHASED,
    "cost not yet in force": COST | {"change": 0.5} | PHASED,
    "cut not yet in force": AGREEMENT | PHASED,
    "opening not yet in force": SERVICES | PHASED,
    "tariff switched off": TARIFF | {"rate": 0.5, "enabled": False},
    "opening of sectors outside the index": SERVICES | {"sectors": ["goods"]},
}


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_asked_is_no_shock(name: str, baseline: Baseline) -> None:
    found = played(baseline, NOTHING[name], year=2029)
    np.testing.assert_array_equal(found.tariff, baseline.economy.tariff)
    np.testing.assert_array_equal(found.trade_cost_hat, 1.0)


def test_a_tariff_goes_where_the_importer_levies_it(baseline: Baseline) -> None:
    """Cell (origin, destination): a transposed policy taxes Korea's exports instead."""
    expected = tariffs(baseline)
    expected[CHN, KOR, CAR] = 0.25
    assert_shock(played(baseline, TARIFF | {"rate": 0.25}), expected)


def test_a_change_adds_percentage_points(baseline: Baseline) -> None:
    expected = tariffs(baseline)
    expected[CHN, KOR, CAR] += 0.25
    assert_shock(played(baseline, TARIFF | {"change": 0.25}), expected)


def test_a_tariff_on_all_goods_spares_services_and_home(baseline: Baseline) -> None:
    expected = tariffs(baseline)
    expected[:, KOR, [CAR, ELE]] = 0.25
    expected[KOR, KOR] = tariffs(baseline)[KOR, KOR]
    assert_shock(played(baseline, {"kind": "tariff", "importers": ["KOR"], "rate": 0.25}), expected)


def test_later_lines_of_a_schedule_win(baseline: Baseline) -> None:
    line = lambda sector, rate: {"importer": "KOR", "exporter": "CHN", "sector": sector, "rate": rate}  # fmt: skip
    expected = tariffs(baseline)
    expected[CHN, KOR] = (0.3, 0.1, tariffs(baseline)[CHN, KOR, BUS])
    schedule = {"kind": "tariff", "lines": [line("goods", 0.1), line("CAR", 0.3)]}
    assert_shock(played(baseline, schedule), expected)
    expected[CHN, KOR, CAR] = 0.1
    schedule = {"kind": "tariff", "lines": [line("CAR", 0.3), line("goods", 0.1)]}
    assert_shock(played(baseline, schedule), expected)


def test_an_agreement_cuts_among_members_in_covered_sectors_only(baseline: Baseline) -> None:
    expected = tariffs(baseline)
    for exporter in (KOR, CHN, JPN):
        for importer in (KOR, CHN, JPN):
            expected[exporter, importer, ELE] *= 0.25
    found = played(baseline, AGREEMENT | {"tariff_cut": 0.75, "except_sectors": ["CAR"]})
    assert_shock(found, expected)
    assert (np.asarray(found.tariff) < tariffs(baseline)).sum() == 6


def test_sales_at_home_are_never_touched() -> None:
    """With a toll at home and everyone in every policy, only the diagonal stays."""
    world = with_index(dataset(economy()))
    toll = world.tariff.values + 0.1 * np.eye(5)[:, :, None]
    world["tariff"] = (world.tariff.dims, toll, world.tariff.attrs)
    tolled = baseline_from_dataset(world)
    whole = {"sectors": "all"}
    found = played(
        tolled,
        {"kind": "tariff", "change": 0.5} | whole,
        {"kind": "trade_cost", "change": 0.5} | whole,
        {"kind": "free_trade_agreement", "members": COUNTRIES, "tariff_cut": 0.5} | whole,
        SERVICES | {"opens": COUNTRIES[:4], "to": "all"} | whole,
    )
    at_home = np.eye(5, dtype=bool)
    np.testing.assert_array_equal(found.tariff[at_home], 0.1)
    np.testing.assert_array_equal(found.trade_cost_hat[at_home], 1.0)
    assert (found.tariff != tolled.economy.tariff)[~at_home].all()
    assert (found.trade_cost_hat != 1.0)[~at_home].all()


def test_tariff_revenue_is_what_is_left_of_the_schedule(baseline: Baseline) -> None:
    """Revenue is the new rate on the new trade; when every tariff goes, so does all of it."""
    document = {"title": "A test", "policies": {"one": AGREEMENT | {"tariff_cut": 0.75}}}
    scenario = parse_scenario(document, "test")
    outcome = simulate(baseline, scenario)
    rate = np.asarray(compile_shock(scenario, baseline).tariff)
    due = (rate * outcome.trade_after.values).sum(axis=(0, 2))
    np.testing.assert_allclose(outcome.tariff_revenue_after, due, rtol=1e-9)
    members, before = outcome.tariff_revenue_after[:3], outcome.tariff_revenue_before[:3]
    assert (members < before).all()
    everything = {"kind": "free_trade_agreement", "members": COUNTRIES, "sectors": "all"}
    gone = simulate(
        baseline, parse_scenario({"title": "", "policies": {"one": everything}}, "test")
    )
    assert float(abs(gone.tariff_revenue_after).max()) < 1e-9 * float(gone.income_before.min())


def test_trade_costs_multiply_in_any_order(baseline: Baseline) -> None:
    dearer, cheaper = COST | {"change": 0.2}, COST | {"change": -0.1, "sectors": "all"}
    expected = np.ones((5, 5, 3))
    expected[CHN, KOR] = (1.2 * 0.9, 0.9, 0.9)
    for order in ((dearer, cheaper), (cheaper, dearer)):
        assert_shock(played(baseline, *order), tariffs(baseline), expected)


def test_policies_apply_in_the_order_of_the_file(baseline: Baseline) -> None:
    """20 % cut by half is 10 %; cut by half and then set to 20 % is 20 %."""
    levy, cut = TARIFF | {"rate": 0.2}, AGREEMENT | {"members": ["KOR", "CHN"], "tariff_cut": 0.5}
    assert played(baseline, levy, cut).tariff[CHN, KOR, CAR] == pytest.approx(0.1, rel=1e-14)
    assert played(baseline, cut, levy).tariff[CHN, KOR, CAR] == pytest.approx(0.2, rel=1e-14)


@pytest.mark.parametrize(
    ("policy", "gaps"),
    [
        (SERVICES, {CHN: CHINA_GAP}),
        (SERVICES | {"policy_areas": ["entry"]}, {CHN: CHINA_ENTRY}),
        (SERVICES | {"policy_areas": ["people"]}, {CHN: CHINA_PEOPLE}),
        # Korea is more open than the benchmark on entry: reforming that alone must not close it.
        (SERVICES | {"opens": ["KOR"], "to": ["CHN"], "policy_areas": ["entry"]}, {KOR: 0.0}),
        (SERVICES | {"opens": ["KOR"], "to": ["CHN"], "policy_areas": ["people"]}, {KOR: KOREA_GAP}),
        (SERVICES | {"opens": ["CHN", "KOR"], "to": ["CHN", "KOR"]}, {CHN: CHINA_GAP, KOR: KOREA_GAP}),
    ],
)  # fmt: skip
def test_an_opening_is_worth_its_part_of_the_gap(policy: dict, gaps: dict, baseline) -> None:
    """exp(-cost x cut x gap) on what the other one sells there, nowhere else."""
    expected = np.ones((5, 5, 3))
    for opening, gap in gaps.items():
        expected[CHN if opening == KOR else KOR, opening, BUS] = math.exp(-1.5 * 0.5 * gap)
    assert_shock(played(baseline, policy), tariffs(baseline), expected)


@pytest.mark.parametrize("opens", ["CHN", "KOR", "JPN"])
def test_parts_by_policy_area_multiply_up_to_the_whole(opens: str, baseline: Baseline) -> None:
    whole = SERVICES | {"opens": [opens], "to": "all"}
    parts = [whole | {"policy_areas": [area]} for area in AREAS]
    together = played(baseline, *parts).trade_cost_hat
    np.testing.assert_allclose(together, played(baseline, whole).trade_cost_hat, rtol=1e-14)
    assert float(together.min()) < 1


def test_most_favoured_nation_is_every_foreign_supplier(baseline: Baseline) -> None:
    expected = np.ones((5, 5, 3))
    expected[[KOR, JPN, USA, ROW], CHN, BUS] = math.exp(-1.5 * 0.5 * CHINA_GAP)
    assert_shock(played(baseline, SERVICES | {"to": "all"}), tariffs(baseline), expected)


@pytest.mark.parametrize(
    ("year", "share"),
    [(None, 1.0), (2029, 0.0), (2030, 0.2), (2031, 0.4), (2033, 0.8), (2034, 1.0), (2060, 1.0)],
)
def test_a_phase_in_takes_equal_annual_steps(year: int | None, share: float, baseline) -> None:
    assert PhaseIn(start=2030, years=5).share(year) == pytest.approx(share, abs=1e-15)
    tariff, cost = tariffs(baseline), np.ones((5, 5, 3))
    tariff[CHN, KOR, CAR] += share * (0.5 - tariff[CHN, KOR, CAR])
    cost[KOR, CHN, BUS] = math.exp(-1.5 * 0.5 * CHINA_GAP * share)
    found = played(baseline, TARIFF | {"rate": 0.5} | PHASED, SERVICES | PHASED, year=year)
    np.testing.assert_allclose(found.tariff, tariff, rtol=1e-14)
    np.testing.assert_allclose(found.trade_cost_hat, cost, rtol=1e-14)
    dearer = played(baseline, COST | {"change": 0.5} | PHASED, year=year)
    assert float(dearer.trade_cost_hat[CHN, KOR, CAR]) == pytest.approx(1.5**share)
    agreed = played(baseline, AGREEMENT | {"tariff_cut": 0.5} | PHASED, year=year)
    left = float(agreed.tariff[CHN, KOR, CAR] / baseline.economy.tariff[CHN, KOR, CAR])
    assert left == pytest.approx(1 - 0.5 * share)


# A group and one of its members named together must not count the member twice.
@pytest.mark.parametrize(
    ("group", "members"),
    [
        (TARIFF | {"rate": 0.5, "sectors": ["goods"]}, {"sectors": ["CAR", "ELE"]}),
        (TARIFF | {"change": 0.5, "sectors": ["goods", "CAR"]}, {"sectors": ["ELE", "CAR"]}),
        (TARIFF | {"rate": 0.5, "importers": ["ASIA"]}, {"importers": ["JPN", "KOR", "CHN"]}),
        (COST | {"change": 0.5, "exporters": ["PAIR", "CHN"]}, {"exporters": ["USA", "CHN"]}),
        (COST | {"change": 0.5, "exporters": COUNTRIES}, {"exporters": "all"}),
        (AGREEMENT | {"members": ["ASIA"]}, {"members": ["KOR", "CHN", "JPN"]}),
        (SERVICES | {"to": ["ASIA"], "sectors": ["services"]}, {"to": ["KOR", "JPN"], "sectors": ["BUS"]}),
    ],
)  # fmt: skip
def test_a_group_is_its_members(group: dict, members: dict, baseline: Baseline) -> None:
    a, b = played(baseline, group), played(baseline, group | members)
    np.testing.assert_array_equal(a.tariff, b.tariff)
    np.testing.assert_array_equal(a.trade_cost_hat, b.trade_cost_hat)
    none = Shock.none(baseline.economy)
    assert (a.tariff != none.tariff).any() or (a.trade_cost_hat != none.trade_cost_hat).any()


def test_focus_names_the_members_of_a_group_once(baseline: Baseline) -> None:
    scenario = parse_scenario({"title": "", "policies": {}, "focus": ["USA", "ASIA"]}, "test")
    assert focus(scenario, baseline) == ("USA", "KOR", "CHN", "JPN")


@pytest.mark.parametrize(
    ("policy", "sentence"),
    [
        (TARIFF | {"rate": 0.5, "importers": ["KRO"]}, r"'KRO' is not a country of synthetic; .*'KOR'"),
        (COST | {"change": 0.5, "exporters": ["ASIAN"]}, r"'ASIAN' is not a country .*'ASIA'"),
        (AGREEMENT | {"members": ["KOR", "CHIN"]}, r"'CHIN' is not a country .*'CHN'"),
        (AGREEMENT | {"members": ["KOR"]}, r"an agreement needs two members"),
        (AGREEMENT | {"except_sectors": ["CARS"]}, r"'CARS' is not a sector of synthetic; .*'CAR'"),
        (SERVICES | {"opens": ["CNH"]}, r"'CNH' is not a country .*'CHN'"),
        (SERVICES | {"sectors": ["service"]}, r"'service' is not a sector .*'services'"),
        (SERVICES | {"policy_areas": ["entr"]}, r"'entr' is not a policy area; .*'entry'"),
        (SERVICES | {"opens": ["ROW"]}, r"the services restrictiveness index does not cover ROW"),
        (TARIFF | {"change": -1.5}, r"a tariff cannot be -100 % or less"),
        (TARIFF | {"rate": 0.5, "sectors": []}, r'it names no sector; "all" is every sector\.'),
        (TARIFF | {"rate": 0.5, "importers": []}, r'it names no country; "all" is every country\.'),
        (COST | {"change": 0.5, "exporters": []}, r"it names no country"),
        (SERVICES | {"opens": []}, r"it names no country"),
        (SERVICES | {"sectors": []}, r"it names no sector"),
        (
            {"kind": "tariff", "lines": [{"importer": "KOR", "exporter": "CHN", "sector": "CAT", "rate": 0}]},
            r"'CAT' is not a sector .*'CAR'",
        ),
    ],
)  # fmt: skip
def test_what_the_baseline_does_not_have_is_said(policy, sentence: str, baseline) -> None:
    with pytest.raises(ScenarioError, match=rf"^policy 'p0': {sentence}") as refusal:
        played(baseline, policy)
    assert "\n" not in str(refusal.value)


def test_focus_on_a_country_that_is_not_there_is_said(baseline: Baseline) -> None:
    with pytest.raises(ScenarioError, match=r"'KRO' is not a country of synthetic; .*'KOR'"):
        played(baseline, focus=["KRO"])


def test_a_baseline_without_an_index_is_said() -> None:
    bare = baseline_from_dataset(dataset(economy()))
    with pytest.raises(ScenarioError, match=r"'synthetic' has no services restrictiveness index"):
        played(bare, SERVICES)


def test_the_order_of_the_index_in_the_file_does_not_matter(baseline: Baseline) -> None:
    world = with_index(dataset(economy())).transpose("sector", "country", "policy_area", ...)
    a, b = played(baseline_from_dataset(world), SERVICES), played(baseline, SERVICES)
    np.testing.assert_array_equal(a.trade_cost_hat, b.trade_cost_hat)


def _average_tariff(baseline: Baseline, pairs: list[tuple[int, int]], sectors: list[int]) -> float:
    cells = [(o, d, s) for o, d in pairs for s in sectors]
    trade = np.array([baseline.economy.trade[cell] for cell in cells])
    rate = np.array([baseline.economy.tariff[cell] for cell in cells])
    return 100 * float((trade * rate).sum() / trade.sum())


# A sentence whose numbers are not those of the shock is a lie in the brief.
def test_the_sentence_of_a_tariff_has_its_numbers(baseline: Baseline) -> None:
    before = _average_tariff(baseline, [(CHN, KOR)], [CAR])
    means = f"{before:.2f} % on average, weighted by baseline trade."
    raised = said(baseline, TARIFF | {"rate": 0.35})
    assert raised == f"KOR raises its tariff on CAR from CHN to 35 %, from {means}"
    lowered = said(baseline, TARIFF | {"change": -0.025})
    assert "KOR lowers its tariff on CAR from CHN by 2.5 percentage points" in lowered
    assert f"from {before:.2f} % to {before - 2.5:.2f} %" in lowered.replace("−", "-")
    phased = said(baseline, TARIFF | {"rate": 0.25} | PHASED, year=2031)
    assert "(phased in over 5 years from 2030, 40 % of it in effect by 2031)" in phased


def test_the_sentence_of_a_cost_has_its_numbers(baseline: Baseline) -> None:
    sentence = said(baseline, COST | {"change": -0.1})
    assert "Delivering CAR from CHN to KOR becomes 10 % cheaper" in sentence


def test_the_sentence_of_an_agreement_has_its_numbers(baseline: Baseline) -> None:
    pairs = [(KOR, CHN), (CHN, KOR)]
    before = _average_tariff(baseline, pairs, [ELE])
    policy = AGREEMENT | {"members": ["KOR", "CHN"], "except_sectors": ["CAR"], "tariff_cut": 0.5}
    sentence = said(baseline, policy)
    assert "KOR and CHN cut their tariffs on goods (except CAR) from each other by 50 %" in sentence
    assert f"from {before:.2f} % to {before / 2:.2f} %" in sentence
    phased = said(baseline, policy | PHASED, year=2030)
    assert f"from {before:.2f} % to {before * 0.9:.2f} %" in phased


@pytest.mark.parametrize(("year", "share"), [(None, 1.0), (2031, 0.4)])
def test_the_sentence_of_an_opening_has_its_numbers(year, share: float, baseline) -> None:
    sentence = said(baseline, SERVICES | PHASED, year)
    assert "CHN closes 50 % of its gap" in sentence
    assert "suppliers from KOR" in sentence
    change = 100 * math.expm1(-1.5 * 0.5 * CHINA_GAP * share)
    assert f"log trade cost of 1.5 per point of the index, from 0 to 1, the cost of trade falls by {-change:.1f} % in BUS." in sentence  # fmt: skip


def test_every_country_that_opens_has_its_sentence(baseline: Baseline) -> None:
    sentence = said(baseline, SERVICES | {"opens": ["ASIA"], "to": "all"})
    for code in ("KOR", "CHN", "JPN"):
        assert f"{code} closes 50 %" in sentence
    assert sentence.count("all foreign suppliers") == 3


def test_no_policy_in_force_is_said(baseline: Baseline) -> None:
    assert "No policy is in force" in said(baseline, TARIFF | {"rate": 0.2, "enabled": False})


def test_what_is_named_twice_is_said_once(baseline: Baseline) -> None:
    policy = {
        "kind": "trade_cost",
        "importers": ["KOR", "KOR"],
        "sectors": ["CAR", "CAR"],
        "change": 0.1,
    }
    sentence = said(baseline, policy)
    assert " and " not in sentence.partition(" changes ")[0]


def one_by_one(baseline: Baseline, lines: list[dict]) -> np.ndarray:
    """A schedule as plainly as it can be put: each line, each cell."""
    before, after = tariffs(baseline), tariffs(baseline)
    meant = {**baseline.country_groups, **baseline.sector_groups}
    for line in lines:
        ends = [
            every if (name := line[role]) == "all" else meant.get(name, (name,))
            for role, every in (
                ("exporter", baseline.countries),
                ("importer", baseline.countries),
                ("sector", baseline.sectors),
            )
        ]
        for o, d, s in product(*ends):
            if o != d:
                cell = (
                    baseline.countries.index(o),
                    baseline.countries.index(d),
                    baseline.sectors.index(s),
                )
                after[cell] = line["rate"] if "rate" in line else before[cell] + line["change"]
    return after


def drawn_lines(baseline: Baseline, count: int, seed: int) -> list[dict]:
    random = np.random.default_rng(seed)
    places = ["all", *baseline.country_groups, *baseline.countries]
    fields = ["all", *baseline.sector_groups, *baseline.sectors]
    every = (
        {
            "importer": str(random.choice(places)), "exporter": str(random.choice(places)),
            "sector": str(random.choice(fields)),
            str(random.choice(["rate", "change"])): float(random.uniform(0, 0.4)),
        }
        for _ in count_from(0)
    )  # fmt: skip
    # A country's tariff on itself is refused.
    of_itself = {(code, code) for code in baseline.countries}
    drawn = (one for one in every if (one["importer"], one["exporter"]) not in of_itself)
    return list(islice(drawn, count))


@pytest.mark.parametrize("count", [1, 7, 300])
def test_a_schedule_is_its_lines_one_by_one(count: int, baseline: Baseline) -> None:
    """Groups, "all", additions to the rate before, later lines that win; whatever is held at once."""
    for seed in range(8):
        lines = drawn_lines(baseline, count, seed)
        found = played(baseline, {"kind": "tariff", "lines": lines})
        np.testing.assert_allclose(found.tariff, one_by_one(baseline, lines), rtol=1e-14)


def test_a_schedule_laid_in_pieces_is_the_same(baseline: Baseline, monkeypatch) -> None:
    monkeypatch.setattr("detente.policy.schedule._CELLS_AT_ONCE", 40)
    lines = drawn_lines(baseline, 200, 0)
    found = played(baseline, {"kind": "tariff", "lines": lines})
    np.testing.assert_allclose(found.tariff, one_by_one(baseline, lines), rtol=1e-14)


def test_twenty_thousand_lines_compile_in_time_that_does_not_grow_with_the_world() -> None:
    """By the count of what is looked up, which no busy machine changes: a name once, not a line."""
    world = baseline_from_dataset(dataset(economy()))
    lines = drawn_lines(world, 20_000, 1)
    asked: list[object] = []
    mask = schedule.country_mask
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schedule, "country_mask", lambda *given: asked.append(given) or mask(*given))
        played(world, {"kind": "tariff", "lines": lines})
    assert len(asked) <= 2 * (1 + len(world.countries) + len(world.country_groups))
