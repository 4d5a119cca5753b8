"""What buyers want: boycotts, waves of fashion, and the end of bans on goods nobody can see yet."""

from dataclasses import replace
from typing import Annotated, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float
from pydantic import Field

from .._core import ScenarioError
from ..closure import Nests
from ..selection import (
    acting,
    countries_in_words,
    Everyone,
    flows,
    flows_in_words,
    Names,
    partners_in_words,
    sectors_in_words,
)
from ..world import Baseline, Economy
from ._instrument import (
    Change,
    InnerShare,
    Instrument,
    Share,
    visitors_kept,
    Wedges,
    without_visitors,
)
from ._prose import more_or_less, percent, sentence


NEST_STEPS = 200
"""Of the fixed point of weights in nests; each takes off half of what is left, or more."""


class Taste(Instrument):
    """Buyers turn to or from an origin: a consumer boycott, patriotic demand, a fashion.

    Prices and welfare are what the tastes of the baseline year make of what is then bought, so a
    boycott costs the boycotter what it keeps him from buying.
    """

    kind: Literal["taste"] = "taste"
    importers: Names | Everyone = "all"
    """Countries whose buyers change their minds."""
    exporters: Names | Everyone = "all"
    """Countries whose goods they see differently."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""
    change: Change
    """Spending on these origins over spending on others, at the same prices: -0.3 is 30 % less."""
    visitors: Annotated[Share, Field(lt=1)] = 0.0
    """The part of visitors who stay away. On a world with travel laid over it, as much less is
    wanted of what they buy in other sectors too."""

    def apply(self, wedges: Wedges, baseline: Baseline, year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        everywhere = flows(baseline, self.exporters, self.importers, "all")
        elsewhere = visitors_kept(baseline, everywhere & ~cells, self.visitors)
        moved = self.in_effect(year) * np.log(np.where(cells, 1 + self.change, elsewhere))
        so_far = 0.0 if wedges.log_taste is None else wedges.log_taste
        return replace(wedges, log_taste=so_far + moved)

    def describe(self, baseline: Baseline, year: int | None) -> list[str]:
        where = "everywhere"
        if self.importers != "all":
            where = f"in {countries_in_words(self.importers, baseline)}"
        whose = partners_in_words(self.exporters, self.importers, baseline)
        said = (
            f"buyers {where} would spend {more_or_less(self.change)} on "
            f"{sectors_in_words(self.sectors, baseline)} from {whose}, against other origins, at "
            f"the same prices{self.steps(year)}; prices and welfare are valued with the tastes of "
            "the baseline."
        )
        return [sentence(said), *without_visitors(baseline, self.visitors)]


class Opening(Instrument):
    """The end of a ban that already holds in the baseline year, so that its trade is not seen.

    A flow that is zero in the data stays zero whatever it costs. What it would be without the ban
    is an assumption of the scenario or part of the baseline; letting it in is this policy.
    """

    kind: Literal["opening"] = "opening"
    importers: Names | Everyone = "all"
    """Countries that lift the ban."""
    exporters: Names | Everyone = "all"
    """Countries whose goods are let in."""
    sectors: Names | Everyone
    """Sectors or groups of sectors."""
    part: Share = 1.0
    """The part of the hidden trade that is let in."""
    potential_share: InnerShare | None = None
    """What each origin would have of the importer's spending on each sector at today's prices;
    without it the baseline's own potential trade."""

    def apply(self, wedges: Wedges, baseline: Baseline, year: int | None) -> Wedges:
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        hidden = np.asarray(baseline.economy.hidden_share)
        if not (cells & (hidden > 0)).any():
            raise ScenarioError(
                f"the baseline '{baseline.name}' hides no trade in these flows; say with "
                "'potential_share' what the origin would have without the ban."
            )
        so_far = np.zeros_like(hidden) if wedges.opened is None else wedges.opened
        return replace(wedges, opened=np.where(cells, self.in_effect(year) * self.part, so_far))

    def wanted(self, baseline: Baseline) -> Float[np.ndarray, "o d s"]:
        """The shares of spending that this policy assumes; zero where it assumes none."""
        if self.potential_share is None:
            return np.zeros(baseline.economy.trade.shape)
        cells = flows(baseline, self.exporters, self.importers, self.sectors)
        share = np.asarray(baseline.economy.expenditure_share)
        if (cells & (share > self.potential_share)).any():
            raise ScenarioError(
                f"'potential_share' is {self.potential_share:g}, less than an origin already has "
                f"in {flows_in_words(baseline, self.exporters, self.importers, self.sectors)}."
            )
        return np.where(cells, self.potential_share, 0.0)

    def describe(self, baseline: Baseline, year: int | None) -> list[str]:
        lifts = acting(self.importers, baseline, "lifts its ban", "lift their bans")
        what = sectors_in_words(self.sectors, baseline)
        whose = partners_in_words(self.exporters, self.importers, baseline)
        size = "as the baseline estimates it"
        if self.potential_share is not None:
            size = (
                f"assumed to be {percent(self.potential_share)} of spending on each sector from "
                "each origin at today's prices"
            )
        said = (
            f"{lifts} on {what} from {whose}: {percent(self.part)} of the trade that is hidden is "
            f"let in{self.steps(year)}, {size}."
        )
        return [sentence(said)]


