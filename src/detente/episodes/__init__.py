"""Dated events with data: fitted, predicted, and held against what was published about them."""

from ._episode import (
    available as available,
    compare as compare,
    Episode as Episode,
    Falsifier as Falsifier,
    Findings as Findings,
    load_episode as load_episode,
    Picture as Picture,
    Prediction as Prediction,
    Setting as Setting,
)
from ._play import METHODS as METHODS, play as play
