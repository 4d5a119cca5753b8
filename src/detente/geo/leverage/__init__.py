"""Leverage: what each side of a threat would lose, and whether the threat is credible."""

from .leverage import gap as gap, Leverage as Leverage, leverage as leverage
