"""Actions of a game that are scenarios of the library: one definition of each for both."""

from collections.abc import Mapping
from typing import Any

from ...policy.sizes import drop_other_size
from ...scenario import load_scenario


def with_scenarios(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document of a game with the policies of every scenario that it names written out.

    An action or a state that names a `scenario` has the policies of that scenario; what its own
    `policies` say is laid over them, value by value. Raises `ScenarioError` for a name that the
    library does not have.
    """
    written = dict(document)
    written["states"] = _each(document.get("states"), _written_out)
    written["players"] = _each(document.get("players"), _player)
    return {key: value for key, value in written.items() if value is not None}


def _player(table: Mapping[str, Any]) -> dict[str, Any]:
    if "actions" not in table:
        return dict(table)
    return {**table, "actions": _each(table["actions"], _written_out)}


def _written_out(table: Mapping[str, Any]) -> dict[str, Any]:
    """An action or a state with the policies of its scenario, its own values over them."""
    if not table.get("scenario"):
        return dict(table)
    library = {
        name: policy.model_dump(mode="json", exclude_unset=True)
        for name, policy in load_scenario(str(table["scenario"])).policies.items()
    }
    own = table.get("policies", {})
    if isinstance(own, Mapping):
        for name, policy in library.items():
            changed = own.get(name)
            drop_other_size(policy, changed if isinstance(changed, Mapping) else {})
    return {**table, "policies": _over(library, own)}


def _over(below: Mapping[str, Any], above: Any) -> Any:
    """One table over another: what both have is the upper's, or is merged where it is a table."""
    if not isinstance(above, Mapping):
        return above
    merged = dict(below)
    for key, value in above.items():
        held = merged.get(key)
        merged[key] = _over(held, value) if isinstance(held, Mapping) else value
    return merged


def _each(tables: Any, change: Any) -> Any:
    """Every table changed; what is no table is left for the check of the whole file to refuse."""
    if not isinstance(tables, Mapping):
        return tables
    return {
        name: change(table) if isinstance(table, Mapping) else table
        for name, table in tables.items()
    }
