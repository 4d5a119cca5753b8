"""Fifty-two short texts in the styles of the world's press, with what a careful reader would say.

The reader holds only the record that ships: Korea and China by year on either book, and exports of
five economies to their largest partners since 2021. Every quantity is labelled, in order; predicates
("a record") are not. Written before the code that reads them was changed, by a hand that did not
change it.
"""

from .press_labels import A, A_or_U, billion, C, C_or_U, Label, Labelled, percent, quantity, U


def _text(style: str, text: str, *labels: Label, written: int | None = None) -> Labelled:
    return Labelled(style, text, labels, written)


AGENCIES = [
    _text(
        "wire",
        "SEOUL, Jan 2 - South Korea's exports to China fell 19.9 percent in 2023 to $124.8 billion, "
        "data from the trade ministry showed on Monday.\n"
        "Imports from China declined 7.6 percent to $142.8 billion.\n"
        "That left a deficit of $18 billion.",
        percent(19.9, A),
        billion(124.8, A),
        percent(7.6, A),
        billion(142.8, A),
        billion(18, A),
    ),
    _text(
        "wire, a year out",
        "SEOUL - South Korea's trade surplus with China widened to $62.8 billion in 2014, customs data "
        "showed. Exports came to $145.3 billion and imports to $90.1 billion.",
        billion(62.8, C),
        billion(145.3, A),
        billion(90.1, A),
    ),
    _text(
        "wire, last year",
        "SEOUL (Newswire) - South Korea's trade deficit with China came to $18 billion last year, a "
        "business lobby said on Sunday. Exports to China dropped 19.9 percent to $124.8 billion, while "
        "imports fell 7.6 percent to $142.8 billion.",
        billion(18, A),
        percent(19.9, A),
        billion(124.8, A),
        percent(7.6, A),
        billion(142.8, A),
        written=2024,
    ),
    _text(
        "wire, lead and background",
        "BEIJING - Negotiators from China and South Korea met on Thursday to revive talks on services.\n"
        "South Korea's exports to China peaked in 2021 at $162.9 billion and have not recovered since. "
        "In 2024 they were $133.0 billion.\n"
        "The talks, the eighth round, are to resume in March.",
        billion(162.9, A),
        billion(133.0, A),
    ),
    _text(
        "flash",
        "*S.KOREA 2019 EXPORTS TO CHINA FALL 16.0 PCT TO $136.2 BLN - CUSTOMS\n"
        "*S.KOREA 2019 IMPORTS FROM CHINA FALL 0.7 PCT TO $107.2 BLN - CUSTOMS",
        percent(16.0, A),
        billion(136.2, A),
        percent(0.7, C),
        billion(107.2, A),
    ),
]

INDIA_AND_BRITAIN = [
    _text(
        "Indian daily",
        "NEW DELHI: South Korea's exports to China slipped to $155.7 bn in 2022 from $162.9 bn in the "
        "previous year. India's own shipments to China, at ₹1.2 lakh crore, were far smaller.",
        billion(155.7, A),
        billion(162.9, A),
        quantity(1.2, "lakh crore rupees", U),
    ),
    _text(
        "Indian daily, fiscal year",
        "MUMBAI: China's exports to India touched $118.5 billion in 2022, the traders' body said. In FY23 "
        "imports from China were $98.5 billion by Delhi's own count, or Rs 7.9 lakh crore.",
        billion(118.5, A),
        billion(98.5, U),
        quantity(7.9, "lakh crore rupees", U),
    ),
    _text(
        "British weekly",
        "Seoul's trade with Beijing has soured. South Korea ran a surplus of $24.3bn with China in 2021; "
        "a year later it was down to $1.2bn, and by one estimate some £14bn of orders have gone for good.",
        billion(24.3, A),
        billion(1.2, A),
        quantity(14, "billion pounds", U),
    ),
    _text(
        "British daily",
        "South Korea sold £113bn of goods to China in 2021, up by more than a fifth on the year. In dollars "
        "its exports to China came to $162.9bn; its imports from China were $148.6bn.",
        quantity(113, "billion pounds", U),
        percent(20, U),
        billion(162.9, A),
        billion(148.6, C),
    ),
    _text(
        "British daily, per cent",
        "Exports from South Korea to China rose by 34.8 per cent in 2010, after a fall of 8.1 per cent in "
        "2009. In 2012 they barely moved, adding 0.1 per cent to reach $134.3bn.",
        percent(34.8, A),
        percent(8.1, C),
        percent(0.1, A),
        billion(134.3, A),
    ),
]

