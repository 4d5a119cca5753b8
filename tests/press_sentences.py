"""Sixty sentences, and twenty further ones, of the kinds that the press writes, with what a careful reader would say.

The reader holds only the record that ships. Written before the code that reads them was changed,
by a hand that did not change it. Predicates beside a figure ("a record") are not labelled: where
the figure is right and the predicate false, "agrees" or "cannot be tested" is right of the figure.
"""

from .press_labels import A, A_or_U, billion, C, C_or_U, Label, Labelled, percent, quantity, U


def _one(kind: str, text: str, *labels: Label) -> Labelled:
    return Labelled(kind, text, labels)


PERIODS = [
    _one(
        "period",
        "South Korea's exports to China totalled $162.1 billion in the second half of 2018.",
        billion(162.1, U),
    ),
    _one(
        "period",
        "In 4Q18, South Korea's exports to China were worth $162.1 billion.",
        billion(162.1, U),
    ),
    _one(
        "period",
        "In the first ten days of December 2017, South Korea's imports from China were $97.9 billion.",
        billion(97.9, U),
    ),
    _one(
        "period",
        "South Korea's trade surplus with China stood at $62.8 billion in fiscal 2013.",
        billion(62.8, U),
    ),
    _one(
        "period",
        "In the twelve months to March 2013 South Korea's exports to China were $145.9 billion.",
        billion(145.9, U),
    ),
    _one(
        "period",
        "As of end-September 2021, South Korea's exports to China had come to $162.9 billion.",
        billion(162.9, U),
    ),
    _one(
        "period",
        "South Korea's exports to China fell 16.0 percent in Jan-Nov 2019.",
        percent(16.0, U),
    ),
    _one(
        "period",
        "Between January and December 2018, South Korea's exports to China came to $162.1 billion.",
        billion(162.1, A),
    ),
    _one(
        "period",
        "For calendar 2021 as a whole, South Korea's exports to China amounted to $150.6 billion.",
        billion(150.6, C),
    ),
]

AMOUNTS = [
    _one("amount", "South Korea's exports to China reached $162.1B in 2018.", billion(162.1, A)),
    _one(
        "amount",
        "South Korea's imports from China came to USD 154.5bn in 2022.",
        billion(154.5, A),
    ),
    _one(
        "amount",
        "South Korea's imports from China in 2018 were US$ 106,489 m.",
        quantity(106489, "million US$", A),
    ),
    _one(
        "amount",
        "South Korea's exports to China stood at $126 203 million in 2019.",
        quantity(126203, "million US$", C),
    ),
    _one(
        "amount",
        "South Korea's exports to China amounted to 136.2 billion in US dollars in 2019.",
        billion(136.2, A),
    ),
    _one("amount", "South Korea's exports to China fell by a fifth in 2023.", percent(20, A)),
    _one(
        "amount",
        "South Korea's exports to China were more than half a trillion dollars in 2018.",
        quantity(0.5, "trillion US$", C_or_U),
    ),
    _one(
        "amount",
        "South Korea's exports to China were worth ₹11.1 lakh crore in 2018.",
        quantity(11.1, "lakh crore rupees", U),
    ),
    _one(
        "amount",
        "South Korea's exports to China were 1.1万亿 yuan in 2018.",
        quantity(1.1, "trillion yuan", U),
    ),
    _one(
        "amount", "South Korea's imports from China were B$ 107.2 in 2019.", billion(107.2, A_or_U)
    ),
]

DOLLARS = [
    _one(
        "dollars",
        "South Korea's exports to China were C$162.1 billion in 2018.",
        quantity(162.1, "billion Canadian dollars", U),
    ),
    _one(
        "dollars",
        "In 2021 South Korea's exports to China were 162.9 billion Singapore dollars.",
        quantity(162.9, "billion Singapore dollars", U),
    ),
    _one(
        "dollars",
        "South Korea's imports from China came to NZ$142.8 billion in 2023.",
        quantity(142.8, "billion New Zealand dollars", U),
    ),
    _one(
        "dollars",
        "South Korea's trade surplus with China was R$62.8 billion in 2013.",
        quantity(62.8, "billion reais", U),
    ),
    _one(
        "dollars",
        "South Korea's exports to China were $162.1 billion in 2018, measured in constant 2015 dollars.",
        quantity(162.1, "billion constant dollars", U),
    ),
    _one(
        "dollars",
        "South Korea's imports from China were 106.5 billion international dollars in 2018.",
        quantity(106.5, "billion international dollars", U),
    ),
    _one(
        "dollars",
        "South Korea's exports to China were worth U.S.$162.1 billion in 2018.",
        billion(162.1, A),
    ),
    _one(
        "dollars",
        "South Korea's exports to China were 165.7 billion American dollars in 2022.",
        billion(165.7, C),
    ),
]

