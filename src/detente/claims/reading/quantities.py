"""Quantities in a sentence: money, percentages, points, durations, counts, ranks.

Regular expressions rather than a library: on the sentences of the documents price-parser takes the
year for the price, quantulum3 loses the currency of "$ 124.8 billion" and of "US$44mil", reads a
bracket as a minus sign, and takes a third of a second a sentence.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ..units import ABOUT, Amount, UNITS
from .currencies import currency, MULTIPLE, multiple, PREFIX, SUFFIX
from .neighbours import unlike_amount, unlike_rate
from .numerals import IN_DIGITS, IN_WORDS, Numeral, numeral, WORDS


_DIGITS = r"(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_NUMBER = r"(?<![\w.,:$-])" + _DIGITS
_WORD = "|".join(WORDS)
_ORDINALS = {"second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6}
_PERCENT = r"(?:%(?! ?(?:p\b|pts?\b|points?))|(?:percent|per cent|pct|pc|p\.c\.)(?!\w| ?points?))"


def _measure(tag: str, guard: str) -> str:
    """A number with its currency, multiple and per cent, of which any may be missing.

    `guard` must hold before a number without a currency in front.
    """
    return (
        rf"(?:(?P<prefix{tag}>{PREFIX}) ?)?(?(prefix{tag})|{guard})(?P<minus{tag}>[-−])?"
        rf"(?P<number{tag}>{IN_DIGITS}|\b{IN_WORDS}|\ban?(?= (?:tr|b|m)illion\b))"
        rf"(?P<hedge{tag}>-(?:plus|odd|ish))?(?:[ -]?(?P<multiple{tag}>{MULTIPLE})\.?(?![A-Z]))?"
        rf"(?:[ -]?(?P<percent{tag}>{_PERCENT})| ?(?P<suffix{tag}>{SUFFIX}))?"
    )


_SIGN = r"(?P<sign>[-+−–]|\b(?:minus|negative) )?"
_START = r"(?<![\w$€£¥₩])"
_NO_TAIL = r"(?<![.,:\-–])"
_MEASURE = re.compile(rf"{_START}{_SIGN}{_measure('', f'(?(sign)|{_NO_TAIL})')}")
_RANGE = re.compile(
    rf"{_START}{_measure('_low', _NO_TAIL)}(?P<link> ?[-–—~] ?| to | and ){_measure('_high', '')}"
)
_POINTS = re.compile(_NUMBER + r" ?(?:percentage|percent|per cent|%)?[ -]?(?:points?|pp|ppts?|p)\b")
_DURATION = re.compile(
    rf"(?:{_NUMBER}|\b(?P<word>{_WORD})) (?P<unit>years?|decades?|months?|times)\b", re.IGNORECASE
)
_LINK = r"(?!(?:are|is|was|were|of|and|or|to|in|on|at|the|has|have|as|than|per|from)\b)[A-Za-z-]+ "
_COUNT = re.compile(
    _NUMBER + rf"(?: (?P<scale>{MULTIPLE}))? (?P<unit>(?:{_LINK}){{0,2}}?[A-Za-z]{{2,}}s)\b"
)
_FRACTION = re.compile(
    r"(?<=\bby )(?:(?:about|around|nearly|almost|roughly|some) )?(?P<number>(?:an?|one|two|three)"
    r"[- ](?:third|quarter|fifth|sixth|eighth|tenth)s?)\b(?! of\b)"
)
_ROW = re.compile(r"\b(?P<word>second|third|fourth|fifth|sixth) (?:consecutive|straight)\b")
_RANK = re.compile(r"\b(?:number|No\.) ?(?P<word>one|1|two|2|three|3)\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"(?:\b(?:(?P<about>about|around|roughly|some|approximately|approx\.?|circa|ca?\.|nearly|almost"
    r"|close to|an estimated)"
    r"|(?P<over>over|more than|above|exceeding|at least|upwards of)"
    r"|(?P<under>under|less than|below|(?<!ed )(?<!ing )up to|at most))(?: an?)? ?(?:combined )?"
    r"|(?P<signs>[~≈]|(?<=\s)[<>≤≥]) ?)$",
    re.IGNORECASE,
)
_SIGNS = {"~": "about", "≈": "about", ">": "over", "≥": "over", "<": "under", "≤": "under"}
_HEDGES = {"-plus": "over", "-odd": "about", "-ish": "about", "+": "over", " or so": "about",
           " or more": "over", " or less": "under"}  # fmt: skip
_HEDGE = re.compile(r"(?:-plus|-odd|-ish|\+| or so| or more| or less)(?![\w+])")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_TAIL = re.compile(r"-?[^\W\d_]+")
_LEVEL = re.compile(
    r"\b(?:was|were|is|are|of|at|between|about|around|some|roughly|totall?ed|reached|came to|by"
    r"|ranged from|ranging from|(?:some|any)where from|range of|in the range of) $"
)
_DOLLARS = r"(?:US ?\$|\$|US dollars|U\.S\. dollars|dollars|USD)"
_SCALE = r"(?:thousand|million|billion|trillion|bn|mn)"
_UNIT_SAID = re.compile(
    rf"\bin (?:{_DOLLARS} )?(?P<multiple>{_SCALE})s?(?P<of>(?: of)? {_DOLLARS})?\)?:"
)
_IN_A_LIST = re.compile(
    rf"(?<=[:,;] )(?P<number>{IN_DIGITS})(?= in (?:19|20)\d\d\b| \((?:19|20)\d\d\))"
)
LITERAL_REACH = 0.25
"""How far over a figure quoted as "over" may lie what is measured and still be what was meant."""


@dataclass(frozen=True)
class TextFigure:
    """A quantity as written, with its place in the sentence."""

    value: Decimal
    """Of a range, its lower end."""
    unit: str
    kind: str
    """money, percent, points, duration, count, row or rank."""
    start: int
    end: int
    approximate: str = ""
    """about, over or under, where the text says so."""
    upper: Decimal | None = None
    """The upper end of a range."""
    doubt: str = ""
    """Why the number or its unit is not certain, so that there is no verdict."""
    instead: Decimal | None = None
    """What the same digits may mean where a point or comma stands for the other."""

    def amount(self) -> Amount:
        """In the unit of comparison, with its printed rounding; only for money and percent.

        A range is its middle, and what lies between its ends is as good as rounding.
        """
        unit, scale = UNITS[self.unit]
        high = self.value if self.upper is None else self.upper
        value = float(self.value + high) / 2
        rounding = float(high - self.value) / 2 + 0.5 * 10.0 ** _exponent(self.value)
        rounding = max(rounding, ABOUT * abs(value) * (self.approximate == "about"))
        return Amount(value * scale, unit, rounding * scale)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    # Only what is not a number has an exponent that is not an integer.
    assert isinstance(exponent, int)
    return exponent


def quantities(sentence: str) -> list[TextFigure]:
    """Every quantity, in order; where two readings overlap the more specific one stands."""
    figures: list[TextFigure] = []
    for one in [
        *(_plain(m, "percentage points", "points", sentence) for m in _POINTS.finditer(sentence)),
        *_ranges(sentence),
        *_listed(sentence),
        *(_single(match, sentence) for match in _MEASURE.finditer(sentence)),
        *(_fraction(match, sentence) for match in _FRACTION.finditer(sentence)),
        *(_duration(match, sentence) for match in _DURATION.finditer(sentence)),
        *(_row(match) for match in _ROW.finditer(sentence)),
        *(_rank(match) for match in _RANK.finditer(sentence)),
        *(_count(match, sentence) for match in _COUNT.finditer(sentence)),
    ]:
        if one is not None and not any(one.start < o.end and o.start < one.end for o in figures):
            figures.append(one)
    return sorted(figures, key=lambda one: one.start)


@dataclass(frozen=True)
class _Side:
    """One number of a match with what is written around it."""

    number: Numeral
    prefix: str
    suffix: str
    multiple: str
    percent: bool
    negative: bool
    hedge: str
    start: int
    end: int

    @property
    def currency(self) -> str:
        return currency(self.prefix, self.suffix) if self.prefix or self.suffix else ""


_PLACES = ("prefix", "minus", "number", "hedge", "multiple", "percent", "suffix")


def _side(match: re.Match[str], tag: str) -> _Side:
    parts = {
        name.removesuffix(tag): got or ""
        for name, got in match.groupdict().items()
        if name.endswith(tag)
    }
    written = parts["number"].lower()
    places = [match.span(name + tag) for name in _PLACES if match[name + tag]]
    return _Side(
        number=Numeral(Decimal(1)) if written in ("a", "an") else numeral(written),
        prefix=parts["prefix"],
        suffix=parts["suffix"],
        multiple=parts["multiple"],
        percent=bool(parts["percent"]),
        negative=bool(parts["minus"]) or parts.get("sign", "+") not in ("", "+"),
        hedge=parts["hedge"],
        start=match.start() if parts.get("sign") else places[0][0],
        end=places[-1][1],
    )


def _single(match: re.Match[str], sentence: str) -> TextFigure | None:
    side = _side(match, "")
    if not (side.percent or side.currency):
        return None
    figure = _measured(side)
    tail = _TAIL.match(sentence, figure.end)
    if tail and not (side.percent or side.multiple or side.suffix):
        figure = _unread(figure, side, tail)
    return _beside(figure, sentence)


def _unread(figure: TextFigure, side: _Side, tail: re.Match[str]) -> TextFigure:
    """With the letters behind the number as its multiple, which is in no list."""
    doubt = f"'{tail.group()}' directly after the number is not understood"
    return replace(
        figure,
        value=figure.value.scaleb(6),
        unit=f"{tail.group().strip('-')} {side.currency}",
        end=tail.end(),
        doubt=doubt,
        instead=None,
    )


def _measured(side: _Side) -> TextFigure:
    """The quantity of one number, as yet without what stands beside it."""
    kind = "percent" if side.percent else "money"
    factor, unit = (Decimal(1), "percent") if side.percent else _scaled(side)
    sign, number = -1 if side.negative else 1, side.number
    odd = side.percent and (side.multiple or side.prefix)
    return TextFigure(
        sign * number.value * factor,
        unit,
        kind,
        side.start,
        side.end,
        _HEDGES.get(side.hedge, ""),
        doubt=number.doubt or f"'{odd}' beside a percentage is not understood" * bool(odd),
        instead=None if number.instead is None else sign * number.instead * factor,
    )


def _scaled(side: _Side) -> tuple[Decimal, str]:
    """What to multiply an amount by, and its unit; a bare amount in millions."""
    factor, name = multiple(side.multiple) if side.multiple else (Decimal("1E-6"), "million")
    return factor, f"{name} {side.currency}"


def _beside(figure: TextFigure, sentence: str) -> TextFigure:
    """With the words for about, over and under, and a doubt where a neighbour is strange."""
    before, after = sentence[: figure.start], sentence[figure.end :]
    near = _ABOUT.search(before)
    hedge = _HEDGE.match(after)
    said = _approximate(before)
    if near:
        before = before[: near.start()]
    if hedge:
        said, after = _HEDGES[hedge.group()], after[hedge.end() :]
    unlike = unlike_rate if figure.kind == "percent" else unlike_amount
    doubt = figure.doubt or unlike(before, after) or _of_another(figure, sentence)
    return replace(figure, approximate=said or figure.approximate, doubt=doubt)


def _of_another(figure: TextFigure, sentence: str) -> str:
    """ "dollars of Singapore": a country behind the currency may be whose it is."""
    tail = re.match(
        r" of (?P<name>(?!South|North|Korea|Chin|Japan)[A-Z]\w+)", sentence[figure.end :]
    )
    return f"'of {tail['name']}' directly after it is not understood" if tail else ""


def _ranges(sentence: str) -> Iterator[TextFigure]:
    """Two numbers as the ends of one quantity, or as two that share a multiple or currency."""
    at = 0
    while match := _RANGE.search(sentence, at):
        at = match.start("number_high")
        if not _YEAR.fullmatch(match.string, match.start(), match.start("link")):
            yield from (_beside(one, sentence) for one in _ends(match))


def _listed(sentence: str) -> Iterator[TextFigure]:
    """Bare numbers with their years, of which a unit is said before: "in US$ billion: 142.1 in"."""
    said = _UNIT_SAID.search(sentence)
    if said is None:
        return
    for match in _IN_A_LIST.finditer(sentence, said.end()):
        number = numeral(match["number"])
        factor, name = multiple(said["multiple"])
        figure = TextFigure(number.value * factor, f"{name} US$", "money", *match.span("number"))
        yield replace(figure, doubt=number.doubt)


def _ends(match: re.Match[str]) -> list[TextFigure]:
    """One quantity of two ends, or two of which the first is written short, or nothing."""
    first, high = _side(match, "_low"), _side(match, "_high")
    low, high = _shared(first, high)
    bare = not (first.percent or first.currency)
    if low.percent != high.percent or not (high.percent or high.currency):
        return []
    ends = [_measured(low), _measured(high)]
    before, link = match.string[: match.start()], match["link"].strip()
    if _is_range(match, before, bare):
        return [_joined(*ends)]
    if link == "to" or bare or first.multiple == low.multiple:
        return ends if link == "to" else []
    return [replace(ends[0], doubt=f"'{low.multiple}' may belong to it or not"), ends[1]]


def _shared(low: _Side, high: _Side) -> tuple[_Side, _Side]:
    """What is written once for both: "$120 to 125 billion", "19 to 20 percent"."""
    low = replace(
        low,
        prefix=low.prefix or (high.prefix if not low.suffix else ""),
        suffix=low.suffix or (high.suffix if not low.prefix or low.prefix == "$" else ""),
        multiple=low.multiple or high.multiple,
        percent=low.percent or high.percent,
    )
    if not high.percent and not high.currency:
        high = replace(high, prefix=low.prefix, suffix=low.suffix)
    return low, high


def _is_range(match: re.Match[str], before: str, bare: bool) -> bool:
    """Whether two numbers are two ends; `bare` where only the second has a unit."""
    link = match["link"].strip()
    if link == "and":
        return bool(re.search(r"\bbetween (?:about |around |roughly )?$", before))
    if link != "to" and not (match["number_low"] + match["number_high"])[:1].isdigit():
        # The hyphen of sixty-two.
        return False
    if link != "to" or _LEVEL.search(before):
        return True
    return bare and not before.endswith("from ")


def _joined(low: TextFigure, high: TextFigure) -> TextFigure:
    """One quantity of two ends, in the unit of the upper one."""
    factor = Decimal(str(UNITS[low.unit][1])) / Decimal(str(UNITS[high.unit][1]))
    value = low.value * factor if factor != 1 else low.value
    doubt = low.doubt or high.doubt
    if UNITS[low.unit][0] != UNITS[high.unit][0] or not value < high.value:
        doubt = doubt or "its two ends are not understood as a range"
    return replace(high, value=value, upper=high.value, start=low.start, doubt=doubt, instead=None)


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _approximate(before: str) -> str:
    match = _ABOUT.search(before)
    if match is None:
        return ""
    if match["signs"]:
        return _SIGNS[match["signs"]]
    return next(name for name, got in match.groupdict().items() if got)


def _plain(match: re.Match[str], unit: str, kind: str, sentence: str) -> TextFigure:
    near = _approximate(sentence[: match.start()])
    return TextFigure(_number(match["number"]), unit, kind, match.start(), match.end(), near)


def _fraction(match: re.Match[str], sentence: str) -> TextFigure:
    """ "By a fifth": a percentage, and one that is never meant to the decimal."""
    value = 100 * numeral(f"{match['number']} of a").value
    figure = TextFigure(value, "percent", "percent", match.start(), match.end(), "about")
    return replace(_beside(figure, sentence), approximate="about")


def _duration(match: re.Match[str], sentence: str) -> TextFigure:
    number = match["number"]
    value = _number(number) if number else Decimal(WORDS[match["word"].lower()])
    unit = match["unit"].lower()
    unit = unit if unit == "times" else unit.rstrip("s") + "s"
    near = _approximate(sentence[: match.start()])
    return TextFigure(value, unit, "duration", match.start(), match.end(), near)


def _row(match: re.Match[str]) -> TextFigure:
    value = Decimal(_ORDINALS[match["word"].lower()])
    return TextFigure(value, "in a row", "row", match.start(), match.end())


def _rank(match: re.Match[str]) -> TextFigure:
    word = match["word"].lower()
    value = Decimal(WORDS[word] if word in WORDS else word)
    return TextFigure(value, "rank", "rank", match.start(), match.end())


def _count(match: re.Match[str], sentence: str) -> TextFigure | None:
    number = match["number"]
    if _YEAR.fullmatch(number):
        # A year: "2017 deployments".
        return None
    scale = multiple(match["scale"])[1] if match["scale"] else ""
    unit = f"{scale} {match['unit']}".strip()
    near = _approximate(sentence[: match.start()])
    return TextFigure(_number(number), unit, "count", match.start(), match.end(), near)
