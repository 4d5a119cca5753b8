"""Identities among the quantities of a text, whoever they are said to belong to."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ..units import Amount, same, shown
from ..verdict import agrees_if, Finding, untestable
from .held import NAMES, signed
from .statement import Statement


PLAUSIBLE_WON = (600.0, 2000.0)
"""Won per US$: a rate outside is a mixed-up unit, one inside proves nothing. The daily rates of the
IMF for 2001 to 2019 lie between 900 and 1,575."""
COARSER = 10.0
"""How many times coarser a figure must be printed to be the rounded form of another."""
_DEALS = {"deal", "deals", "contract", "contracts"}


@dataclass(frozen=True)
class TextIdentity:
    """An identity that a quantity takes part in, and whether it holds."""

    statement: Statement
    finding: Finding


def identities(made: list[Statement]) -> list[TextIdentity]:
    """Every identity among the quantities of a text."""
    money = [one for one in made if one.figure.kind == "money" and not one.figure.doubt]
    return [*_balances(money), *_restated(money), *_rates(money)]


def _balances(money: list[Statement]) -> Iterator[TextIdentity]:
    """Exports less imports are the balance, where one paragraph states all three for one year."""
    for balance in (one for one in money if one.flow == "balance" and _is_level(one)):
        near = [one for one in money if one.sentence.line == balance.sentence.line]
        exports, imports = (
            [one for one in near if one.flow == flow and _is_level(one) and _together(one, balance)]
            for flow in ("exports", "imports")
        )
        if len(exports) == len(imports) == 1 and exports[0].actors == imports[0].actors:
            out, back = exports[0].figure.amount(), imports[0].figure.amount()
            net = Amount(out.value - back.value, out.unit, out.rounding + back.rounding)
            words = f"{shown(out)} − {shown(back)} = {shown(net)}"
            yield TextIdentity(balance, agrees_if(same(net, signed(balance)), words))


def _is_level(one: Statement) -> bool:
    in_dollars = one.figure.unit.endswith("US$")
    return in_dollars and not (one.figure.doubt or one.is_change or one.mood or one.qualifier)


def _together(one: Statement, balance: Statement) -> bool:
    year, partner = one.period.value, one.actors.partner
    return bool(year) and year == balance.period.value and partner == balance.actors.partner


def _restated(money: list[Statement]) -> Iterator[TextIdentity]:
    """A rounded figure of deals or contracts and the exact one."""
    deals = [one for one in money if one.cue is not None and one.cue.word in _DEALS]
    for coarse in deals:
        for fine in deals:
            said, exact = coarse.figure.amount(), fine.figure.amount()
            if said.unit == exact.unit and said.rounding >= COARSER * exact.rounding:
                words = f"line {fine.sentence.line} has {shown(exact)}, here {shown(said)}"
                yield TextIdentity(coarse, agrees_if(same(said, exact), words))


def _rates(money: list[Statement]) -> Iterator[TextIdentity]:
    """An amount in won with its value in US$ in brackets implies an exchange rate."""
    for won, dollars in pairwise(money):
        between = won.sentence.text[won.figure.end : dollars.figure.start]
        in_brackets = won.sentence == dollars.sentence and between.strip() == "("
        units = (won.figure.unit.split()[-1], dollars.figure.unit.split()[-1])
        if in_brackets and units == ("won", "US$"):
            yield TextIdentity(dollars, _rate(won, dollars))


def _rate(won: Statement, dollars: Statement) -> Finding:
    rate = won.figure.amount().value / dollars.figure.amount().value
    words = f"implies {rate:,.0f} won per US$"
    if PLAUSIBLE_WON[0] <= rate <= PLAUSIBLE_WON[1]:
        return untestable(f"{words}, a possible rate; needs the rate of the day")
    return agrees_if(False, f"{words}, far from any rate on record: a mixed-up unit")


def notes(one: Statement, made: list[Statement]) -> str:
    """What the figures around a level say about whose it is."""
    if one.figure.kind != "money" or not _is_level(one):
        return ""
    said = [_owner(one, made), _level_before(one, made)]
    return "; ".join(part for part in said if part)


def _owner(one: Statement, made: list[Statement]) -> str:
    """The country whose stated balance is the difference of these exports and imports."""
    if one.flow not in ("exports", "imports"):
        return ""
    money = [other for other in made if other.figure.kind == "money" and not other.figure.doubt]
    for identity in _balances(money):
        balance = identity.statement
        if _together(one, balance):
            whose = NAMES.get(balance.actors.reporter, balance.actors.reporter)
            return f"{identity.finding.found}, the balance that the text gives {whose}"
    return ""


def _level_before(one: Statement, made: list[Statement]) -> str:
    """The level of the year before that a growth rate of the same flow implies."""
    for other in made:
        same_flow = other.flow == one.flow and other.sentence == one.sentence
        if same_flow and other.figure.kind == "percent" and other.direction:
            amount = one.figure.amount()
            change = other.direction * float(other.figure.value)
            before = Amount(round(amount.value / (1 + change / 100), -2), amount.unit)
            moved = shown(Amount(change, "percent"), signed=True)
            words = f"{shown(amount)} after {moved} implies {shown(before)}"
            return f"{words} the year before"
    return ""