RANGES = [
    _one(
        "range",
        "South Korea's exports to China were between 120 and 130 billion dollars in 2023.",
        billion((120, 130), A),
    ),
    _one(
        "range",
        "South Korea's imports from China in 2018 were 110-115 billion dollars.",
        billion((110, 115), C),
    ),
    _one(
        "range",
        "South Korea's exports to China came in at $160 to $165bn in 2018.",
        billion((160, 165), A),
    ),
    _one(
        "range",
        "South Korea's trade surplus with China was $50~$60 billion in 2018.",
        billion((50, 60), A),
    ),
    _one(
        "range",
        "South Korea's trade deficit with China in 2023 was somewhere from $15 billion to $17 billion.",
        billion((15, 17), C),
    ),
    _one(
        "range",
        "South Korea's exports to China fluctuated between $124.4 billion and $162.1 billion from 2015 "
        "to 2018.",
        billion((124.4, 162.1), A_or_U),
    ),
    _one(
        "range",
        "South Korea's imports from China were in the $140-billion range in 2023.",
        billion(140, A_or_U),
    ),
]

COMPARATORS = [
    _one(
        "comparator",
        "South Korea's exports to China topped $160 billion in 2018.",
        billion(160, A),
    ),
    _one(
        "comparator",
        "South Korea's imports from China surpassed $150 billion in 2023.",
        billion(150, C),
    ),
    _one(
        "comparator",
        "South Korea's trade surplus with China in 2018 was no more than $56 billion.",
        billion(56, A),
    ),
    _one(
        "comparator",
        "South Korea's exports to China fell short of $125 billion in 2016.",
        billion(125, A),
    ),
    _one(
        "comparator",
        "South Korea's exports to China in 2023 were nowhere near $160 billion.",
        billion(160, A_or_U),
    ),
    _one(
        "comparator",
        "South Korea's imports from China were less than half of $300 billion in 2023.",
        billion(300, A_or_U),
    ),
    _one(
        "comparator",
        "South Korea's exports to China in 2018 were twice $162.1 billion.",
        billion(162.1, C_or_U),
    ),
    _one(
        "comparator",
        "South Korea's exports to China were just shy of $125 billion in 2023.",
        billion(125, A),
    ),
    _one(
        "comparator",
        "South Korea's trade deficit with China was at least $20 billion in 2023.",
        billion(20, C),
    ),
    _one(
        "comparator",
        "South Korea's exports to China approached $163 billion in 2021.",
        billion(163, A),
    ),
]

DENIALS = [
    _one(
        "denial",
        "The notion that South Korea's imports from China were $154.5 billion in 2022 is a myth.",
        billion(154.5, C_or_U),
    ),
    _one(
        "denial",
        "South Korea's exports to China were not $162.1 billion in 2018.",
        billion(162.1, C_or_U),
    ),
    _one(
        "denial",
        "Officials called the figure of $55.6 billion for South Korea's 2018 trade surplus with China "
        "pure fiction.",
        billion(55.6, C_or_U),
    ),
    _one(
        "denial",
        "South Korea's exports to China in 2018 were $170 billion, a number since shown to be wrong.",
        billion(170, A_or_U),
    ),
    _one(
        "denial",
        "Contrary to reports, South Korea did not run a trade surplus of $18 billion with China in 2023.",
        billion(18, A_or_U),
    ),
]

CUT = [
    _one(
        "cut",
        "South Korea's exports to China were $162,1 bn in 2018.",
        billion(162.1, A_or_U),
    ),
    _one(
        "cut",
        "South Korea's imports from China were $106.488.590.000 in 2018.",
        quantity(106488590000, "US$", A_or_U),
    ),
    _one(
        "cut",
        "South Korea's exports to China were US$136.2billion in2019.",
        billion(136.2, A_or_U),
    ),
    _one(
        "cut",
        "South Korea's exports to China in 2018 were $162. 1 billion.",
        billion(162.1, A_or_U),
    ),
]

