"""Named questions to the geoeconomic part, each answered with a range and from nothing but a name.

Where effects of whole scenarios answer a claim, a `computed` check does and nothing is needed here.
The parts that compute are loaded when a question is first answered: what is kept needs none.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TYPE_CHECKING

import numpy as np

from .. import library
from .._core import ClaimError
from .model import DRAWS, ModelInterval, Override, range_of_draws, world_of


if TYPE_CHECKING:
    from ..geo.bargaining import Opening, Talks
    from ..scenario import Scenario


Progress = Callable[[str], None]
Answer = Callable[[Progress, Override | None], ModelInterval]
"""In draws, or with one setting other than its own and nothing drawn."""
IN_DRAWS = f"{DRAWS} draws of what is uncertain"
BOTH_HORIZONS = "with both horizons as the range"
COMPACT, COMPACT_2014 = "compact-2022", "compact-2014"
PAIR = ("KOR", "CHN")
HORIZONS = ("long", "short")
HALF = 0.5
PRESSURE = 0.5
"""Percent of China's real income that it loses without an agreement: our size."""
NOTHING = 1e-9
"""Percent of real income below which a loss is the solver's rounding."""


@dataclass(frozen=True)
class LedgerQuestion:
    """A question with the words that its verdicts print."""

    says: str
    """What the number is."""
    unit: str
    over: str
    """What its range is taken over, or where a number without one comes from."""
    answer: Answer


def losing_openings(means: str) -> Answer:
    """Openings that are worth less than nothing to one side, each alone and with no politics."""

    def answer(progress: Progress, assumed: Override | None = None) -> ModelInterval:
        import jax.numpy as jnp

        from ..geo.bargaining.talks import welfare_of_each

        counts = []
        for horizon in HORIZONS:
            progress(f"openings, {horizon} run")
            table, openings, sides = _talks(horizon, assumed)
            chosen = [place for place, one in enumerate(openings) if one.means == means]
            depths = np.zeros((len(chosen) + 1, len(openings)))
            depths[np.arange(len(chosen)), chosen] = 1.0
            welfare = np.asarray(welfare_of_each(table, jnp.asarray(depths)))[:, sides]
            counts.append(float((welfare[:-1] - welfare[-1] < -NOTHING).any(axis=1).sum()))
        return _spanned(counts)

    return answer


def opened_under_pressure(progress: Progress, assumed: Override | None = None) -> ModelInterval:
    """How much deeper China opens if having no agreement costs it half a percent; in points."""
    import jax.numpy as jnp

    from ..geo.bargaining import agree, Negotiation
    from ..geo.bargaining.talks import welfare

    moved = []
    for horizon in HORIZONS:
        progress(f"bargaining, {horizon} run")
        table, openings, sides = _talks(horizon, assumed)
        size = len(openings)
        plain = Negotiation(
            talks=table, players=sides, cost=np.zeros((2, size)), bonus=np.zeros(2),
            outside=np.asarray(welfare(table, jnp.zeros(size)))[sides], power=np.full(2, HALF),
            own=np.arange(size), others=np.zeros(size),
        )  # fmt: skip
        pressed = replace(plain, outside=plain.outside - np.array([0.0, PRESSURE]))
        of_china = np.array([one.opener == "CHN" for one in openings])
        depth = [float(agree(one).depth[of_china].mean()) for one in (pressed, plain)]
        moved.append(100 * (depth[0] - depth[1]))
    return _spanned(moved)


def more_to_lose(form: str, after: str, baseline: str) -> Answer:
    """How much an agreement adds to the loss with which China can threaten Korea."""

    def answer(progress: Progress, assumed: Override | None = None) -> ModelInterval:
        from ..geo.leverage import carried_out, Threat

        threat = Threat.model_validate({"senders": ("CHN",), "target": "KOR", "form": form})
        held = [_setting((), baseline, assumed), _setting((after,), baseline, assumed)]
        worlds = [one for each in held for one in (each, carried_out(threat, each))]
        korea = world_of(baseline).country_index["KOR"]
        free, threatened, open_, open_threatened = np.moveaxis(
            _welfare(worlds, baseline, progress, drawn=assumed is None)[..., korea], 1, 0
        )
        return range_of_draws((open_ - open_threatened) - (free - threatened))

    return answer


