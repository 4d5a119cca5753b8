"""Amounts, currencies and ranges as the press writes them: read whole, or not at all."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from detente.claims.reading import read, Reading
from detente.claims.reading.neighbours import AFTER_AMOUNT, BEFORE_AMOUNT
from detente.claims.reading.numerals import numeral
from detente.claims.reading.quantities import quantities, TextFigure
from detente.claims.reading.text import tidy
from detente.claims.record import Record
from detente.claims.verdict import Verdict


UNTESTABLE = "cannot be tested"


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """What every machine has: the record that ships, whatever its user added."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DETENTE_HOME", str(tmp_path_factory.mktemp("home")))
        return Record.open()


def about(
    text: str, record: Record, kinds: tuple[str, ...] = ("money", "percent")
) -> list[Reading]:
    return [one for one in read(text, record) if one.kind in kinds]


def verdicts(text: str, record: Record) -> list[str]:
    return [one.verdict.value for one in about(text, record)]


def exports(amount: str) -> str:
    """A sentence that holds where the amount is 124.8 billion US$."""
    return f"South Korea's exports to China were {amount} in 2023."


def surplus(amount: str, year: int = 2013) -> str:
    return f"South Korea's trade surplus with China was {amount} in {year}."


@pytest.mark.parametrize(
    "sentence",
    [
        surplus("$62.8B"),
        surplus("$62.8 Bn"),
        surplus("$62 820 million"),
        exports("$124.8-billion"),
        exports("$124.8 bln"),
        "South Korea's exports to China fell 19.8pc in 2023.",
        surplus("negative $18.0 billion", 2023),
    ],
)
def test_c21_forms_of_amounts_are_read(sentence: str, record: Record) -> None:
    assert verdicts(sentence, record) == ["agrees"]


def test_c21_a_point_for_thousands_contradicts_nothing(record: Record) -> None:
    (found,) = about(exports("$124.800 million"), record)
    assert found.verdict is Verdict.untestable
    assert found.probably == "124,800 million US$"
    assert "two ways" in found.found


@pytest.mark.parametrize(
    "amount",
    ["A$124.8 billion", "HK$124.8 billion"],
)
def test_c22_other_dollars_are_another_currency(amount: str, record: Record) -> None:
    (found,) = about(exports(amount), record)
    assert found.verdict is Verdict.untestable
    assert "exchange rate" in found.found and "dollars" in found.unit


@pytest.mark.parametrize(
    ("sentence", "low", "high"),
    [
        ("South Korea's exports to China were between $140 billion and $150 billion in 2013.", 140, 150),
        ("South Korea's exports to China were $120–$125 billion in 2023.", 120, 125),
    ],
)  # fmt: skip
def test_c23_a_range_is_one_quantity(sentence: str, low: int, high: int, record: Record) -> None:
    (found,) = about(sentence, record)
    assert (found.value, found.upper, found.unit) == (low, high, "billion US$")
    assert found.verdict is Verdict.agrees


@pytest.mark.parametrize(
    "amount",
    [
        "$124.8B", "US$124.8bn", "US $124.8 billion", "U.S. $124.8 billion", "USD 124.8bn",
        "$US124.8 billion", "124.8 billion USD", "124.8bn US dollars", "124.8 billion in US dollars",
        "$124.8 bn.", "$124.8bln", "$124,800 million", "$124 800 million", "$124\u2009800 million",
        "$124,800,000,000", "$124 800 000 000", "$0.1248 trillion", "$124.8 thousand million",
        "1,248 hundred million dollars", "1,248亿美元", "$12,480 crore", "$1.248e11", "＄124.8 billion",
        "$124\u200b.8 billion", "$124.8\u00a0billion", "one hundred and twenty-four point eight billion dollars",
        "about an eighth of a trillion dollars", "approx. $125bn", "~$125 billion", "c.$124.8bn",
        "$124.8 billion or so", "$124.8 billion (163 trillion won)", "just over $124 billion",
        "$120bn to $130bn", "$120-130 billion", "US$120-US$130 billion", "124 to 126 billion dollars",
        "between 124 and 126 billion dollars", "$124.8bn\u2010$125bn", "124.8 billion American dollars",
    ],
)  # fmt: skip
def test_well_understood_amounts_are_read(amount: str, record: Record) -> None:
    assert verdicts(exports(amount), record)[0] == "agrees", amount


