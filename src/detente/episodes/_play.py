"""Which method plays which episode, and the verb that does."""

from importlib import import_module
from typing import cast

from .._core import ScenarioError
from ._episode import compare, Episode, Findings, Method, Setting


METHODS: dict[str, str] = {
    "flip": "flip",
    "phase-one": "phase_one",
    "thaad": "thaad",
    "japan-2025": "japan",
}
"""The module of this package that has `fit` and `predict`, by the name of the episode."""


def play(episode: Episode, setting: Setting | None = None) -> Findings:
    """Fit, predict, and set what was found beside what was published.

    Raises `DataError` where the raw data are missing or not enough, in one sentence.
    """
    setting = setting or Setting(episode.baseline)
    if episode.name not in METHODS:
        raise ScenarioError(f"the episode '{episode.name}' has no method that plays it.")
    method = cast(Method, import_module(f".{METHODS[episode.name]}", __package__))
    setting.progress("fitting")
    fitted = method.fit(episode, setting)
    setting.progress("predicting")
    prediction = method.predict(episode, setting, fitted)
    return Findings(episode, setting, prediction, compare(episode, prediction.measures))
