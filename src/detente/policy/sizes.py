"""One size for a policy: where a change gives another, the one that was written goes."""

from collections.abc import Mapping, MutableMapping
from typing import Any

from . import POLICY_KINDS
from ._quantity import ByQuantity


def drop_other_size(policy: MutableMapping[str, Any], changed: Mapping[str, Any]) -> None:
    """Take the quantity away where a change gives a size, or the size where it gives a quantity."""
    model = POLICY_KINDS.get(str(policy.get("kind")))
    if model is None or not issubclass(model, ByQuantity):
        return
    sizes = set(model.sized_by)
    others = set(model.sized_by) if "quantity" in changed else set()
    if sizes & set(changed):
        others |= {"quantity", "quantity_of"}
    for name in others - set(changed):
        policy.pop(name, None)