@pytest.mark.parametrize(
    "amount",
    [
        "$124.8MM", "$124.8x billion", "$124.8 bilion", "$124.8 gazillion", "$124.8bn/yr",
        "$124.8 billion a month", "$124.8 billion p.a.", "$124.8 billion each", "$124.8 billion*",
        "$124.8 billion1", "$124.8¹ billion", "$124.8 billion-a-month", "2 x $124.8 billion",
        "a third of $124.8 billion", "10% of $124.8 billion", "half $124.8 billion",
        "-$124.8 billion", "−$124.8 billion", "($124.8 billion)", "#$124.8 billion",
        "$124.8 billion and counting", "$124.8 billion plus $10 billion", "$124,8 billion",
        "$124.8.0 billion", "$124 4/5 billion", "$124:8 billion", "$124.8½ billion",
        "$124.8 billion in chips", "$124.8 billion in PPP terms", "$124.8 billion by volume",
        "$124.8 billion on a fiscal basis", "$124.8 billion (half)", "$124.8 billion billion",
    ],
)  # fmt: skip
def test_what_stands_beside_an_amount_and_is_not_understood(amount: str, record: Record) -> None:
    assert set(verdicts(exports(amount), record)) == {UNTESTABLE}, amount


@pytest.mark.parametrize(
    "amount",
    [
        "AU$124.8 billion", "NT$124.8 billion", "C$124.8 billion", "Can$124.8 billion",
        "$A124.8 billion", "$HK124.8 billion", "S$124.8 billion", "NZ$124.8 billion",
        "R$124.8 billion", "XYZ$124.8 billion", "AUD 124.8 billion", "HKD124.8 billion",
        "Australian $124.8 billion", "HK $124.8 billion", "$124.8 billion Canadian",
        "$124.8 billion AUD", "124.8 billion dollars of Singapore", "$124.8 billion, Canadian,",
        "124.8 billion Liberian dollars", "124.8 billion US cents", "$124.8 billion HKD",
        "124.8 billion PPP dollars", "124.8 billion 2015 dollars", "€124.8 billion",
        "£124.8 billion", "¥124.8 billion", "₹124.8 billion", "124.8 billion euros",
    ],
)  # fmt: skip
def test_money_of_others_is_never_us_dollars(amount: str, record: Record) -> None:
    found = read(exports(amount), record)
    assert {one.verdict for one in found} <= {Verdict.untestable}
    assert not any(one.unit == "billion US$" and not one.found for one in found)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("half a billion dollars", "0.5"), ("a quarter of a trillion dollars", "0.25"),
        ("three quarters of a billion dollars", "0.75"), ("one and a half billion dollars", "1.5"),
        ("eighteen billion dollars", "18"), ("sixty-two billion dollars", "62"),
        ("two hundred and six billion dollars", "206"), ("a billion dollars", "1"),
        ("two-thirds of a billion dollars", "0.666"), ("62 and a half billion dollars", "62.5"),
    ],
)  # fmt: skip
def test_fractions_multiples_and_numbers_in_words(written: str, value: str) -> None:
    (found,) = quantities(f"It was {written} then.")
    assert (found.value, found.kind) == (Decimal(value), "money")


@pytest.mark.parametrize(
    ("written", "value", "instead"),
    [
        ("62,82", "62.82", "62.82"), ("1.248.000", "1248000", "1248000"), ("124.800", "124.8", "124800"),
        ("124,800", "124800", "124.8"), ("1,24,800", "124800", None), ("124'800", "124800", None),
        ("0,128", "0.128", "0.128"), ("124 800", "124800", None), ("1.248e3", "1248", None),
    ],
)  # fmt: skip
def test_a_number_is_read_whole(written: str, value: str, instead: str | None) -> None:
    found = numeral(written)
    assert found.value == Decimal(value)
    assert found.instead == (None if instead is None else Decimal(instead))
    assert bool(found.doubt) == (written in ("62,82", "1.248.000", "0,128"))


@pytest.mark.parametrize(
    ("sentence", "meant"),
    [
        ("South Korea's exports to China were $16.21bn in 2018.", "162.1 billion US$"),
        ("South Korea's exports to China were $1,248 billion in 2023.", "124.8 billion US$"),
        (exports("$124,8 billion"), "124.8 billion US$"),
        (exports("$124.800m"), "124,800 million US$"),
        (surplus("$62.820 million"), "62,820 million US$"),
    ],
)
def test_what_was_probably_meant(sentence: str, meant: str, record: Record) -> None:
    (found,) = about(sentence, record)
    assert found.verdict is not Verdict.agrees
    assert found.probably == meant


