"""Many counterfactuals of one world at once: the cells of a game, or draws of what is uncertain."""

from ._stack import log_welfare as log_welfare, play_all as play_all, Stack as Stack, stack as stack