AMERICA = [
    _text(
        "American daily",
        "South Korea sold $162.1 billion worth of goods to China in 2018. In 2023 the figure was $124.8 "
        "billion. By contrast, South Korea's exports to the United States climbed to $126.3 billion in 2023.",
        billion(162.1, A),
        billion(124.8, A),
        billion(126.3, C),
    ),
    _text(
        "American daily, US trade",
        "U.S. exports to China slid to $147.8 billion in 2023. Those to Canada were $352.8 billion and those "
        "to Mexico $333.2 billion.",
        billion(147.8, A),
        billion(352.8, A),
        billion(333.2, C),
    ),
    _text(
        "American wire, deficit",
        "The U.S. trade deficit with South Korea was $51.4 billion in 2023, Washington says. U.S. exports to "
        "South Korea came to $64.8 billion that year, and South Korea's exports to the U.S. to $116.3 billion.",
        billion(51.4, A_or_U),
        billion(64.8, A),
        billion(116.3, A),
    ),
    _text(
        "American newsletter",
        "The big number: $162.1B. That's what South Korea exported to China in 2018.\n"
        "Why it matters: by 2023 the total was down to $134.8B.",
        billion(162.1, A),
        billion(134.8, C),
    ),
    _text(
        "American business site, firms",
        "The chipmaker booked sales of $24.3 billion in China in 2021. A rival's shipments to China from South "
        "Korea were $16.2 billion. South Korea's trade surplus with China was $24.3 billion that year.",
        billion(24.3, U),
        billion(16.2, U),
        billion(24.3, A),
    ),
]

PACIFIC = [
    _text(
        "Australian daily",
        "South Korea's exports to Australia were worth US$17.8 billion in 2023, or A$26.8 billion. That is "
        "small beside the US$124.8 billion of goods that South Korea sold to China in the same year.",
        billion(17.8, A),
        quantity(26.8, "billion Australian dollars", U),
        billion(124.8, A),
    ),
    _text(
        "Australian daily, own dollars only",
        "South Korea's imports from China came to AU$142.8 billion in 2023, the institute said. Its exports "
        "to China were AUD 124.8 billion.",
        quantity(142.8, "billion Australian dollars", U),
        quantity(124.8, "billion Australian dollars", U),
    ),
    _text(
        "Singaporean daily",
        "SINGAPORE - South Korea's exports to Singapore rose to US$20.2 billion (S$27.9 billion) in 2022 from "
        "US$14.1 billion the year before. They slipped to US$16.8 billion in 2023.",
        billion(20.2, A),
        quantity(27.9, "billion Singapore dollars", U),
        billion(14.1, A),
        billion(16.8, C),
    ),
    _text(
        "Hong Kong daily",
        "South Korea's exports to Hong Kong climbed to US$35.0 billion in 2024 from US$25.2 billion in 2023. "
        "Exports to the mainland were worth HK$133.0 billion more than those of Macau, one broker guessed.",
        billion(35.0, A),
        billion(25.2, A),
        quantity(133.0, "billion Hong Kong dollars", U),
    ),
    _text(
        "Taiwanese daily",
        "Taiwan's exports to the United States jumped to US$101.4 billion in 2024, while exports to China "
        "inched up to US$96.9 billion. Orders on hand were NT$96.9 billion.",
        billion(101.4, C),
        billion(96.9, A),
        quantity(96.9, "billion New Taiwan dollars", U),
    ),
    _text(
        "Canadian daily",
        "Canada bought CA$354.9 billion of American goods in 2022. Measured in US dollars, exports of the "
        "United States to Canada were $354.9 billion.",
        quantity(354.9, "billion Canadian dollars", U),
        billion(354.9, A),
    ),
]

KOREA_AND_CHINA = [
    _text(
        "Korean daily",
        "South Korea's trade with China swung to a deficit in 2023, according to the trade association. The "
        "country exported $124.8 billion worth of goods to China and imported $152.8 billion. A year earlier "
        "exports to China had stood at $155.7 billion.",
        billion(124.8, A),
        billion(152.8, C),
        billion(155.7, A),
    ),
    _text(
        "Korean daily, won",
        "South Korea's exports to China were worth 178 trillion won ($136.2 billion) in 2019. Officials blame a "
        "40 percent slide in chip prices.",
        quantity(178, "trillion won", U),
        billion(136.2, A),
        percent(40, U),
    ),
    _text(
        "Korean daily, products",
        "South Korean semiconductor exports to China dropped to $36.1 billion in 2023. Cosmetics brought in a "
        "further $2.8 billion, down 24 percent.",
        billion(36.1, U),
        billion(2.8, U),
        percent(24, U),
    ),
    _text(
        "Chinese daily",
        "Trade between China and the Republic of Korea totaled $362.8 billion in 2022, according to Chinese "
        "customs. China's imports from the ROK stood at $200.2 billion.",
        billion(362.8, A),
        billion(200.2, A),
    ),
    _text(
        "Chinese daily, balance",
        "China's exports to the ROK hit $100.3 billion in 2014, while its imports from the ROK were $190.1 "
        "billion, the General Administration of Customs said. China's trade deficit with the ROK was thus "
        "$89.8 billion.",
        billion(100.3, A),
        billion(190.1, A),
        billion(89.8, A),
    ),
    _text(
        "Chinese daily, a year out",
        "China's imports from South Korea fell to $183.1 billion in 2015, according to customs. They had been "
        "$190.1 billion in 2014.",
        billion(183.1, C),
        billion(190.1, A),
    ),
    _text(
        "Chinese agency, yuan",
        "China's imports from South Korea reached 1.08 trillion yuan ($162.5 billion) in 2023. Exports to "
        "South Korea were 1.05万亿元.",
        quantity(1.08, "trillion yuan", U),
        billion(162.5, A),
        quantity(1.05, "trillion yuan", U),
    ),
]