def test_a_factor_of_ten_needs_three_printed_digits(record: Record) -> None:
    (found,) = about(surplus("$180 billion", 2023), record)
    assert not found.probably.startswith("18 billion")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        (surplus("-$18.0 billion", 2023), ["agrees"]),
        (surplus("minus $18 billion", 2023), ["agrees"]),
        (surplus("negative US$18bn", 2023), ["agrees"]),
        (surplus("negative $62.8 billion", 2013), ["contradicts"]),
        (surplus("($18.0 billion)", 2023), [UNTESTABLE]),
        ("South Korea's trade deficit with China was -$18.0 billion in 2023.", [UNTESTABLE]),
        ("South Korea's exports to China fell -19.8% in 2023.", [UNTESTABLE]),
    ],
)
def test_signs(sentence: str, said: list[str], record: Record) -> None:
    assert verdicts(sentence, record) == said


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("South Korea's exports to China were between $150 billion and $160 billion in 2013.", ["contradicts"]),
        ("South Korea's exports to China fell from $155.7 billion in 2022 to $124.8 billion in 2023.", ["agrees", "agrees"]),
        ("South Korea's exports to China fell by 19 to 20 percent in 2023.", ["agrees"]),
        ("South Korea's exports to China fell 19-20% in 2023.", ["agrees"]),
        ("South Korea's exports to China fell between 10% and 15% in 2023.", ["contradicts"]),
        (exports("$130–$120 billion"), [UNTESTABLE]),
        (exports("$120 million–€125 billion"), [UNTESTABLE]),
        (exports("$124.8 and $142.8 billion"), [UNTESTABLE, "contradicts"]),
        ("South Korea's exports to China fell from $155.7 to $124.8 billion in 2023.", [UNTESTABLE, "agrees"]),
        ("South Korea's exports to China fell by a fifth in 2023.", ["agrees"]),
        ("South Korea's exports to China fell by a quarter in 2023.", ["contradicts"]),
    ],
)  # fmt: skip
def test_ranges_and_parts(sentence: str, said: list[str], record: Record) -> None:
    assert verdicts(sentence, record) == said


@pytest.mark.parametrize(
    "rate",
    [
        "19.8 %p", "19.8 pp", "19.8% a month", "19.8% month-on-month", "19.8% qoq", "19.8% by volume",
        "19.8% in won terms", "19.8% from 2021", "19.8% compared with 2019", "19.8% from its peak",
        "19.8% a year", "to 19.8%", "19,8%", "19.8¹%", "19.8% on 2018", "19.8 k%", "19.8% yearly",
        "19.8% ex-chips", "19.8‰", "19.8% annualised",
    ],
)  # fmt: skip
def test_rates_that_are_not_the_growth_of_the_year(rate: str, record: Record) -> None:
    assert set(verdicts(f"South Korea's exports to China fell {rate} in 2023.", record)) <= {
        UNTESTABLE
    }


NUMBERS = st.decimals("0.1", "999.9", places=1)
SCALES = {"": "1E-3", "billion": "1", "bn": "1", "bln": "1", "B": "1", "million": "1E-3", "mn": "1E-3",
          "trillion": "1E+3", "tn": "1E+3", "hundred million": "1E-1"}  # fmt: skip


@given(
    NUMBERS,
    st.sampled_from(sorted(SCALES)),
    st.sampled_from(["$", "US$", "US $", "USD ", "U.S.$", "$US"]),
    st.sampled_from(["", " ", "-"]),
)
@settings(max_examples=300, deadline=None)
def test_every_form_of_a_us_dollar_amount_has_its_value(
    number: Decimal, scale: str, symbol: str, gap: str
) -> None:
    """Thousands of forms: symbol, number, gap and multiple in any combination."""
    gap = gap if scale else ""
    if symbol == "$US" and not str(number)[0].isdigit():
        return
    (found,) = quantities(tidy(f"exports of {symbol}{number}{gap}{scale} in 2023"))
    value, unit = float(found.amount().value), found.unit
    factor = Decimal("1E-9") if not scale else Decimal(SCALES[scale])
    assert unit.endswith("US$") and not found.doubt
    assert value == pytest.approx(float(number * factor * 1000), rel=1e-12)


