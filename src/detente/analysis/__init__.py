"""Questions about an answer, labelled: what moves it, what it is made of, when, and who would."""

from .decomposition import decompose as decompose
from .path import follow as follow
from .sensitivity import what_moves as what_moves
from .tariffs import Aim as Aim, choose_tariffs as choose_tariffs, Mandate as Mandate