def beyond_parts(progress: Progress, assumed: Override | None = None) -> ModelInterval:
    """What a joint end of all trade takes from China, less what each of the three takes alone."""
    from ..geo.leverage import carried_out, Threat

    senders = ("USA", "JPN", "KOR")
    threats = [
        Threat.model_validate({"senders": names, "target": "CHN", "form": "both"})
        for names in (senders, *((one,) for one in senders))
    ]
    free = _setting((), COMPACT, assumed)
    worlds = [free, *(carried_out(threat, free) for threat in threats)]
    china = world_of(COMPACT).country_index["CHN"]
    welfare = _welfare(worlds, COMPACT, progress, drawn=assumed is None)
    before, joint, *alone = np.moveaxis(welfare[..., china], 1, 0)
    return range_of_draws((before - joint) - sum(before - one for one in alone))


def cover(progress: Progress, assumed: Override | None = None) -> ModelInterval:
    """By how much a cut-off costs Korea less once every class of goods is below half from China."""
    from ..geo.diversification import insurance, Question as Insured, TOGETHER

    table = insurance(world_of(COMPACT), Insured("KOR", "CHN"), progress=progress).cover
    together = table[table["class"] == TOGETHER]
    chosen = table if together.empty else together
    return _spanned(chosen.cover.tolist(), middle=float(chosen.cover.median()))


def more_restricted(progress: Progress, assumed: Override | None = None) -> ModelInterval:
    """Services sectors in which China is more restricted than half of the index's countries.

    `quantile` sets another part of them than half.
    """
    base = world_of(COMPACT)
    assert base.restrictiveness is not None
    score = base.restrictiveness.score.sum(axis=0)
    china = score[base.country_index["CHN"]]
    known = np.isfinite(china)
    part = _given(assumed, "quantile", HALF)
    above = china[known] > np.nanquantile(score[:, known], part, axis=0)
    return _single(100 * float(above.mean()))


def change_of_share(progress: Progress, assumed: Override | None = None) -> ModelInterval:
    """China's share in Korea's imports of goods, 2022 less 2018, percentage points.

    `start` sets another first year.
    """
    imports = library.dataset("episodes/goods-2018-2022.nc").trade.sel(destination="KOR")
    total = imports.drop_sel(origin="KOR").sum("sector")
    share = 100 * total.sel(origin="CHN") / total.sum("origin")
    start = int(_given(assumed, "start", 2018.0))
    return _single(float(share.sel(year=2022) - share.sel(year=start)))


def professional_services(progress: Progress, assumed: Override | None = None) -> ModelInterval:
    """Korea's sales of business services to China after China's opening, million US$."""
    from ..ensemble import play_all, play_draws, sample

    worlds = [_setting(("china-korea/services-opening",), COMPACT, assumed)]
    base = world_of(COMPACT)
    place = (*(base.country_index[code] for code in PAIR), base.sector_index["BUS"])
    measure = _sales(place)
    if assumed is not None:
        return range_of_draws(np.asarray(play_all(base, worlds, measure, progress)))
    sales = play_draws(base, worlds, sample(worlds, base), measure, progress)
    return range_of_draws(np.asarray(sales)[:, 0])


@cache
def _sales(place: tuple[int, int, int]) -> Callable[[Any, Any], Any]:
    """The change of one flow; the same function for one place, so that it is compiled once."""
    return lambda economy, equilibrium: (equilibrium.trade - economy.trade)[place]


@cache
def _talks(
    horizon: str, assumed: Override | None
) -> "tuple[Talks, tuple[Opening, ...], np.ndarray]":
    """What Korea and China can open to each other in goods and services, and their places."""
    from ..geo.bargaining import lay_out
    from ..scenario import without_policies

    base = world_of(COMPACT)
    held = without_policies([f'horizon="{horizon}"', *_elsewhere(assumed)])
    table, openings, _ = lay_out(base, held, [PAIR], sectors=("goods", "services"))
    return table, openings, np.array([base.country_index[code] for code in PAIR])