POWERS = {
    12: ("trillion", "trillions", "trn", "tn", "trln", "T", "lakh crore", "万亿"),
    11: ("hundred billion",),
    9: ("billion", "billions", "bil", "bln", "bn", "B", "b", "mrd", "thousand million"),
    8: ("hundred million", "亿", "億"),
    7: ("crore",),
    6: ("million", "millions", "mil", "mln", "mn", "mio", "m", "M"),
    5: ("lakh", "hundred thousand"),
    3: ("thousand", "k", "K"),
}
"""Of ten, as dictionaries have them: a lakh is 100,000, a crore 100 lakh, 亿 is 10,000 times 万."""
SCALED = [(word, power) for power, words in POWERS.items() for word in words]
ISO_4217 = {
    "US$": "USD", "Australian dollars": "AUD", "Canadian dollars": "CAD", "Hong Kong dollars": "HKD",
    "New Taiwan dollars": "TWD", "Singapore dollars": "SGD", "New Zealand dollars": "NZD",
    "euro": "EUR", "pounds": "GBP", "won": "KRW", "yuan": "CNY", "yen": "JPY",
    "Indian rupees": "INR", "Swiss francs": "CHF",
}  # fmt: skip


@pytest.mark.parametrize(("word", "power"), SCALED)
def test_every_multiple_is_its_power_of_ten(word: str, power: int) -> None:
    (found,) = quantities(tidy(f"exports of $12.5 {word} in 2023"))
    assert float(found.amount().value) == pytest.approx(12.5 * 10.0 ** (power - 6))


@pytest.mark.parametrize(("unit", "code"), ISO_4217.items())
def test_every_currency_is_known_by_its_code(unit: str, code: str) -> None:
    """Before the number and after it; the codes are those of ISO 4217."""
    for form in (f"{code} 12.5 billion", f"12.5 billion {code}", f"{code}12.5bn"):
        (found,) = quantities(tidy(f"exports of {form} in 2023"))
        assert found.unit == f"billion {unit}" and not found.doubt


WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=9)
MARKS = st.sampled_from(
    ["*", "†", "/yr", "¹", "%", "x", "^2", "-fold", "~", "#", "=", "\\", "|", "ish", "½"]
)
OTHERS = st.sampled_from(
    "Australian fiscal monthly Canadian half twice triple net gross nominal quarterly each apiece "
    "PPP Q4 pro-forma extra square weekly hundred thousand dozen per Singapore times MM GW TEU "
    "kilograms pre-tax seasonal chained hypothetical former minus plus ex partial".split()
)


@given(st.one_of(WORDS, MARKS, OTHERS), st.sampled_from(["before", "after", "attached", "inside"]))
@settings(max_examples=300, deadline=None)
def test_nothing_unknown_beside_an_amount_leaves_a_verdict(
    record: Record, token: str, place: str
) -> None:
    """Any token that no list knows, before, after or within a true and a false amount."""
    known = (
        BEFORE_AMOUNT | AFTER_AMOUNT | {"bn", "tn", "mn", "bln", "trn", "mil", "bil", "mio", "mrd"}
    )
    if token in known or token in ("or", "an"):
        return
    for amount in ("$124.8 billion", "$129.8 billion"):
        forms = {
            "before": f"{token} {amount}",
            "after": f"{amount} {token}",
            "attached": f"{amount}{token}",
            "inside": amount.replace(" ", f" {token} "),
        }
        found = verdicts(exports(forms[place]), record)
        allowed = {"agrees"} if token == "~" and place == "before" else set()
        assert set(found) <= {UNTESTABLE} | allowed, forms[place]


@given(st.text("ABCDEFGHIJKLMNOPQRSTVWXYZ", min_size=1, max_size=4))
@settings(max_examples=300, deadline=None)
def test_letters_before_a_dollar_sign_make_it_another_dollar(record: Record, letters: str) -> None:
    for written in (f"{letters}$124.8 billion", f"${letters}124.8 billion", f"{letters} 124.8bn"):
        if letters not in ("US", "USD"):
            assert "agrees" not in verdicts(exports(written), record), written


@given(
    st.integers(1, 999),
    st.integers(0, 999),
    st.sampled_from([",", ".", " ", "'", "\u2009", "\u202f"]),
)
@settings(max_examples=200, deadline=None)
def test_a_grouped_number_is_never_cut(first: int, second: int, mark: str) -> None:
    (found,) = quantities(tidy(f"a surplus of ${first}{mark}{second:03d} million in 2013"))
    assert isinstance(found, TextFigure)
    whole = Decimal(first * 1000 + second)
    assert found.value == whole or found.instead == whole


def test_a_range_is_held_with_its_ends(record: Record) -> None:
    (found,) = quantities("exports of $120-125 billion in 2023")
    amount = found.amount()
    assert amount.value == 122_500 and amount.rounding == 2_500 + 500
    assert replace(found, upper=None).amount().rounding == 500