def with_potential_shares(
    economy: Economy, wanted: Float[np.ndarray, "o d s"], nests: Nests | None = None
) -> Economy:
    """The economy with potential trade such that, with all bans lifted, spending has those shares.

    Shares are of the whole, so each origin's weight allows for all the others that are let in, and
    for the nests in which buyers choose: among close substitutes a newcomer wins less for all that
    it takes from its neighbours.
    """
    if (wanted.sum(axis=0) >= 1).any():
        raise ScenarioError("'potential_share' of all origins together must be less than 1.")
    return hide(economy, jnp.asarray(wanted), nests)


def hide(economy: Economy, wanted: Float[Array, "o d s"], nests: Nests | None = None) -> Economy:
    """As `with_potential_shares`, without its check; usable inside compiled code."""
    cells = wanted > 0
    share = economy.expenditure_share
    others = 1.0 - jnp.where(cells, share, 0.0).sum(axis=0)
    weight = wanted * (others / (1.0 - wanted.sum(axis=0)))[None]
    if nests is not None:
        weight = _weight_in_nests(share, wanted, weight, nests)
    spent = economy.expenditure[None] / (1.0 + economy.tariff)
    known = economy.trade if economy.potential_trade is None else economy.potential_trade
    trade = jnp.where(cells, weight * spent, known)
    return replace(economy, potential_trade=jnp.maximum(trade, economy.trade))


def _weight_in_nests(
    share: Float[Array, "o d s"],
    wanted: Float[Array, "o d s"],
    start: Float[Array, "o d s"],
    nests: Nests,
) -> Float[Array, "o d s"]:
    """The weights, in today's spending, that come to the wanted shares of it in nests.

    At today's prices an origin o of nest g that weighs x has the part x a^(h-1) b_g^(r_g-1) / t of
    spending, where b_g is the sum of weights in the nest over what it was, a the mean of b_g^r_g
    over nests, t spending at home plus that abroad times a^h, and r and h are the exponents by
    which a nest and all that is foreign answer. Solved for x by a damped fixed point.
    """
    abroad = 1.0 - jnp.eye(len(share))[:, :, None]
    by_group = lambda weight: jnp.einsum("ods,gos->gds", weight * abroad, nests.member)
    theta = nests.elasticity[0]
    r = theta[None, None, :] / nests.elasticity[:, None, :]
    h = (nests.home_elasticity / theta)[None, :]
    own = lambda value: jnp.einsum("gds,gos->ods", value, nests.member)
    damping = own(jnp.broadcast_to(1.0 / jnp.maximum(r, 1.0), by_group(share).shape))
    cells, seen = wanted > 0, by_group(share)

    def step(_: object, weight: Float[Array, "o d s"]) -> Float[Array, "o d s"]:
        whole = by_group(jnp.where(cells, weight, share))
        before = jnp.where(seen > 0, seen, whole)
        group = jnp.where(before > 0, whole / jnp.where(before > 0, before, 1.0), 1.0)
        foreign = before.sum(axis=0)
        mean = (before * group**r).sum(axis=0) / jnp.where(foreign > 0, foreign, 1.0)
        total = 1.0 - seen.sum(axis=0) + foreign * mean**h
        scale = (mean ** (h - 1.0) / total)[None] * group ** (r - 1.0)
        undamped = wanted / own(scale)
        old = jnp.where(cells, weight, 1.0)
        return old * (jnp.where(cells, undamped, 1.0) / old) ** damping

    return jnp.where(cells, jax.lax.fori_loop(0, NEST_STEPS, step, start), 0.0)
