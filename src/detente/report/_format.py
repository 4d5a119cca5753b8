"""Numbers and names as words: each number with its unit, its sign, and the digits it deserves."""

import math

from .._core import figure, MINUS


SMALLEST_PERCENT = 0.001
"""Below this a percentage is said to be small, never printed as zero."""
UNCHANGED_PERCENT = 1e-6
"""Below this a percentage is the solver's rounding rather than an effect."""
MET = 1e-4
"""A condition counts as met where it misses by less."""
BILLION = 1000.0
"""Million US$ in a billion."""
MISSING = "–"
ALL_DIGITS = 15
"""As many digits as a number has: nothing of it is imputed, or too little to be told."""
STEPS_OF_RANGE = 25
"""A figure is rounded to steps of which its range has at least so many, and to two digits."""


def percent(value: float, digits: int = ALL_DIGITS) -> str:
    """The size of a percentage, without its sign, to no more digits than it bears.

    >>> percent(-0.2412), percent(0.0004), percent(-0.2412, 1)
    ('0.24 %', 'less than 0.001 %', '0.2 %')
    """
    size = abs(value)
    if size < SMALLEST_PERCENT:
        return f"less than {SMALLEST_PERCENT} %"
    return f"{_at_most(size, percent_decimals(size), digits)} %"


def fine_percent(value: float, digits: int = ALL_DIGITS) -> str:
    """As `percent`, and with two digits where it is smaller: where the size is the point.

    >>> fine_percent(-0.2412), fine_percent(0.00071), fine_percent(0.00071, 1)
    ('0.24 %', '0.00071 %', '0.0007 %')
    """
    size = abs(value)
    if size < UNCHANGED_PERCENT:
        return percent(value)
    return f"{_at_most(size, _fine_decimals(size), digits)} %"


def _at_most(size: float, decimals: int, digits: int) -> str:
    """A size with so many decimals and no more than so many digits."""
    return _rounded(size, min(decimals, _decimals_borne(size, digits)))


def _rounded(size: float, decimals: int) -> str:
    """A size to so many decimals, negative for tens."""
    return f"{round(size, decimals):,.{max(decimals, 0)}f}"


def _decimals_borne(size: float, digits: int) -> int:
    """The decimals with which a size has that many digits, negative for tens."""
    if not size:
        return ALL_DIGITS
    decimals = digits - 1 - math.floor(math.log10(size))
    # What is rounded up to the next power of ten has one digit more.
    carried = round(size, decimals) >= 10.0 ** (digits - decimals)
    return decimals - int(carried)


def _fine_decimals(size: float) -> int:
    """Two significant digits for what the usual decimals would call less than the smallest."""
    if size >= SMALLEST_PERCENT:
        return percent_decimals(size)
    return 1 - math.floor(math.log10(size))


def percent_decimals(size: float) -> int:
    return 1 if size >= 10 else 2 if size >= 0.1 else 3


def decimals_of_range(value: float, low: float, high: float) -> int:
    """Decimals of a value that its range allows, negative for tens; one digit at the least.

    >>> decimals_of_range(0.0552, 0.027, 0.15), decimals_of_range(952.0, 465.0, 2600.0)
    (3, -1)
    """
    width = high - low
    allowed = math.floor(math.log10(width / STEPS_OF_RANGE)) if width > 0 else -math.inf
    first = math.floor(math.log10(abs(value))) if value else 0
    return -int(max(min(allowed, first), first - 1))


def about_percent(value: float, low: float, high: float, digits: int = ALL_DIGITS) -> str:
    """The size of a percentage to the digits that its range allows, and no more than it bears.

    >>> about_percent(-0.0552, -0.15, -0.027), about_percent(-0.0552, -0.15, -0.027, 1)
    ('about 0.055 %', 'about 0.06 %')
    """
    return f"about {end_of_range(value, low, high, digits)} %"


