"""Short texts with what a careful reader would say of them, holding only the shipped record.

Each has the verdict of every quantity in it, in order; `None` for the second of a pair means that
nothing is to be mended. Written before the reader was run on them.
"""

A, C, U = "agrees", "contradicts", "cannot be tested"

# name: (text, [(value, unit, verdict, what was probably meant)])
TEXTS: dict[str, tuple[str, list[tuple[float, str, str, str | None]]]] = {
    "plain level": (
        "South Korea's exports to China were US$162.1 billion in 2018.",
        [(162.1, "billion US$", A, None)],
    ),
    "wrong sign": (
        "South Korea ran a trade deficit of $55.6 billion with China in 2018.",
        [(55.6, "billion US$", C, "a surplus")],
    ),
    "wrong year": (
        "In 2017, South Korea posted a trade surplus of US$55.6 billion with China.",
        [(55.6, "billion US$", C, "2018")],
    ),
    "wrong partner": (
        "South Korea's trade surplus with Japan reached US$55.6 billion in 2018.",
        [(55.6, "billion US$", U, "China")],
    ),
    "million for billion": (
        "South Korean exports to China came to $124.8 million in 2023.",
        [(124.8, "million US$", C, "124.8 billion US$")],
    ),
    "trillion for billion": (
        "Korean imports from China hit $142.8 trillion in 2023.",
        [(142.8, "trillion US$", C, "142.8 billion US$")],
    ),
    "points are not percent": (
        "South Korea's exports to China fell 20 percentage points in 2023.",
        [(20, "percentage points", U, None)],
    ),
    "growth": (
        "South Korea's exports to China fell 20 percent in 2023.",
        [(20, "percent", A, None)],
    ),
    "growth with the wrong direction": (
        "South Korea's exports to China rose 20 percent in 2023.",
        [(20, "percent", C, None)],
    ),
    "forecast": (
        "South Korea's exports to China are expected to reach $124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "target": (
        "Seoul aims for a trade surplus of $55.6 billion with China in 2018.",
        [(55.6, "billion US$", U, None)],
    ),
    "negation": (
        "South Korea did not record a trade deficit of $18 billion with China in 2023.",
        [(18, "billion US$", U, None)],
    ),
    "denial": (
        "It is false that South Korea's exports to China were $124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "condition": (
        "If South Korea's exports to China had been $124.8 billion in 2023, jobs were lost.",
        [(124.8, "billion US$", U, None)],
    ),
    "question": (
        "Were South Korea's exports to China $124.8 billion in 2023?",
        [(124.8, "billion US$", U, None)],
    ),
    "investment is not trade": (
        "Samsung invested $124.8 billion in China in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "a product is not all trade": (
        "South Korea's exports of chips to China were $124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "a product in front": (
        "South Korean car exports to China were $124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "services": (
        "South Korea's services exports to China were $162.1 billion in 2018.",
        [(162.1, "billion US$", U, None)],
    ),
    "budget deficit": (
        "South Korea had a budget deficit of $18 billion in 2023, said a think tank in China.",
        [(18, "billion US$", U, None)],
    ),
    "no partner": (
        "South Korea's exports came to $124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "no year": (
        "South Korea's exports to China came to $124.8 billion.",
        [(124.8, "billion US$", U, None)],
    ),
    "part of a year": (
        "South Korea's exports to China were $124.8 billion in the first half of 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "several years": (
        "South Korea's exports to China were $124.8 billion between 2018 and 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "two years in one sentence": (
        "South Korea's exports to China fell from $155.7 billion in 2022 to $124.8 billion in 2023.",
        [(155.7, "billion US$", A, None), (124.8, "billion US$", A, None)],
    ),
    "a year earlier": (
        "South Korea's imports from China were $142.8 billion in 2023, "
        "down from $154.5 billion a year earlier.",
        [(142.8, "billion US$", A, None), (154.5, "billion US$", A, None)],
    ),
    "exports and imports": (
        "In 2018 South Korea's exports to China were $162.1 billion and "
        "imports from China $106.5 billion.",
        [(162.1, "billion US$", A, None), (106.5, "billion US$", A, None)],
    ),
    "exports and imports exchanged": (
        "In 2018 South Korea's exports to China were $106.5 billion and "
        "imports from China $162.1 billion.",
        [(106.5, "billion US$", C, "imports"), (162.1, "billion US$", C, "exports")],
    ),
    "the other side's book": (
        "China's imports from South Korea were US$162.5 billion in 2023.",
        [(162.5, "billion US$", A, None)],
    ),
    "one side's figure as the other's": (
        "China's imports from South Korea were US$124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "two-way trade": (
        "Two-way trade between China and South Korea was $310.2 billion in 2022.",
        # So on Korean customs; on China's, whole since its exports of 2022 ship, it is 362.8.
        [(310.2, "billion US$", U, None)],
    ),
    "two-way trade, wrong": (
        "Two-way trade between China and South Korea was $362.3 billion in 2022.",
        # The first print of China's customs, 0.1 percent from the stored one: a revision.
        [(362.3, "billion US$", U, None)],
    ),
    "about": (
        "South Korea's surplus with China was about $63 billion in 2013.",
        [(63, "billion US$", A, None)],
    ),
    "over": (
        "South Korea's exports to China were over $160 billion in 2018.",
        [(160, "billion US$", A, None)],
    ),
    "over, wrong": (
        "South Korea's exports to China were over $130 billion in 2023.",
        [(130, "billion US$", C, None)],
    ),
    "a change is not a level": (
        "South Korea's exports to China fell by $30.9 billion in 2023.",
        [(30.9, "billion US$", U, None)],
    ),
    "a share is not growth": (
        "In 2023, 20 percent of South Korea's exports went to China.",
        [(20, "percent", U, None)],
    ),
    "won": (
        "South Korea's exports to China were 124.8 billion won in 2023.",
        [(124.8, "billion won", U, None)],
    ),
    "per month": (
        "South Korea's exports to China were $10.4 billion a month in 2023.",
        [(10.4, "billion US$", U, None)],
    ),
    "first in years": (
        "In 2023 South Korea had a trade deficit of $18 billion with China, the first in 31 years.",
        [(18, "billion US$", A, None), (31, "years", A, None)],
    ),
    "first in too many years": (
        "In 2023 South Korea had a trade deficit of $18 billion with China, the first in 40 years.",
        [(18, "billion US$", A, None), (40, "years", C, None)],
    ),
    "mixed units in brackets": (
        "The deal is worth 1 trillion won (US$690.6 billion) a year.",
        [(1, "trillion won", U, None), (690.6, "billion US$", U, None)],
    ),
    "North for South": (
        "North Korean exports to China were $162.1 billion in 2018.",
        [(162.1, "billion US$", U, "South Korea")],
    ),
    "garbled spacing": (
        "South Korea ’s exports to China in 2023 dropped 20 % yr- on- time, to$ 124.8 billion&nbsp, .",
        [(20, "percent", A, None), (124.8, "billion US$", A, None)],
    ),
    "digits of another flow": (
        "China's trade surplus with South Korea was $18 billion in 2023.",
        [(18, "billion US$", U, None)],
    ),
    "compared with another country": (
        "South Korea's exports to China were $124.8 billion in 2023, against $115.7 billion to the US.",
        [(124.8, "billion US$", A, None), (115.7, "billion US$", U, None)],
    ),
    "the speaker is not the exporter": (
        "China said South Korea's exports to the United States were $124.8 billion in 2023.",
        # Korea's exports to the United States ship since the record reaches 2024: 116.3.
        [(124.8, "billion US$", C, "China")],
    ),
    "cumulative": (
        "South Korea's cumulative trade surplus with China was $55.6 billion by 2018.",
        [(55.6, "billion US$", U, None)],
    ),
}