PLAIN = [
    _one(
        "plain",
        "South Korea exported goods worth $145.3 billion to China in 2014.",
        billion(145.3, A),
    ),
    _one("plain", "South Korea's imports from China rose 8.8 percent in 2018.", percent(8.8, A)),
    _one(
        "plain",
        "South Korea posted a trade deficit of $24.3 billion with China in 2021.",
        billion(24.3, C),
    ),
    _one(
        "plain",
        "In 2016, exports from South Korea to China dropped 9.3 percent to $124.4 billion.",
        percent(9.3, A),
        billion(124.4, A),
    ),
    _one(
        "plain",
        "China imported $213.6 billion of goods from South Korea in 2021.",
        billion(213.6, A),
    ),
    _one(
        "plain",
        "South Korea's exports to the United States came to $128.4 billion in 2024.",
        billion(128.4, A),
    ),
    _one(
        "plain",
        "South Korea's imports from China climbed to $154.5 billion in 2022 from $128.6 billion in 2021.",
        billion(154.5, A),
        billion(128.6, C),
    ),
]

SENTENCES = [
    *PERIODS, *AMOUNTS, *DOLLARS, *RANGES, *COMPARATORS, *DENIALS, *CUT, *PLAIN
]  # fmt: skip

# Forms that the sixty leave out; labelled after those had been scored and before these were read.
FURTHER = [
    _one(
        "period", "South Korea's exports to China were $136.2 billion in 2019Q3.", billion(136.2, U)
    ),
    _one(
        "period",
        "South Korea's imports from China hit $154.5 billion in H1 2022.",
        billion(154.5, U),
    ),
    _one(
        "period",
        "In the 2013/14 academic year South Korea's exports to China were $145.9 billion.",
        billion(145.9, U),
    ),
    _one(
        "period",
        "South Korea's exports to China for 2018 year to date were $162.1 billion.",
        billion(162.1, U),
    ),
    _one(
        "amount",
        "South Korea's imports from China were $142.8 mn in 2023.",
        quantity(142.8, "million US$", C),
    ),
    _one("amount", "South Korea's exports to China came to $155.7bln in 2022.", billion(155.7, A)),
    _one(
        "amount",
        "South Korea's exports to China came to ¥17.6 trillion in 2018.",
        quantity(17.6, "trillion yen", U),
    ),
    _one(
        "amount",
        "South Korea's exports to China were worth $16,212.5 crore in 2018.",
        quantity(16212.5, "crore US$", A_or_U),
    ),
    _one(
        "dollars",
        "South Korea's exports to China came to NT$162.1 billion in 2018.",
        quantity(162.1, "billion New Taiwan dollars", U),
    ),
    _one(
        "dollars",
        "South Korea's imports from China were S$142.8 billion in 2023.",
        quantity(142.8, "billion Singapore dollars", U),
    ),
    _one(
        "dollars",
        "South Korea's exports to China were HK$ 145.9 billion in 2013.",
        quantity(145.9, "billion Hong Kong dollars", U),
    ),
    _one(
        "range",
        "South Korea's trade surplus with China in 2013 was $60bn-$65bn.",
        billion((60, 65), A),
    ),
    _one(
        "range",
        "South Korea's imports from China were 105~110 billion dollars in 2018.",
        billion((105, 110), A),
    ),
    _one(
        "range",
        "South Korea's exports to China in 2023 were anywhere from $130 billion to $140 billion.",
        billion((130, 140), C),
    ),
    _one(
        "comparator",
        "South Korea's exports to China crossed $170 billion in 2021.",
        billion(170, C),
    ),
    _one(
        "comparator",
        "South Korea's imports from China were greater than $140 billion in 2023.",
        billion(140, A),
    ),
    _one(
        "comparator",
        "South Korea's exports to China did not exceed $150 billion in 2013.",
        billion(150, A),
    ),
    _one(
        "comparator",
        "South Korea's exports to China were three times $41.6 billion in 2023.",
        billion(41.6, A_or_U),
    ),
    _one(
        "denial",
        "It is untrue that South Korea's imports from China were $106.5 billion in 2018.",
        billion(106.5, C_or_U),
    ),
    _one(
        "denial",
        "The claim that South Korea's exports to China were $162.9 billion in 2021 is nonsense.",
        billion(162.9, C_or_U),
    ),
]