def _setting(names: Sequence[str], baseline: str, assumed: Override | None) -> "Scenario":
    """Scenarios of the library on a baseline, in the draws of claims."""
    from ..scenario import combined, load_scenario, without_policies

    settings = (f'baseline="{baseline}"', 'horizon="long"', f"uncertainty.draws={DRAWS}")
    if not names:
        return without_policies((*settings, *_elsewhere(assumed)))
    of = lambda name: assumed.of(name) if assumed else ()
    return combined(*(load_scenario(name, (*settings, *of(name))) for name in names))


def _elsewhere(assumed: Override | None) -> tuple[str, ...]:
    """The override, if it is of the world rather than of one scenario."""
    return () if assumed is None or assumed.scenario else (assumed.change,)


def _welfare(
    worlds: "Sequence[Scenario]", baseline: str, progress: Progress, *, drawn: bool
) -> np.ndarray:
    """100 times log real income by draw, world and country, all in the same draws."""
    from ..ensemble import play_all, play_draws, sample

    base = world_of(baseline)
    if not drawn:
        return 100.0 * play_all(base, worlds, progress=progress)[None]
    # A prohibition has no rent, and its size is what is asked.
    held = worlds[0].uncertainty.model_copy(update={"hold": ("rents", "size")})
    return 100.0 * play_draws(base, worlds, sample(worlds, base, held), progress=progress)


def _given(assumed: Override | None, name: str, own: float) -> float:
    """The value that `assumed` sets for that name, or the default."""
    if assumed is None:
        return own
    path, _, value = assumed.change.partition("=")
    if path != name:
        raise ClaimError(f"'{assumed.change}' cannot be set here; '{name}' can.")
    return float(value)


def _spanned(values: Sequence[float], middle: float | None = None) -> ModelInterval:
    """The interval from the smallest to the largest; its median is the first if none is given."""
    return ModelInterval(min(values), values[0] if middle is None else middle, max(values), 1.0)


def _single(value: float) -> ModelInterval:
    return ModelInterval(value, value, value, 1.0)


QUESTIONS = {
    "losing-openings-of-services": LedgerQuestion(
        "openings of services by Korea or China, each alone, that cost either of them real income",
        "openings", BOTH_HORIZONS, losing_openings("services"),
    ),
    "losing-openings-of-goods": LedgerQuestion(
        "cuts of all tariffs of a sector by Korea or China, each alone, that cost either of them "
        "real income", "openings", BOTH_HORIZONS, losing_openings("tariff"),
    ),
    "china-opens-under-pressure": LedgerQuestion(
        "mean depth of what China opens to Korea in Nash's bargain over goods and services where "
        "no agreement costs it 0.5 % of income, less where it costs nothing more",
        "percentage points", BOTH_HORIZONS, opened_under_pressure,
    ),
    "tariffs-of-2014-and-the-loss-of-a-market": LedgerQuestion(
        "what Korea loses where China buys nothing from it, after the tariffs of 2014 are gone "
        "less before", "percent", IN_DRAWS,
        more_to_lose("buying", "china-korea/goods-upgrade", COMPACT_2014),
    ),
    "tariffs-of-2014-and-the-loss-of-supplies": LedgerQuestion(
        "what Korea loses where China sells it nothing, after the tariffs of 2014 are gone less "
        "before", "percent", IN_DRAWS,
        more_to_lose("selling", "china-korea/goods-upgrade", COMPACT_2014),
    ),
    "joint-threat-beyond-its-parts": LedgerQuestion(
        "what China loses where the United States, Japan and Korea together end all trade with "
        "it, less the sum of what each takes alone", "percent", IN_DRAWS, beyond_parts,
    ),
    "cover-of-diversification": LedgerQuestion(
        "by how much less a cut-off of China's goods costs Korea once China's share is below half "
        "in every sector", "percent", "tariff or cost as the means and both horizons as the range",
        cover,
    ),
    "china-more-restricted": LedgerQuestion(
        "services sectors in which China's restrictiveness is above the median country's",
        "percent of sectors", "index of the OECD, world of 2022", more_restricted,
    ),
    "china-share-in-korean-imports": LedgerQuestion(
        "China's share in Korea's imports of goods, 2022 less 2018", "percentage points",
        "Inter-Country Input-Output flows of the OECD", change_of_share,
    ),
    "professional-services": LedgerQuestion(
        "Korea's sales of business services to China after China's opening",
        "million US$", IN_DRAWS, professional_services,
    ),
}  # fmt: skip
"""By name, as the ledger refers to them."""