def about_money(million: float, low: float, high: float, digits: int = ALL_DIGITS) -> str:
    """The size of an amount to the digits that its range allows, and no more than it bears.

    >>> about_money(952.0, 465.0, 2600.0), about_money(-36.4, -50.0, -20.0, 1)
    ('US$ 950 million', 'US$ 40 million')
    """
    if abs(million) < 1:
        return money(million)
    allowed = decimals_of_range(million, low, high)
    decimals = min(allowed, _decimals_borne(abs(million), digits))
    size = round(abs(million), decimals)
    if size < BILLION:
        return f"US$ {size:,.{max(decimals, 0)}f} million"
    return f"US$ {size / BILLION:,.{max(decimals + 3, 0)}f} billion"


def between_ends(low: float, high: float, digits: int = ALL_DIGITS) -> str:
    """Two ends of a range in percent, without the unit: sizes, or with signs where they differ.

    >>> between_ends(2.14, 11.93), between_ends(-1.139, -0.0981), between_ends(-0.26, 0.11)
    ('between 2.1 and 12', 'between 0.10 and 1.1', 'between −0.26 and +0.11')
    """
    ends = [end_of_range(end, low, high, digits) for end in (low, high)]
    if low < 0 < high:
        ends = [f"{MINUS}{ends[0]}", f"+{ends[1]}"]
    elif low < 0:
        ends = ends[::-1]
    return f"between {ends[0]} and {ends[1]}"


def is_one_figure(value: float, low: float, high: float, digits: int) -> bool:
    """Whether a value and both ends of its range are one figure in the digits that they bear.

    >>> is_one_figure(1.2, 1.12, 1.38, 1), is_one_figure(1.2, 1.12, 1.38, 2)
    (True, False)
    """
    figures = {end_of_range(one, low, high, digits) for one in (value, low, high)}
    return len(figures) == 1 and low * high > 0


def end_of_range(value: float, low: float, high: float, digits: int = ALL_DIGITS) -> str:
    """The size of a percentage to the digits that a range allows, without the unit.

    And to no more digits than it bears.

    >>> end_of_range(0.027, 0.027, 0.15), end_of_range(0.0004, 0.0004, 0.15)
    ('0.027', '0.0004')
    """
    if abs(value) < UNCHANGED_PERCENT:
        return "0"
    size = abs(value)
    return _at_most(size, min(decimals_of_range(value, low, high), _fine_decimals(size)), digits)


def signed(value: float, decimals: int) -> str:
    """A number with its sign; one too small for the decimals is bounded, not rounded to zero.

    >>> signed(-1234.5, 1), signed(0.0004, 3), signed(0.0, 3)
    ('−1,234.5', '<0.001', '0')
    """
    if not math.isfinite(value):
        return MISSING
    if value == 0:
        return "0"
    bound = 10.0**-decimals
    if abs(value) < bound / 2:
        return f"<{bound:.{decimals}f}" if value > 0 else f">{MINUS}{bound:.{decimals}f}"
    return f"{'+' if value > 0 else MINUS}{abs(value):,.{decimals}f}"


def signed_percent(value: float) -> str:
    """A percentage with its sign and as many decimals as its size deserves, without the unit."""
    if abs(value) < UNCHANGED_PERCENT:
        return "0"
    return signed(value, percent_decimals(abs(value)))


def signed_fine_percent(value: float, digits: int = ALL_DIGITS) -> str:
    """As `signed_percent`, with two digits where it is smaller, and no more than it bears.

    >>> signed_fine_percent(-0.00071), signed_fine_percent(0.0213), signed_fine_percent(0.0213, 1)
    ('−0.00071', '+0.021', '+0.02')
    """
    if abs(value) < UNCHANGED_PERCENT:
        return "0"
    decimals = min(_fine_decimals(abs(value)), _decimals_borne(abs(value), digits))
    return signed(round(value, decimals), max(decimals, 0))


