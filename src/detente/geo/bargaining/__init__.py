"""Bargaining over what to open: Nash's solution on exact welfare, politics explicit."""

from .agreement import (
    acceptable as acceptable,
    agree as agree,
    Agreement as Agreement,
    nash_in_nash as nash_in_nash,
    Negotiation as Negotiation,
)
from .heads import people_of as people_of, per_head as per_head
from .nash import nash_bargain as nash_bargain, Solution as Solution
from .package import with_openings as with_openings
from .question import Bargain as Bargain, bargain as bargain
from .talks import lay_out as lay_out, Opening as Opening, Talks as Talks
from .terms import Terms as Terms