# A second set, harder, written after the reader held on the first and before it saw these.
HARDER: dict[str, tuple[str, list[tuple[float, str, str, str | None]]]] = {
    "an expectation beside the fact": (
        "While analysts had expected $170 billion, South Korea's exports to China in 2018 came to "
        "$162.1 billion.",
        [(170, "billion US$", U, None), (162.1, "billion US$", A, None)],
    ),
    "a verb": (
        "South Korea exported $162.1 billion worth of goods to China in 2018.",
        [(162.1, "billion US$", A, None)],
    ),
    "exports from": (
        "Exports from South Korea to China totalled US$136.2 billion in 2019.",
        [(136.2, "billion US$", A, None)],
    ),
    "the other flow": (
        "South Korea's imports from China totalled US$136.2 billion in 2019.",
        [(136.2, "billion US$", C, "exports")],
    ),
    "from one year to another, backwards": (
        "South Korea's trade surplus with China narrowed to $29 billion in 2019 from $55.6 billion "
        "in 2018.",
        [(29, "billion US$", A, None), (55.6, "billion US$", A, None)],
    ),
    "a balance that shrank by": (
        "South Korea's trade surplus with China shrank by $26.7 billion in 2019.",
        [(26.7, "billion US$", U, None)],
    ),
    "another country's exports": (
        "Vietnam's exports to China were $124.8 billion in 2023.",
        [(124.8, "billion US$", U, "South Korea")],
    ),
    "shipments of a product": (
        "South Korea's semiconductor shipments to China were $55.6 billion in 2018.",
        [(55.6, "billion US$", U, None)],
    ),
    "a sector's balance": (
        "In 2018, South Korea's agricultural trade deficit with China was $55.6 billion.",
        [(55.6, "billion US$", U, None)],
    ),
    "a record that was one": (
        "South Korea recorded its largest ever trade surplus with China, $62.8 billion, in 2013.",
        [(62.8, "billion US$", A, None)],
    ),
    "growth of a balance": (
        "South Korea's surplus with China fell 48 percent to $29 billion in 2019.",
        [(48, "percent", U, None), (29, "billion US$", A, None)],
    ),
    "a share of exports": (
        "Exports to China accounted for 25 percent of South Korea's exports in 2018.",
        [(25, "percent", U, None)],
    ),
    "growth to a decimal": (
        "South Korea's exports to China grew 14.2 percent in 2017.",
        [(14.2, "percent", A, None)],
    ),
    "growth a decimal off": (
        # Stored: 14.1. A tenth of a point is what a revision of either year makes of it.
        "South Korea's exports to China grew 14.2 percent in 2018.",
        [(14.2, "percent", U, None)],
    ),
    "another pair": (
        "Trade between China and Japan was $310.2 billion in 2022.",
        [(310.2, "billion US$", U, None)],
    ),
    "two partners together": (
        "South Korea's exports to China and Japan were $162.1 billion in 2018.",
        [(162.1, "billion US$", U, None)],
    ),
    "with Hong Kong": (
        "South Korea's exports to mainland China and Hong Kong were $162.1 billion in 2018.",
        [(162.1, "billion US$", U, None)],
    ),
    "the other book, named": (
        "According to Chinese customs, South Korea's exports to China were $162.5 billion in 2023.",
        [(162.5, "billion US$", A, None)],
    ),
    "an aside after the figure": (
        "In 2013, South Korea's surplus with China stood at $62.8 billion, twice that of 2009.",
        [(62.8, "billion US$", A, None)],
    ),
    "nobody's deficit": (
        "The deficit with China was 18 billion dollars in 2023.",
        [(18, "billion US$", U, None)],
    ),
    "millions written out": (
        "South Korea's exports to China were 162,125 million dollars in 2018.",
        [(162125, "million US$", A, None)],
    ),
    "a share beside the level": (
        "South Korea's exports to China were $162.1bn in 2018, or 27% of the total.",
        [(162.1, "billion US$", A, None), (27, "percent", U, None)],
    ),
    "per head": (
        "South Korea's per-capita exports to China were $3,100 in 2018.",
        [(0.0031, "million US$", U, None)],
    ),
    "at constant prices": (
        "South Korea's exports to China were $162.1 billion in 2018 prices.",
        [(162.1, "billion US$", U, None)],
    ),
    "affiliates": (
        "Affiliates of South Korean firms in China had exports of $162.1 billion in 2018.",
        [(162.1, "billion US$", U, None)],
    ),
    "America's imports": (
        "US imports from China fell 8 percent to $142.8 billion in 2023, South Korea noted.",
        [(8, "percent", U, "South Korea"), (142.8, "billion US$", U, "South Korea")],
    ),
    "two years, the later first": (
        "By 2023 South Korea's surplus of $55.6 billion with China in 2018 had become a deficit of "
        "$18 billion.",
        [(55.6, "billion US$", A, None), (18, "billion US$", A, None)],
    ),
    "a relative clause": (
        "South Korea's exports to China, which were $162.1 billion in 2018, fell to $124.8 billion "
        "in 2023.",
        [(162.1, "billion US$", A, None), (124.8, "billion US$", A, None)],
    ),
    "growth over several years": (
        "South Korea's imports from China rose 34 percent between 2018 and 2023, to $142.8 billion.",
        [(34, "percent", A, None), (142.8, "billion US$", A, None)],
    ),
    "both countries' exports": (
        "Chinese exports of $142.8 billion to South Korea in 2023 exceeded Korean exports to China "
        "of $124.8 billion.",
        [(142.8, "billion US$", U, None), (124.8, "billion US$", A, None)],
    ),
    "a revision": (
        "South Korea's trade deficit with China in 2023 was $18.0 billion, revised to $18.1 billion.",
        [(18.0, "billion US$", A, None), (18.1, "billion US$", A, None)],
    ),
    "a rare multiple": (
        "South Korea's trade surplus with China was $0.0556 trillion in 2018.",
        [(0.0556, "trillion US$", A, None)],
    ),
    "a list without an exporter": (
        "Exports to China: $162.1bn (2018), $124.8bn (2023), said officials.",
        [(162.1, "billion US$", U, None), (124.8, "billion US$", U, None)],
    ),
    "a sum over two countries": (
        "South Korea and Taiwan had a combined trade surplus of $55.6 billion with China in 2018.",
        [(55.6, "billion US$", U, None)],
    ),
    "an error reported": (
        "The report wrongly put South Korea's exports to China at $124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "a neighbour's sentence": (
        "South Korea trades with China. Germany's trade surplus was $55.6 billion in 2018.",
        [(55.6, "billion US$", U, None)],
    ),
    "anaphora across countries": (
        "In 2018 South Korea had a trade surplus of $55.6 billion with China. Japan had a deficit "
        "of $18 billion.",
        [(55.6, "billion US$", A, None), (18, "billion US$", U, None)],
    ),
}

