"""The closed list of words that are understood around a figure, and what each does to it.

Whatever stands between a flow and its figure, or directly after the figure, has to be here: one
word that is not leaves the figure without a verdict.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass


_MORE = r"(?:more|greater|larger|higher|bigger|better)"
_LESS = r"(?:less|smaller|lower|fewer)"
_BY = (
    r"(?:(?:just|only|slightly|a little|little|a touch|a bit|a shade|well|far|much|considerably|"
    r"significantly|narrowly|comfortably|easily|barely|somewhat|marginally|even|still|already|"
    r"substantially|clearly) )*"
)
_NEGATED = r"(?:(?:did|does|do|had|has|have|was|were|is|are)(?: not|n't)|never|not|no longer) "
_EXCEED = r"(?:exceed|top|surpass|pass|cross|break|breach|beat|overtake|outstrip|clear)"
_EXCEEDED = (
    r"(?:exceeded|topped|surpassed|passed|crossed|broken?|breached|beaten|overtaken|outstripped"
    r"|cleared)"
)
_SINK = (
    r"(?:fall|drop|dip|slip|sink|go|come in|be|fell|dropped|dipped|slipped|sank|gone|fallen|stay)"
)
HIGHER = (
    rf"{_MORE} than|exceed(?:ed|ing|s)?|surpass(?:ed|ing|es)?|topp(?:ed|ing)|outstripp(?:ed|ing)"
    r"|eclips(?:ed|ing)|beat(?:en|ing)?|overt(?:ook|aking)"
)
LOWER = rf"{_LESS} than|trail(?:ed|ing)|lagg(?:ed|ing)"
"""One thing compared with another, where no amount follows."""
COMPARATORS = {
    "either": r"up to|as (?:much|many|little|few|high|low|large|small) as",
    "at most": rf"{_NEGATED}(?:{_EXCEED}|{_EXCEEDED})|{_NEGATED}(?:go |rise |be |been )?(?:above"
    rf"|over|beyond)"
    rf"|(?:no|not|nothing) {_MORE} than|not (?:over|above)|at (?:the )?most|a maximum of"
    r"|capped at|limited to",
    "at least": rf"{_NEGATED}{_SINK} (?:below|under|short of)|(?:no|not|nothing) {_LESS} than"
    r"|not (?:below|under)|at (?:the (?:very )?)?least|a minimum of",
    "under": rf"{_BY}(?:(?:failed|fail|fails|unable) to (?:reach|hit|match|{_EXCEED[3:-1]})"
    rf"|{_NEGATED}(?:reach|hit|match|attain)(?:ed)?"
    rf"|(?:fell|falls|fallen|stopped|came up|come up) {_BY}(?:short|shy) of"
    rf"|(?:fell|dropped|dipped|slipped|sank|slid|plunged|tumbled|stayed|remained|kept|held|was"
    rf"|were|came in|had) {_BY}(?:below|under|beneath)"
    rf"|under|below|beneath|short of|shy of|south of|{_LESS} than|lagg?ed|trailed)",
    "over": rf"{_BY}(?:(?:rose|climbed|grew|went|gone|moved|jumped|surged|soared|swelled|pushed"
    rf"|shot"
    rf"|edged|crept|inched|leapt) {_BY}(?:above|past|beyond|through)"
    rf"|(?:stayed|remained|held|kept|was|were|came in|stood|ran) {_BY}(?:above|over|past|beyond)"
    r"|(?:broken?|broke|breaking|burst|bursting) (?:through|past)|over|above|past|beyond"
    rf"|in excess of|upwards? of|north of|{_MORE} than|exceed(?:ed|ing|s)?|topp(?:ed|ing)|tops"
    r"|surpass(?:ed|ing|es)?|pass(?:ed|ing|es)|cross(?:ed|ing|es)|broke|breach(?:ed|ing|es)"
    r"|beat(?:en|ing|s)?|clear(?:ed|ing|s)|eclips(?:ed|ing|es)|outstripp(?:ed|ing)|overtook"
    r"|overtaking)",
    "about": r"(?:about|around|roughly|some|approximately|nearly|almost|close to|close on|an"
    r" estimated|circa|approx\.?|c(?=\.)|approach(?:e[sd]|ing)|neared|in the region of|in the "
    r"order of|on the order of|more or less"
    r"|near|nearing|(?:some|any)where (?:around|near|close to|in the region of)|or so|or "
    r"thereabouts|the equivalent of)",
}
"""What a comparator makes of the figure; the first that fits counts."""
RISE = (
    r"r[oi]se[ns]?|rising|grew|grow(?:n|s|ing)?|growth|increas(?:e[sd]?|ing)|jump(?:ed|s|ing)?"
    r"|climb(?:ed|s|ing)?|surg(?:e[sd]?|ing)|gain(?:ed|s|ing)?|up|expand(?:ed|s|ing)?"
    r"|expansion|soar(?:ed|s|ing)?|widen(?:ed|s|ing)?|swell(?:ed|s|ing)?|swollen|deepen(?:ed|s"
    r"|ing)?"
    r"|balloon(?:ed|s|ing)?|rebound(?:ed|s|ing)?|recover(?:ed|s|ing|y)?|advanc(?:e[sd]?|ing)"
    r"|higher|leap(?:t|ed|s)?|rocket(?:ed|s)?|edged up|picked up|strengthen(?:ed|s)?|mount(?:ed|s)"
    r"|(?:inched|edged|crept|ticked|nudged|inching|edging|creeping) up|adding"
    r"|improv(?:ed|es|ing)|spik(?:ed|es|ing)|skyrocketed|accelerated"
)
FALL = (
    r"fell|fall(?:s|en|ing)?|drop(?:ped|s|ping)?|declin(?:e[sd]?|ing)|dip(?:ped|s|ping)?"
    r"|slid(?:e[sn]?|ing)?|slump(?:ed|s|ing)?|shr[aiu]nk(?:s|ing|en)?|plung(?:e[sd]?|ing)|down"
    r"|decreas(?:e[sd]?|ing)|tumbl(?:e[sd]?|ing)|lower|contract(?:ed|ing|ion|s)|s[aiu]nk(?:s|ing)?"
    r"|narrow(?:ed|s|ing)?|slip(?:ped|s|ping)?|eas(?:ed|es|ing)|dwindl(?:ed|es|ing)|plummet(?:ed"
    r"|s)?"
    r"|(?:inched|edged|crept|ticked|nudged|inching|edging|creeping) down"
    r"|weaken(?:ed|s|ing)?|retreat(?:ed|s)?|edged down|slow(?:ed|s)|cool(?:ed|s)|div(?:ed|es)|dove"
    r"|crash(?:ed|es)|collaps(?:ed|es)|crumbled|tapered|reced(?:ed|es)|deteriorat(?:ed|es)"
    r"|slash(?:ed|es)"
)
TURNED = (
    r"(?:flip|switch|revers|chang|shift)(?:p?ed|ping|ing|s|es)? (?:in)?to|sw[iu]ng(?:s|ing)?"
    r" (?:back )?(?:in)?to|turn(?:ed|s|ing)? (?:back )?(?:in)?to|bec[ao]me|gave way to|give way to"
)
MULTIPLES = {
    "doubl(?:ed|es|ing)": 2.0,
    "halv(?:ed|es|ing)": 0.5,
    "(?:tripl|trebl)(?:ed|es|ing)": 3.0,
    "quadrupl(?:ed|es|ing)": 4.0,
}
_EQUAL = (
    r"was|were|is|are|be|been|being|touch(?:ed|es|ing)"
    r"|came (?:in )?(?:to|at)|come to|coming (?:in )?(?:to|at)|came in"
    r"|stood at|stands at|standing at|total(?:l?ed|l?ing|s)?(?: up)?(?: to)?"
    r"|amount(?:ed|ing|s)? to|reach(?:ed|ing|es)?|hit(?:ting|s)?|record(?:ed|ing|s)?"
    r"|post(?:ed|ing|s)?|log(?:ged|ging|s)?|ran|run|running|runs|had|has|have|having|saw|seen|sees"
    r"|seeing|valued at|worth|equall?(?:ed|s|ing)?(?: to)?|measured|register(?:ed|ing|s)?"
    r"|end(?:ed|ing) (?:up )?at|closed at|finish(?:ed|ing) at|settled at|tall(?:ied|ying)"
    r"|added up to|adding up to|(?:rack|notch|chalk|tot|tott)(?:ed|ing|led|ling)? up|put at|put"
    r"|reporting|book(?:ed|ing)"
    r"|enjoyed|suffered|experienced|faced|incurred|sustained|chalked up|notched up|racked up"
    r"|rang up|generated|earned|achieved|went"
    r"|clocked in at|weighed in at|summed to|yielding|yielded|turned out at|produc(?:ed|ing)|left"
    r"|leaving|made|racking up|attain(?:ed|ing)|account(?:ed|ing) for a total of|r[au]n at"
    r"|arrived at"
    r"|exported|imported|exports|imports|sold|sells|sell|selling|shipped|ships|shipping|sent|sends"
    r"|sending|bought|buys|buy|buying|purchased|purchases|shipments|sales|took in|brought in|did"
    r"|delivered|went|swung|flipped|turned|reversed|shifted|peaked(?: in| at)?"
    r"|bottomed(?: out)?(?: at| in)?|revised (?:up |down )?to|running at|landed at|set|setting"
    r"|followed|went|reads|read"
)
_SAME = (
    r"(?:remain|stay|stagnat|plateau|hover|stabili[sz])(?:ed|s)? (?:flat |steady |stable "
    r"|unchanged )?at"
    r"|held (?:flat|steady|stable|firm)? ?at|(?:was|were) (?:flat|steady|stable|unchanged) at"
    r"|unchanged at|(?:barely|hardly|scarcely) (?:moved|changed|budged)"
)
_SPEECH = (
    r"says?|said|saying|shows?|showed|shown|showing|reports?|reported|confirm(?:s|ed)?|not(?:ed?"
    r"|es)"
    r"|announc(?:e[sd]?|ing)|recall(?:s|ed)?|stat(?:es|ed)|writes?|wrote|adds?|added|told|tells"
    r"|according to|reveal(?:s|ed)?|indicat(?:es|ed)|estimates|calculat(?:es|ed)|explain(?:s|ed)?"
    r"|data|figures|statistics|numbers|customs service|customs authorit(?:y|ies)|ministry|agency"
    r"|office|bureau|government|association|institute|officials?|analysts?|economists?|minister"
    r"|president|spokes(?:man|woman|person)|released|published|issued|put out|Monday|Tuesday"
    r"|Wednesday|Thursday|Friday|Saturday|Sunday|today|yesterday|earlier"
)
_PLAIN = (
    r"(?:a )?(?:\w+ )?reminder that|(?:note|recall|remember|notice|observe)(?: that)?"
    r"|(?:just )?beside|(?:some|any)where (?:from|between)"
    r"|after an?(?= (?:\w+ )?(?:fall|drop|decline|slump|rise|increase|gain|jump|decrease) of\b)"
    r"|(?:a|one|the) year (?:later|on)|there|therefore"
    r"|in (?:thousand|million|billion|trillion)s of (?:US |U\.S\. )?dollars"
    r"|in (?:US |U\.S\. )?dollars"
    r"|in (?:US)?\$ ?(?:thousand|million|billion|trillion|bn|mn)|throughout|another"
    r"|across|course|entire"
    r"|respectively|(?:in|for|of) (?:(?:over|more than|nearly|about|almost|at least|around|some) )?"
    r"(?:an? |the last |the past )?(?:[\w.]+ )?(?:years|decades?|times|generation)|in (?:total"
    r"|all|value|goods|merchandise|trade|sum|nominal terms|dollar terms"
    r"|US dollars|that year|the same year|the same period|the year|the full year|the whole year"
    r"|calendar|the calendar year|annual terms|value terms|current dollars|current prices"
    r"|the end|all goods)"
    r"|for (?:the|that) (?:full |whole |entire )?(?:year|calendar year)|as a whole|all told"
    r"|over the (?:full |whole )?year|during the year|(?:on )?(?:a )?year[- ](?:on|over)[- ]year"
    r"|(?:from )?a year (?:earlier|ago|before)|the (?:year before|previous year|prior year"
    r"|preceding year|year earlier|year after|following year)"
    r"|this year|last year|full[- ]year|per year|a year|on the year|from the (?:previous"
    r"|prior) year"
    r"|customs|book|books|basis|figures|data|statistics|count|by value|trade volume"
    r"|to|from|with|into|by|between|against|and|of|in|at|on|for|during|the|a|an|its|their|his|her"
    r"|it|they|that|which|whose|had|this|these|those|year|years|annual|yearly"
    r"|full|whole|calendar|total|overall|combined|all|bilateral|mutual|goods|merchandise|products"
    r"|commodities|trade|traded|trading|value|volume|amount|level|figure|sum|balance|turnover"
    r"|surplus|deficit|shortfall|gap|export|import|visible|commodity|two-way"
    r"|mainland|country|country's|countries|nation|nation's|neighbou?rs?|neighbou?ring"
    r"|giant|partner|record|then-record|high|low|peak|new|all-time|ever|time|largest|biggest"
    r"|highest|lowest"
    r"|smallest|first|first-ever|historic|unprecedented|large|huge|big|massive|hefty|small|modest"
    r"|strong|weak|healthy|whopping|mere|just|only|exactly|precisely|even|also|again|then|now"
    r"|still|already|itself|once|meanwhile|however|thus|sharply|slightly|steeply|steadily|further"
    r"|back|markedly|significantly|considerably|dramatically|rapidly|again|noticeably|modestly"
    r"|mark|threshold|milestone|barrier|line|level|US dollars?|dollars?|as|same"
    r"|last|straight|consecutive|second|third|fourth|fifth|more|annually|customs-cleared"
    r"|nominal|terms|since|in a row|running|row|alone|altogether"
    r"|jump|fall|drop|rise|decline|increase|slump|change|rate|pace|strongly|heavily|abroad|overseas"
    r"|worth|dollar|headline|\w+-(?:year|decade)|narrow|wide|period|before|steepest|sharpest"
    r"|strongest|weakest|greatest|worst|best|sizeable|sizable|substantial"
    r"|considerable|trade's"
    r"|officially|market|but|here|so|leaving|giving|resulting in|hence|again|neighbours|compared"
    r"|following|previous|prior|preceding"
    r"|imports and exports|exporters|importers"
)
_VOCABULARY = re.compile(
    "|".join(
        f"(?P<{name}>(?:{words}))(?![\\w-])"
        for name, words in (
            (
                "idiom",
                r"over (?:the same|that|this|the) (?:period|time)|(?:add|rack|notch|chalk|tot|sum"
                r"|tott)(?:ed|ing|led|ling|med) up(?: to)?",
            ),
            ("same", _SAME),
            ("either", COMPARATORS["either"]),
            ("at_most", COMPARATORS["at most"]),
            ("at_least", COMPARATORS["at least"]),
            ("under", COMPARATORS["under"]),
            ("over", COMPARATORS["over"]),
            ("about", COMPARATORS["about"]),
            ("turned", TURNED),
            ("multiple", "|".join(MULTIPLES)),
            ("rise", RISE),
            ("fall", FALL),
            ("equal", _EQUAL),
            ("speech", _SPEECH),
            ("plain", _PLAIN),
        )
    ),
    re.IGNORECASE,
)
_WORD = re.compile(r"[\w$€¥₩%](?:[\w$€¥₩%.'/-]*[\w$€¥₩%])?")


@dataclass(frozen=True)
class Word:
    """A word or phrase of the list with its place; the kind is empty for one that is not in it."""

    kind: str
    text: str
    start: int
    end: int


def words(sentence: str, start: int, end: int, known: list[tuple[int, int]]) -> Iterator[Word]:
    """Every word of a part of a sentence, by the list; `known` places are understood already."""
    at = start
    while (match := _WORD.search(sentence, at, end)) is not None:
        inside = next((last for first, last in known if first <= match.start() < last), None)
        if inside is not None:
            at = max(inside, match.start() + 1)
            continue
        phrase = _VOCABULARY.match(sentence, match.start(), end)
        word = phrase or match
        kind = str(phrase.lastgroup).replace("_", " ") if phrase else ""
        yield Word(kind, word.group(), word.start(), word.end())
        at = word.end()
