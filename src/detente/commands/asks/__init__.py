"""Questions as data: one frozen request each, the same from a command, from Python or from a form.

A face offers the fields of a request as its options, with their docstrings as help. What cannot be
asked together is said by the request; a field in a sentence stands in `backticks`, for a face to
say in its own words. `commands.answer` answers any of them.
"""

import shlex
from collections.abc import Mapping
from types import MappingProxyType

from pydantic.fields import FieldInfo

from ._ask import (
    Ask as Ask,
    flag as flag,
    NameKind as NameKind,
    OnAWorld as OnAWorld,
    Option as Option,
)
from .model import (
    Bargain as Bargain,
    Conflict as Conflict,
    Decompose as Decompose,
    Diversify as Diversify,
    Exposure as Exposure,
    Leverage as Leverage,
    Patience as Patience,
    Sensitivity as Sensitivity,
    Stance as Stance,
    Tariffs as Tariffs,
    Trajectory as Trajectory,
)
from .record import (
    Balance as Balance,
    Check as Check,
    Compare as Compare,
    Dependence as Dependence,
    Elasticities as Elasticities,
    Episode as Episode,
    Gravity as Gravity,
    Risk as Risk,
    Timeline as Timeline,
    Track as Track,
    Validate as Validate,
)


QUESTIONS: Mapping[str, type[Ask]] = MappingProxyType(
    {
        "compare": Compare,
        "sensitivity": Sensitivity,
        "decompose": Decompose,
        "path": Trajectory,
        "tariffs": Tariffs,
        "leverage": Leverage,
        "stance": Stance,
        "bargain": Bargain,
        "patience": Patience,
        "conflict": Conflict,
        "exposure": Exposure,
        "diversify": Diversify,
        "balance": Balance,
        "track": Track,
        "dependence": Dependence,
        "timeline": Timeline,
        "risk": Risk,
        "check": Check,
        "validate": Validate,
        "episode": Episode,
        "gravity": Gravity,
        "elasticities": Elasticities,
    }
)
"""Every question by its name; the function of that name in `commands` answers it."""


def named(ask: Ask) -> str:
    """The name of the question."""
    return next(name for name, kind in QUESTIONS.items() if type(ask) is kind)


def command_of(ask: Ask) -> str:
    """The words that ask it again on the command line."""
    words, options = ["detente", named(ask)], []
    for name, info in type(ask).model_fields.items():
        value = getattr(ask, name)
        option = option_of(info)
        values = [str(one) for one in (value if isinstance(value, tuple) else (value,))]
        if value is None or value == info.default:
            continue
        if option.by_place:
            words += values
        elif value is True:
            options.append(option.name or flag(name))
        else:
            options += [word for one in values for word in (option.name or flag(name), one)]
    return shlex.join([*words, *options])


def option_of(info: FieldInfo) -> Option:
    """How a face names a field, and what the field names."""
    return next((one for one in info.metadata if isinstance(one, Option)), Option())