# A third set, held out: written after the reader held on the other two, and run once before it was
# changed again; docs/explanation/claims.md reports that run.
HELD_OUT: dict[str, tuple[str, list[tuple[float, str, str, str | None]]]] = {
    "press style": (
        "Korea's shipments apart, total exports to China slumped to US$124.8 billion in 2023 from "
        "US$155.7 billion the previous year, trade data showed.",
        [(124.8, "billion US$", A, None), (155.7, "billion US$", A, None)],
    ),
    "a headline": (
        "Korea's 2023 trade deficit with China hits $18 billion",
        [(18, "billion US$", A, None)],
    ),
    "a headline with the wrong sign": (
        "Korea's 2023 trade surplus with China hits $18 billion",
        [(18, "billion US$", C, "a deficit")],
    ),
    "swing": (
        "South Korea's trade with China swung from a surplus of $1.2 billion in 2022 to a deficit of "
        "$18 billion in 2023.",
        [(1.2, "billion US$", A, None), (18, "billion US$", A, None)],
    ),
    "swing, years exchanged": (
        "South Korea's trade with China swung from a surplus of $18 billion in 2022 to a deficit of "
        "$1.2 billion in 2023.",
        [(18, "billion US$", C, None), (1.2, "billion US$", C, None)],
    ),
    "revenue of a firm": (
        "SK hynix earned $12.2 billion from exports to China in 2023, South Korean filings show.",
        [(12.2, "billion US$", U, None)],
    ),
    "monthly": (
        "In December 2023 South Korea's exports to China were $10.9 billion.",
        [(10.9, "billion US$", U, None)],
    ),
    "eleven months": (
        "From January to November 2018 South Korea's exports to China were $149.2 billion.",
        [(149.2, "billion US$", U, None)],
    ),
    "growth since": (
        "South Korea's exports to China have grown 11 percent since 2015, reaching $124.8 billion in "
        "2023.",
        [(11, "percent", U, None), (124.8, "billion US$", A, None)],
    ),
    "seven-fold": (
        "South Korea's exports to China rose from $18.2 billion in 2001 to $162.1 billion in 2018, "
        "nearly a nine-fold rise.",
        [(18.2, "billion US$", A, None), (162.1, "billion US$", A, None)],
    ),
    "an American book": (
        "The US trade deficit with China was $418.9 billion in 2018, against South Korea's surplus of "
        "$55.6 billion.",
        [(418.9, "billion US$", U, None), (55.6, "billion US$", A, None)],
    ),
    "gap": (
        "The gap between South Korea's exports to and imports from China was $55.6 billion in 2018.",
        [(55.6, "billion US$", U, None)],
    ),
    "half": (
        "South Korea's surplus with China halved to $28,974 million in 2019.",
        [(28974, "million US$", A, None)],
    ),
    "a tenth off": (
        # Stored: 55.64, of trade of 268.6. Vintages of customs figures differ by more.
        "South Korea's surplus with China was $55.7 billion in 2018.",
        [(55.7, "billion US$", U, None)],
    ),
    "nearly": (
        "South Korea's exports to China were nearly $125 billion in 2023.",
        [(125, "billion US$", A, None)],
    ),
    "under": (
        "South Korea's exports to China stayed under $120 billion in 2023.",
        [(120, "billion US$", C, None)],
    ),
    "arms": (
        "Arms exports to South Korea by the US were $5.6 billion in 2018.",
        [(5.6, "billion US$", U, None)],
    ),
    "FDI": (
        "Foreign direct investment from South Korea to China reached $6.2 billion in 2018.",
        [(6.2, "billion US$", U, None)],
    ),
    "tourists": (
        "Some 8.07 million Chinese tourists visited South Korea in 2016.",
        [(8.07, "million Chinese tourists", U, None)],
    ),
    "GDP": (
        "China's economy grew 5.2 percent in 2023, while South Korea's exports to it fell 20 percent.",
        # "It" is China: the only other country that the text speaks of.
        [(5.2, "percent", U, None), (20, "percent", A, None)],
    ),
    "two flows in one figure": (
        "In 2023 South Korea's imports and exports with China fell to $267.6 billion.",
        [(267.6, "billion US$", U, None)],
    ),
    "reversed roles": (
        "China's exports to South Korea were $100.3 billion in 2014.",
        [(100.3, "billion US$", A, None)],
    ),
    "reversed roles, wrong": (
        "China's exports to South Korea were $90.1 billion in 2014.",
        [(90.1, "billion US$", U, None)],
    ),
    "no longer": (
        "South Korea no longer has the trade surplus of $55.6 billion with China that it had in 2018.",
        [(55.6, "billion US$", U, None)],
    ),
    "hedge": (
        "South Korea may have had a trade deficit of $18 billion with China in 2023.",
        [(18, "billion US$", U, None)],
    ),
    "an earlier first": (
        "South Korea's trade deficit with China in 2023, at $18 billion, was the first in two decades.",
        [(18, "billion US$", A, None), (2, "decades", A, None)],
    ),
    "excluding": (
        "Excluding chips, South Korea's trade deficit with China was $18 billion in 2023.",
        [(18, "billion US$", U, None)],
    ),
    "manufacturing": (
        "South Korea's trade deficit with China in batteries was $18 billion in 2023.",
        [(18, "billion US$", U, None)],
    ),
}