TRADE_PRESS = [
    _text(
        "trade magazine",
        "South Korea's shipments to China were worth $142.1bn in 2017, up 14.2% on the year. Memory chips "
        "alone accounted for $39.4bn. In 2018 South Korea's exports to China rose a further 14.1% to $162.1bn.",
        billion(142.1, A_or_U),
        percent(14.2, A_or_U),
        billion(39.4, U),
        percent(14.1, A),
        billion(162.1, A),
    ),
    _text(
        "trade magazine, quarters",
        "In the fourth quarter of 2018 South Korea exported $40.2 billion of goods to China. Over the whole of "
        "2018 it exported $162.1 billion to China, 14.1 percent more than in 2017.",
        billion(40.2, U),
        billion(162.1, A),
        percent(14.1, A),
    ),
    _text(
        "shipping paper",
        "Box traffic between South Korea and China fell 3.1% in 2023 to 9.4 million TEU. Air cargo lost 5%. By "
        "value, South Korea's exports to China declined 19.9% and its imports from China 17.6%.",
        percent(3.1, U),
        quantity(9.4, "million TEU", U),
        percent(5, U),
        percent(19.9, A),
        percent(17.6, C_or_U),
    ),
    _text(
        "research note, ranges",
        "Korean customs put South Korea's exports to China at between $160 billion and $165 billion in 2021. "
        "South Korea's imports from China were $150-160 billion in the same year.",
        billion((160, 165), A),
        billion((150, 160), C),
    ),
    _text(
        "research note, millions",
        "South Korea's exports to China were US$ 136,203 million in 2019 and US$ 162,125 million in 2018. Its "
        "imports from China were US$ 117,229 million in 2019.",
        quantity(136203, "million US$", A),
        quantity(162125, "million US$", A),
        quantity(117229, "million US$", C),
    ),
]

RELEASES = [
    _text(
        "press release",
        "The Ministry announced today that the Republic of Korea's exports to China amounted to USD 133.0 "
        "billion in 2024, an increase of 6.6 percent. Imports for the same year will be published in March.",
        billion(133.0, A),
        percent(6.6, A),
    ),
    _text(
        "press release, to date",
        "As of 20 November, the Republic of Korea's exports to China in 2023 stood at USD 108.4 billion. Exports "
        "of the whole year 2022 to China had come to USD 165.7 billion.",
        billion(108.4, U),
        billion(165.7, C),
    ),
    _text(
        "press release, Japan",
        "In the fiscal year ended March 2024, Japan's exports to China were ¥18.2 trillion. In calendar 2023, "
        "Japan's exports to China came to $126.4 billion.",
        quantity(18.2, "trillion yen", U),
        billion(126.4, A),
    ),
    _text(
        "table in prose",
        "South Korea's exports to China, in billions of US dollars: 142.1 in 2017, 162.1 in 2018, 126.2 in "
        "2019.",
        billion(142.1, A),
        billion(162.1, A),
        billion(126.2, C),
    ),
    _text(
        "bullet list",
        "South Korea and China in 2018\n"
        "- South Korea's exports to China: $162.1 billion\n"
        "- South Korea's imports from China: $106.5 billion\n"
        "- South Korea's trade surplus with China: $65.6 billion",
        billion(162.1, A),
        billion(106.5, A),
        billion(65.6, C),
    ),
]

