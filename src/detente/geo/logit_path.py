"""The path of a supplier's share: which wedge moves it, and how fast it moves by itself.

At given prices a wedge of 1 + a on one supplier moves the log odds of its share in imports by
minus theta ln(1 + a), exactly (CES). A pace is the fall of the log odds per year, which, unlike a
fall in percentage points, compares a share near one with a share of a third.
"""

import math

from scipy.special import expit

from .._core import DataError


def must_be_inside(share: float) -> None:
    if not 0.0 < share < 1.0:
        raise DataError(f"a share must lie between 0 and 1, not {share:g}.")


def log_odds(share: float) -> float:
    """ln(s / (1 - s)); raises `DataError` outside 0 to 1."""
    must_be_inside(share)
    return math.log(share / (1.0 - share))


def share_of(log_odds: float) -> float:
    """The share with those log odds; zero or one where they are beyond a float's share."""
    return float(expit(log_odds))


def share_after(share: float, wedge: float, theta: float) -> float:
    """The share after an ad valorem wedge on the supplier, other suppliers' prices given."""
    return share_of(log_odds(share) - theta * math.log1p(wedge))


def wedge_needed(share: float, target: float, theta: float) -> float:
    """The ad valorem wedge that brings a share down to the target at given prices; never negative.

    ln(1 + a) = (logit s - logit s*) / theta: the inverse of `share_after`.
    """
    return max(math.expm1(fall(share, target) / theta), 0.0)


def fall(before: float, after: float) -> float:
    """The fall of the log odds from one share to another, exact for shares that nearly agree.

    The ratio of the two odds is 1 + (before - after) / (after (1 - before)). Subtracting the log
    odds themselves would round a small fall to none, and a target within reach to one that is not.
    """
    for share in (before, after):
        must_be_inside(share)
    return math.log1p((before - after) / (after * (1.0 - before)))


def pace_between(before: float, after: float, years: float) -> float:
    """The fall of the log odds per year."""
    return fall(before, after) / years


def pace_needed(share: float, target: float, years: float) -> float:
    """The pace that reaches the target in that time; nothing is needed where it is reached."""
    if years <= 0:
        raise DataError("the year of the target must come after the year of the share.")
    return max(pace_between(share, target, years), 0.0)


def years_to(share: float, target: float, pace: float) -> float:
    """Years until the share is at the target; infinite where it does not fall."""
    if share <= target:
        return 0.0
    return pace_between(share, target, 1.0) / pace if pace > 0 else math.inf


def share_in(share: float, pace: float, years: float) -> float:
    """The share after that many years at a pace."""
    return share_of(log_odds(share) - pace * years)