# A fourth set, held out in the same way, after the reader held on the other three.
LAST: dict[str, tuple[str, list[tuple[float, str, str, str | None]]]] = {
    "a colon": (
        "South Korea's exports to China by year: $162.1 billion (2018), $136.2 billion (2019).",
        [(162.1, "billion US$", A, None), (136.2, "billion US$", A, None)],
    ),
    "respectively": (
        "South Korea's exports to and imports from China were $162.1 billion and $106.5 billion in "
        "2018, respectively.",
        [(162.1, "billion US$", U, None), (106.5, "billion US$", U, None)],
    ),
    "the wrong one of two": (
        "In 2018, China bought $162.1 billion of South Korean goods.",
        [(162.1, "billion US$", U, None)],
    ),
    "a month's deficit in a year's sentence": (
        "South Korea's trade deficit with China was $2.2 billion in May 2023.",
        [(2.2, "billion US$", U, None)],
    ),
    "double": (
        "South Korea's exports to China doubled from $69.5 billion in 2006 to $142.1 billion in 2017.",
        [(69.5, "billion US$", A, None), (142.1, "billion US$", A, None)],
    ),
    "last year of a range": (
        "Between 2019 and 2023 South Korea's exports to China fell to $124.8 billion.",
        [(124.8, "billion US$", U, None)],
    ),
    "a minister's promise": (
        "The minister promised exports to China of $162.1 billion, as in 2018, said South Korea.",
        [(162.1, "billion US$", U, None)],
    ),
    "a quotation denied": (
        '"South Korea\'s deficit with China was $18 billion in 2023" is a claim without basis.',
        [(18, "billion US$", U, None)],
    ),
    "cost": (
        "The boycott of 2017 cost South Korea $7.5 billion in exports to China.",
        [(7.5, "billion US$", U, None)],
    ),
    "lost exports": (
        "South Korea lost exports of $30.9 billion to China in 2023.",
        [(30.9, "billion US$", U, None)],
    ),
    "additional": (
        "South Korea gained additional exports to China of $20 billion in 2018.",
        [(20, "billion US$", U, None)],
    ),
    "value added": (
        "In value-added terms South Korea's exports to China were $75 billion in 2018.",
        [(75, "billion US$", U, None)],
    ),
    "current account": (
        "South Korea's current account surplus with China was $49.1 billion in 2018.",
        [(49.1, "billion US$", U, None)],
    ),
    "goods and services": (
        "South Korea's exports of goods and services to China were $180 billion in 2018.",
        [(180, "billion US$", U, None)],
    ),
    "by air": (
        "South Korea's air cargo exports to China were $50.2 billion in 2018.",
        [(50.2, "billion US$", U, None)],
    ),
    "a province": (
        "Gyeonggi, in South Korea, had exports to China of $40.1 billion in 2018.",
        [(40.1, "billion US$", U, None)],
    ),
    "a firm": (
        "Samsung's exports to China from South Korea were $40.1 billion in 2018.",
        [(40.1, "billion US$", U, None)],
    ),
    "small firms": (
        "Exports to China by small South Korean firms were $24.5 billion in 2018.",
        [(24.5, "billion US$", U, None)],
    ),
    "the year's rank": (
        "South Korea's exports to China grew 14.1 percent in 2018, the most in 7 years.",
        [(14.1, "percent", A, None), (7, "years", U, None)],
    ),
    "growth, other noun": (
        "Prices of South Korea's exports to China rose 14.1 percent in 2018.",
        [(14.1, "percent", U, None)],
    ),
    "volumes": (
        "South Korea's exports to China rose 3 percent in volume in 2018.",
        [(3, "percent", U, None)],
    ),
    "growth target missed": (
        "South Korea's exports to China grew 14.1 percent in 2018, short of a target of 20 percent.",
        [(14.1, "percent", A, None), (20, "percent", U, None)],
    ),
    "true on the other book only": (
        "South Korea's exports to China were $162.5 billion in 2023.",
        [(162.5, "billion US$", U, None)],
    ),
    "China speaking": (
        "China says its imports from South Korea were $162.5 billion in 2023.",
        [(162.5, "billion US$", A, None)],
    ),
    "a third country's view": (
        "Japan envies South Korea, whose trade surplus with China was $55.6 billion in 2018.",
        [(55.6, "billion US$", A, None)],
    ),
    "the deficit of the other": (
        "China's trade deficit with South Korea was $55.6 billion in 2018.",
        [(55.6, "billion US$", U, None)],
    ),
}