OPINION = [
    _text(
        "op-ed",
        "Pundits like to say that Korea lives off China. The numbers say otherwise: the $62.8 billion trade "
        "surplus that South Korea enjoyed with China in 2013 had vanished by 2023, when it ran an $18 billion "
        "deficit. Whoever tells you that its surplus was still $55.6 billion in 2023 has not looked.",
        billion(62.8, A),
        billion(18, A),
        billion(55.6, C_or_U),
    ),
    _text(
        "column, what might have been",
        "Had South Korea's exports to China stayed at $162.1 billion after 2018, few would worry. They were "
        "$136.2 billion in 2019. Some economists see them at $140 billion in 2030.",
        billion(162.1, U),
        billion(136.2, A),
        billion(140, U),
    ),
    _text(
        "fact check",
        "A widely shared post says South Korea's imports from China were $162.9 billion in 2021. That is false: "
        "the number is that of exports. South Korea's imports from China were $138.6 billion in 2021.",
        billion(162.9, C_or_U),
        billion(138.6, A),
    ),
    _text(
        "post",
        "Wild chart. South Korea's trade balance with China went from +$62.8B in 2013 to -$18.0B in 2023. Two "
        "neighbours, one reversal.",
        billion(62.8, A),
        quantity(-18.0, "billion US$", A),
    ),
    _text(
        "post, false",
        "Reminder that South Korea imported $124.8bn from China in 2023 and exported $142.8bn to China. Do your "
        "own sums!",
        billion(124.8, C),
        billion(142.8, C),
    ),
    _text(
        "questions and answers",
        "Q: How large were South Korea's exports to China in 2021?\n"
        "A: They came to about $163 billion.\n"
        "Q: And its imports from China?\n"
        "A: South Korea's imports from China were $138.6 billion in 2021.",
        billion(163, A),
        billion(138.6, A),
    ),
]

ARTICLES = [
    _text(
        "headline with standfirst",
        "South Korea's surplus with China shrinks to $29bn\n"
        "The figure for 2019 was down from $55.6bn in 2018, as South Korea's exports to China dropped 16% to "
        "$136.2bn.",
        billion(29, A_or_U),
        billion(55.6, A),
        percent(16, A),
        billion(136.2, A),
    ),
    _text(
        "the pair carried",
        "South Korea counts China as its largest trading partner.\n"
        "In 2014 exports came to $145.3 billion.\n"
        "Imports stood at $90.1 billion, which left a surplus of $55.2 billion.",
        billion(145.3, A),
        billion(90.1, A),
        billion(55.2, A),
    ),
    _text(
        "the pair carried, false",
        "South Korea counts China as its largest trading partner.\n"
        "In 2015 its exports there came to $147.1 billion, and its imports to $90.3 billion.\n"
        "The surplus was $36.9 billion.",
        billion(147.1, C),
        billion(90.3, A),
        billion(36.9, C),
    ),
    _text(
        "buying and selling",
        "China bought $162.5 billion of goods from South Korea in 2023. In 2018 South Korea sold $106.5 billion "
        "of goods to China and bought $162.1 billion from it.",
        billion(162.5, A),
        billion(106.5, C),
        billion(162.1, C),
    ),
    _text(
        "comparators",
        "South Korea's exports to China exceeded $160 billion in 2018. In 2021 South Korea's exports to China "
        "came to no less than $162 billion. Even in 2023 South Korea's exports to China were in excess of $130 "
        "billion, and its imports from China stayed below $145 billion.",
        billion(160, A),
        billion(162, A),
        billion(130, C),
        billion(145, A),
    ),
    _text(
        "figure right, verb wrong",
        "South Korea's exports to China rose to $124.8 billion in 2023. South Korea's imports from China fell "
        "to $142.8 billion.",
        billion(124.8, A_or_U, ()),
        billion(142.8, A),
    ),
    _text(
        "other pairs",
        "Japan's exports to China came to $126.4 billion in 2023, and Taiwan's exports to China to $85.7 "
        "billion. Germany sold the Chinese goods worth $103.8 billion. South Korea's exports to Vietnam were "
        "$53.5 billion in 2023.",
        billion(126.4, A),
        billion(85.7, C),
        billion(103.8, U),
        billion(53.5, A),
    ),
    _text(
        "services and investment",
        "South Korea's services exports to China were $16.2 billion in 2018. Its direct investment there came "
        "to $4.8 billion. South Korea's exports of goods to China, at $162.1 billion in 2018, dwarf both, and "
        "China took 26.8 percent of all that South Korea exports.",
        billion(16.2, U),
        billion(4.8, U),
        billion(162.1, A),
        percent(26.8, U),
    ),
]

TEXTS = [
    *AGENCIES, *INDIA_AND_BRITAIN, *AMERICA, *PACIFIC, *KOREA_AND_CHINA,
    *TRADE_PRESS, *RELEASES, *OPINION, *ARTICLES,
]  # fmt: skip
