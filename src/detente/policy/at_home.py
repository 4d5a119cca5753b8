"""Countries on both sides of a policy: what is sold at home is left out, and said to be."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool

from .._words import called, listing
from ..selection import country_mask, Everyone, Names
from ._instrument import Instrument
from .tariffs import Tariff


if TYPE_CHECKING:
    from ..world import Baseline


SIDES = (("importers", "exporters"), ("host", "visitor"), ("hosts", "parents"), ("opens", "to"))
"""The fields of policies that name who is on one side and who on the other."""


def policy_in_words(policy: Instrument, baseline: "Baseline", year: int | None) -> list[str]:
    """What a policy did, in sentences; whose sales at home it leaves out, if that is not plain."""
    return [*policy.describe(baseline, year), *_left_out(policy, baseline)]


def _left_out(policy: Instrument, baseline: "Baseline") -> list[str]:
    """A sentence where a country that acts is among those it acts on, and others are not.

    That "all" has everybody in it is plain, and so it is where both sides are the same.
    """
    count = len(baseline.countries)
    both = np.zeros(count, bool)
    for one, other in _sides(policy):
        both |= _shared(one, other, baseline)
    if not both.any():
        return []
    names = [called(baseline.countries[at], baseline.country_names) for at in np.flatnonzero(both)]
    its = "themselves" if len(names) > 1 else "itself"
    sells = "sell" if len(names) > 1 else "sells"
    return [f"What {listing(names)} {sells} to {its} is left out: policies act on trade abroad."]


def _sides(policy: Instrument) -> "Iterator[tuple[Names | Everyone, Names | Everyone]]":
    if isinstance(policy, Tariff) and policy.lines:
        routes = dict.fromkeys((line.importer, line.exporter) for line in policy.lines)
        yield from (((one,), (other,)) for one, other in routes if "all" not in (one, other))
        return
    fields = type(policy).model_fields
    for one, other in SIDES:
        if one in fields and other in fields:
            yield getattr(policy, one), getattr(policy, other)


def _shared(
    one: "Names | Everyone", other: "Names | Everyone", baseline: "Baseline"
) -> Bool[np.ndarray, " n"]:
    masks = country_mask(baseline, one), country_mask(baseline, other)
    if "all" in (one, other) or (masks[0] == masks[1]).all():
        return np.zeros(len(baseline.countries), bool)
    return masks[0] & masks[1]