# A fifth set, held out in the same way, after the reader held on the other four.
FINAL: dict[str, tuple[str, list[tuple[float, str, str, str | None]]]] = {
    "a plain error": (
        "South Korea's exports to China fell to $132.8 billion in 2023.",
        [(132.8, "billion US$", C, None)],
    ),
    "an error of the year in growth": (
        "South Korea's exports to China fell 16 percent in 2018.",
        [(16, "percent", C, None)],
    ),
    "a small error of growth": (
        "South Korea's imports from China fell 10 percent in 2023.",
        [(10, "percent", C, None)],
    ),
    "surplus for deficit, in words": (
        "South Korea enjoyed a surplus of 18 billion dollars in its trade with China in 2023.",
        [(18, "billion US$", C, "a deficit")],
    ),
    "the partner's exports": (
        "China shipped goods worth $142.8 billion to South Korea in 2023.",
        [(142.8, "billion US$", U, None)],
    ),
    "the mirror, wrong": (
        "China's exports to South Korea were $101.5 billion in 2014.",
        [(101.5, "billion US$", C, "2015")],
    ),
    "trade talks": (
        "South Korea and China agreed on $44 million of exports at the fair in 2023.",
        [(44, "million US$", U, None)],
    ),
    "exports by one industry": (
        "South Korea's chip industry saw exports to China of $36.1 billion in 2023.",
        [(36.1, "billion US$", U, None)],
    ),
    "a loss in a sentence on exports": (
        "As exports to China fell in 2023, South Korea's growth slowed to 1.4 percent.",
        [(1.4, "percent", U, None)],
    ),
    "share in a sentence on growth": (
        "South Korea's exports to China fell in 2023 and made up 19.7 percent of the total.",
        [(19.7, "percent", U, None)],
    ),
    "growth of the total": (
        "South Korea's exports rose 8.1 percent in 2024, led by chips bound for China.",
        [(8.1, "percent", U, None)],
    ),
    "another pair in the same sentence": (
        "In 2018 South Korea's exports to China were $162.1 billion and those to Japan $30.5 billion.",
        [(162.1, "billion US$", A, None), (30.5, "billion US$", U, None)],
    ),
    "a subject far away": (
        "South Korea, which had long relied on its neighbour, saw exports to China drop to $124.8 "
        "billion in 2023.",
        [(124.8, "billion US$", A, None)],
    ),
    "passive": (
        "Goods worth $142.8 billion were imported from China by South Korea in 2023.",
        [(142.8, "billion US$", A, None)],
    ),
    "three years": (
        "South Korea's trade surplus with China was $55.6 billion in 2018, $29 billion in 2019 and "
        "$24.3 billion in 2021.",
        [
            (55.6, "billion US$", A, None),
            (29, "billion US$", A, None),
            (24.3, "billion US$", A, None),
        ],
    ),
    "three years, two exchanged": (
        "South Korea's trade surplus with China was $55.6 billion in 2018, $24.3 billion in 2019 and "
        "$29.0 billion in 2021.",
        [
            (55.6, "billion US$", A, None),
            (24.3, "billion US$", C, "2021"),
            (29.0, "billion US$", C, "2019"),
        ],
    ),
    "a date that is no period": (
        "Data released in January 2024 put South Korea's 2023 trade deficit with China at $18 billion.",
        [(18, "billion US$", A, None)],
    ),
    "almost": (
        "South Korea's trade deficit with China in 2023 was almost $18 billion.",
        [(18, "billion US$", A, None)],
    ),
    "not only": (
        "Not only did exports to China fall, South Korea's deficit with China was $18 billion in 2023.",
        [(18, "billion US$", U, None)],
    ),
    "a headline without a verb": (
        "South Korea-China trade: $267.6 billion in 2023",
        [(267.6, "billion US$", U, None)],
    ),
    "trade between, approximate": (
        "Trade between South Korea and China was about $310 billion in 2022.",
        # So on Korean customs; on China's, whole since its exports of 2022 ship, it is 362.8.
        [(310, "billion US$", U, None)],
    ),
    "a doubled negative": (
        "It is not untrue that South Korea's exports to China were $124.8 billion in 2023.",
        [(124.8, "billion US$", U, None)],
    ),
    "won in brackets": (
        "South Korea's exports to China were $124.8 billion (163 trillion won) in 2023.",
        [(124.8, "billion US$", A, None), (163, "trillion won", U, None)],
    ),
    "intermediate goods": (
        "South Korea's exports of intermediate goods to China were $124.8 billion in 2018.",
        [(124.8, "billion US$", U, None)],
    ),
    "the deficit with the world": (
        "South Korea's trade deficit was $10.3 billion in 2023, said China.",
        [(10.3, "billion US$", U, None)],
    ),
}