def signed_million(value: float) -> str:
    """Million US$ with the sign, without the unit."""
    return signed(value, 0 if abs(value) >= 10 else 1)


def money(million: float, digits: int = ALL_DIGITS) -> str:
    """The size of an amount in words, three significant digits where it bears as many.

    >>> money(3123.4), money(-45.2), money(0.3), money(3123.4, 1)
    ('US$ 3.12 billion', 'US$ 45 million', 'less than US$ 1 million', 'US$ 3 billion')
    """
    if abs(million) < 1:
        return "less than US$ 1 million"
    size = round(abs(million), _decimals_borne(abs(million), digits))
    if size < 999.5:
        return f"US$ {_at_most(size, 1 if size < 10 else 0, digits)} million"
    billion = size / BILLION
    decimals = 2 if billion < 10 else 1 if billion < 100 else 0
    return f"US$ {_at_most(billion, decimals, digits)} billion"


def money_pair(
    before: float, after: float, levels: int = ALL_DIGITS, change: int = ALL_DIGITS
) -> tuple[str, str]:
    """Two sizes in one unit, with enough decimals to see the change from one to the other.

    With no more digits than the sizes bear, and no more decimals than the change does.

    >>> money_pair(41806.2, 42126.1), money_pair(41806.2, 42126.1, change=1)
    (('US$ 41.81 billion', 'US$ 42.13 billion'), ('US$ 41.8 billion', 'US$ 42.1 billion'))
    """
    in_billions = max(abs(before), abs(after)) >= BILLION
    unit, name = (BILLION, "billion") if in_billions else (1.0, "million")
    moved = abs(after - before) / unit
    wanted = 2 - math.floor(math.log10(moved)) if moved > 0 else 0
    decimals = min(max(wanted, 0), 2 if moved >= 0.1 else 3) if in_billions else 0
    sizes = [abs(amount) / unit for amount in (before, after)]
    decimals = min(decimals, _decimals_borne(moved, change), _decimals_borne(max(sizes), levels))
    first, second = (f"US$ {_rounded(size, decimals)} {name}" for size in sizes)
    return first, second


def number(value: float) -> str:
    """Three digits that matter.

    >>> number(-12.345), number(0.0213), number(-0.00021)
    ('−12.3', '0.021', '−2e−04')
    """
    if not math.isfinite(value):
        return MISSING
    size = abs(value)
    decimals = 1 if size >= 10 else 2 if size >= 1 else 3
    if size < 0.0005:
        return "0" if size < 1e-9 else figure(value, ".0e")
    return figure(value, f",.{decimals}f")


def whole(value: float) -> str:
    """Digits before the point alone, for US$ million."""
    return MISSING if not math.isfinite(value) else figure(value, ",.0f")


def billions(million: float) -> str:
    """Million US$ as billions, without the unit.

    >>> billions(-1234.5), billions(123.45), billions(-0.4)
    ('−1.2', '0.12', '>−0.01')
    """
    billion = million / BILLION
    return level(billion, 1 if abs(billion) >= 1 else 2)


def level(value: float, decimals: int) -> str:
    """As `signed`, with a sign only where it is negative."""
    return signed(value, decimals).removeprefix("+")


def sentence(text: str) -> str:
    """The text as a sentence: its first letter large, one full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."


def unbroken(text: str) -> str:
    """The text with every unit tied to its number, so that no line breaks between them."""
    tied = text.replace(" %", "\u00a0%").replace("US$ ", "US$\u00a0")
    return tied.replace(" million", "\u00a0million").replace(" billion", "\u00a0billion")


def miss(value: float) -> str:
    """How far a condition is from holding: by less than what counts as met, or the miss itself.

    The digits of a small miss are those of the machine's rounding, which is no answer.

    >>> miss(3.2e-9), miss(0.02)
    ('less than 0.0001', '0.02')
    """
    return f"less than {MET:.4f}" if value < MET else f"{value:.1g}"
