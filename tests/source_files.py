"""Tiny files in exactly the form in which publishers give them."""

import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

from detente.data.sources.icio import FINAL, industries_of


COUNTRIES = ("KOR", "CHN", "JPN", "USA", "ROW")
WORLD = 1.8e8
"""World output in million US$."""


def icio(
    path: Path, *, edition: str = "2023", scale: float = 1.0, countries: Sequence[str] = COUNTRIES
) -> np.ndarray:
    """A wide table whose accounts close; inventories are negative here and there."""
    codes, final = industries_of(edition), FINAL[:6]
    random = np.random.default_rng(1)
    size, width = len(codes) * len(countries), len(final) * len(countries)
    table = random.lognormal(0, 1, (size, size + width))
    table[:, size:] *= 4.0 * size / width
    table[:, size + 4 :: 6] *= np.where(random.random((size, len(countries))) < 0.1, -0.01, 0.01)
    for _ in range(50):
        table[:, :size] *= np.minimum(1.0, 0.6 * table.sum(1) / table[:, :size].sum(0))
    table *= scale * WORLD / table.sum()
    write_icio(path, table, countries, codes, final)
    return table


def write_icio(
    path: Path,
    table: np.ndarray,
    countries: Sequence[str],
    codes: Sequence[str],
    final: Sequence[str],
) -> None:
    size, output = len(table), table.sum(1)
    inputs = table[:, :size].sum(0)
    rows = [f"{country}_{code}" for country in countries for code in codes]
    columns = [*rows, *(f"{country}_{use}" for country in countries for use in final)]
    nothing = np.zeros(table.shape[1] - size)
    lines = [",".join(["V1", *columns, "OUT"])]
    cells = [*zip(rows, np.column_stack([table, output]), strict=True)]
    lines += [",".join([name, *(f"{value:.9g}" for value in values)]) for name, values in cells]
    taxes = 0.01 * inputs
    for name, values in (
        ("TLS", [*taxes, *nothing]),
        ("VA", [*(output - inputs - taxes), *nothing]),
        ("OUT", [*output, *table[:, size:].sum(0)]),
    ):
        lines.append(",".join([name, *(f"{value:.9g}" for value in values), ""]))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


BACI = """t,i,j,k,v,q
2023,410,156,854231,120000000.5,1000.25
2023,410,156,010121,1500.0,NA
2023,156,410,854231,900000000,2000
2023,490,842,854231,100000000,10
"""
BACI_CODES = """country_code,country_name,country_iso2,country_iso3
156,China,CN,CHN
410,Rep. of Korea,KR,KOR
490,"Other Asia, nes",N/A,TWN
842,USA,US,USA
"""
# The download ends its lines with a comma that its header does not have.
COMTRADE = """typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,flowCode,\
partnerCode,partnerISO,partner2Code,classificationCode,cmdCode,customsCode,motCode,netWgt,primaryValue
C,A,20230101,2023,52,2023,410,KOR,X,156,CHN,0,H6,TOTAL,C00,0,,124817000000
C,A,20230101,2023,52,2023,410,KOR,M,156,CHN,0,H6,TOTAL,C00,0,,142857000000
C,A,20230101,2023,52,2023,410,KOR,X,156,CHN,0,H6,85,C00,0,10.5,61000000000
C,A,20230101,2023,52,2023,410,KOR,X,156,CHN,0,H6,85,C00,1000,10.5,11000000000
C,A,20230101,2023,52,2023,410,KOR,RX,156,CHN,0,H6,85,C00,0,10.5,5000000
"""
COMTRADE_FORMER = """Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,\
Trade Flow,Reporter Code,Reporter,Reporter ISO,Partner Code,Partner,Partner ISO,Commodity Code,Commodity,\
Qty Unit Code,Qty Unit,Qty,Netweight (kg),Trade Value (US$),Flag
H5,2018,201801,January 2018,0,0,2,Export,410,"Rep. of Korea",KOR,156,China,CHN,TOTAL,All Commodities,1,,,,13400000000,0
H5,2018,201801,January 2018,0,0,1,Import,410,"Rep. of Korea",KOR,0,World,WLD,TOTAL,All Commodities,1,,,,40000000000,0
"""
WITS = """Selected Nomen,Native Nomen,Reporter,Reporter Name,Product,Product Name,Partner,Partner Name,\
Tariff Year,Trade Year,Trade Source,DutyType,Simple Average,Weighted Average
H5,H5,410,"Korea, Rep.",854231,Processors,156,China,2021,2021,CTS,AHS,0,0
H5,H5,156,China,330499,Cosmetics,410,"Korea, Rep.",2021,2021,CTS,AHS,2.5,2.4
H5,H5,156,China,330499,Cosmetics,000,World,2021,2021,CTS,MFN,5,5
"""
TRAINS = """NomenCode,Reporter_ISO_N,Year,ProductCode,Sum_Of_Rates,Min_Rate,Max_Rate,SimpleAverage,\
Nbr_NA_Lines,Nbr_Free_Lines,Nbr_AVE_Lines,Nbr_Dutiable_Lines,TotalNoOfValidLines,TotalNoOfLines,EstCode
H5,410,2021,010121,8,8,8,8,0,0,0,1,1,1,
"""
STRI = """STRUCTURE,REF_AREA,SERVICE_SECTOR,POLICY_AREA,TIME_PERIOD,OBS_VALUE,OBS_STATUS
DATAFLOW,KOR,TC,Barriers to competition,2024,0.1,A
DATAFLOW,KOR,TC,Restrictions on foreign entry,2024,0.2,A
DATAFLOW,KOR,TC,STRI,2024,0.3,A
"""
GRAVITY = """year,country_id_o,country_id_d,iso3_o,iso3_d,country_exists_o,country_exists_d,dist,contig,fta_wto,rta_coverage
2014,KOR,CHN,KOR,CHN,1,1,956,0,0,
2015,KOR,CHN,KOR,CHN,1,1,956,0,1,2
2015,KOR,CSK,KOR,CSK,1,0,8000,0,0,
"""
WDI = """"Data Source","World Development Indicators",

"Last Updated Date","2025-03-24",

"Country Name","Country Code","Indicator Name","Indicator Code","2021","2022","2023",
"Korea, Rep.","KOR","GDP (current US$)","NY.GDP.MKTP.CD","1818432106880.09","1673916511799.52","1712792854202.4",
"Not classified","INX","GDP (current US$)","NY.GDP.MKTP.CD","","","",
"""
KOSIS = """국가별,시점,수출금액,수입금액
중국,2019.01,"10,836,000","9,243,000"
중국,2019.02,8600000,7000000
"""
KOREA_PARTNERS = """month,partner,exports_musd
2026-06,CHN,19990.0
2026-06,ASEAN,18190.0
2026-07,CHN,21660.0
"""
KOREA_ALL = """month,exports_musd,balance_musd
2026-07,98920.0,30400.0
"""
BTIGE = """year,exporter,importer,total_kusd
2024,KOR,CHN,132903000.0
2024,VNM,KOR,26521560.0
"""
WEO = """country,iso,year,ngdpd,lur
Korea,KOR,2024,1875.388,2.8
Aruba,ABW,2024,,
World,WLX,2024,109000.0,
"""
KTO = """국적,계,관광,상용,공용,유학연수,기타
중국,500,400,20,5,50,25
전년동기,600,,,,,
아시아주,900,700,50,10,90,50
"""
IDEAL = """"",ccode,session,NVotesAll,IdealPointAll,QO%,iso3c,Countryname
1,732,74,60,0.55,0.4,KOR,South Korea
2,710,74,60,-0.6,-0.7,CHN,China
"""
BATIS = """Reporter,type_Reporter,Partner,type_Partner,Flow,Item_code,Year,Reported_value,Final_value,Balanced_value
KOR,c,CHN,c,X,SD,2019,10000,10100,12000
CHN,c,KOR,c,M,SD,2019,14000,14000,12000
KOR,c,CHN,c,X,S,2019,18000,18000,20000
KOR,c,WL,g,X,S,2019,100000,100000,100000
"""
US = "month,exports_musd,imports_musd,balance_musd\nJanuary 2001,1187.5,8427.5,-7240.0\n"
JAPAN = "month,exports_kjpy,imports_kjpy\n2001/01,231700220,586529635\n"
RATES = "Date,CNY,JPY,KRW,USD\n02-Jan-2001,8.2779,100,,1\n03-Jan-2001,8.2773,120,,1\n04-Jan-2001,8.27,,,1\n"
TRAINS_PREFERENCES = """NomenCode,Reporter_ISO_N,Year,ProductCode,Partner,Sum_Of_Rates,Min_Rate,Max_Rate,SimpleAverage,\
TotalNoOfLines,Nbr_Pref_Lines,Nbr_MFN_Lines,Nbr_NA_Lines,EstCode
H5,156,2021,854370,410,9,3,6,4.5,2,2,0,0,U2
H5,156,2021,854370,N26,8,4,4,4,2,2,0,0,U2
H5,156,2021,100630,410,NA,NA,NA,NA,1,0,0,1,U2
"""
KOREA_TARIFF = """품목번호,관세율구분,관세율,단위당세액,기준가격,적용국가구분,용도세율구분,적용개시일,적용만료일
8542311000,A,8,0,0,1,,20220101,20221231
8542311000,C,0,0,0,1,,20220101,20221231
8504401010,A,8,0,0,1,,20220101,20221231
8504401010,C,13,0,0,1,,20220101,20221231
8504401010,FCN1,5.6,0,0,2,,20220101,20221231
8504401010,FRCCN,6.4,0,0,2,,20220201,20221231
8504401010,FEU1,0,0,0,2,,20220101,20221231
8504401010,FXX1,1,0,0,2,,20220101,20221231
0904210000,A,8,0,0,1,,20220101,20221231
0904210000,W2,270,0,0,1,,20220101,20221231
0904210000,FCN1,270,0,0,2,,20220101,20221231
3706101000,A,,4,0,1,,20220101,20221231
"""
ATLAS = """year,hs10,mfn,mfn_regime,applied_cn,applied_us,applied_eu
2025,2103909050,45,L,44.5,45,0
2025,0904210000,270,W2,270,270,
2025,3706101000,,,,,
"""
LINES = """importer,exporter,year,hs,rate
CHN,WLD,2019,8542.31.00,0
CHN,WLD,2019,8504.40.14,0
CHN,WLD,2019,8504.40.20,10
CHN,KOR,2019,8504.40.20,6
"""
TETI = "year,sector,importer,exporter,tariff\n2021,C26,KOR,CHN,0.08\n"


def adb(
    path: Path,
    economies: Sequence[str] = ("KOR", "PRC", "TAP", "RoW"),
    title: str = "ADB Multiregional Input-Output Table,2022",
) -> np.ndarray:
    """The sheet of a year as CSV: titles, two rows of labels, two columns of labels, totals."""
    codes = [f"c{number}" for number in range(1, 36)]
    final = [f"F{number}" for number in range(1, 6)]
    size, width = len(economies) * 35, len(economies) * 5
    random = np.random.default_rng(2)
    table = random.lognormal(0, 1, (size, size + width))
    table[:, size:] *= 20.0
    for _ in range(50):
        table[:, :size] *= np.minimum(1.0, 0.6 * table.sum(1) / table[:, :size].sum(0))
    table *= WORLD / table.sum()
    output, inputs = table.sum(1), table[:, :size].sum(0)
    above = [e for e in economies for _ in codes] + [e for e in economies for _ in final]
    below = codes * len(economies) + final * len(economies)
    lines = [title, ",,,," + ",".join(above) + ",Total"]
    lines.append(",,,," + ",".join(below) + ",")
    for row, values in enumerate(table):
        labels = ["", "industry", economies[row // 35], codes[row % 35]]
        lines.append(",".join([*labels, *(f"{v:.9g}" for v in values), f"{output[row]:.9g}"]))
    nothing = [""] * width
    for code, values in (("r60", inputs), ("r64", output - inputs), ("r69", output)):
        lines.append(
            ",".join(["", "item", "TOT", code, *(f"{v:.9g}" for v in values), *nothing, ""])
        )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return table


def wiod(path: Path) -> None:
    """Two economies of the 2016 release, 56 industries and 5 final uses each."""
    economies, size, final = ("KOR", "ROW"), 112, 10
    random = np.random.default_rng(3)
    table = random.lognormal(0, 1, (size, size + final))
    table[:, size:] *= 20.0
    for _ in range(50):
        table[:, :size] *= np.minimum(1.0, 0.6 * table.sum(1) / table[:, :size].sum(0))
    table *= WORLD / table.sum()
    output, inputs = table.sum(1), table[:, :size].sum(0)
    codes = [f"I{number:02d}" for number in range(1, 57)]
    names = [f"v{e}{n}" for e in economies for n in range(1, 57)]
    names += [f"v{e}{n}" for e in economies for n in range(57, 62)]
    rest = [0.0] * final
    items = {
        one: [0.0] * (size + final)
        for one in ("II_fob", "TXSP", "EXP_adj", "PURR", "PURNR", "IntTTM")
    }
    items |= {"VA": [*(output - inputs), *rest], "GO": [*output, *rest]}
    frame = pd.DataFrame(np.vstack([table, *items.values()]), columns=names)
    frame.insert(0, "IndustryCode", [*codes, *codes, *items])
    frame.insert(1, "IndustryDescription", "an industry")
    frame.insert(2, "Country", [*(e for e in economies for _ in codes), *("TOT" for _ in items)])
    frame.insert(3, "RNr", [*range(1, 57), *range(1, 57), *range(65, 65 + len(items))])
    frame.insert(4, "Year", 2014)
    frame["TOT"] = [*output, *(0.0 for _ in items)]
    if path.suffix == ".dta":
        frame.to_stata(path, write_index=False)
    else:
        frame.to_csv(path, index=False)


def workbook(path: Path, table: Path) -> None:
    """A workbook of one sheet."""
    book(path, {"Sheet1": table.read_text(encoding="utf-8")})


def book(path: Path, tables: Mapping[str, str]) -> None:
    """Sheets as Excel writes them: texts by number in a list apart, empty cells left out."""
    texts: dict[str, int] = {}
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    sheets = [_sheet(table, texts, main) for table in tables.values()]
    shared = "".join(f"<si><t>{escape(text)}</t></si>" for text in texts)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for number, sheet in enumerate(sheets, start=1):
            file.writestr(f"xl/worksheets/sheet{number}.xml", sheet)
        file.writestr("xl/sharedStrings.xml", f"<sst {main}>{shared}</sst>")
        for name, content in _parts(list(tables), main).items():
            file.writestr(name, content)


def _sheet(table: str, texts: dict[str, int], main: str) -> str:
    rows = []
    for number, line in enumerate(table.splitlines(), start=1):
        cells = [
            _cell(f"{_letters(place)}{number}", cell, texts)
            for place, cell in enumerate(line.split(","))
            if cell
        ]
        rows.append(f'<row r="{number}">{"".join(cells)}</row>')
    return f"<worksheet {main}><sheetData>{''.join(rows)}</sheetData></worksheet>"


def _parts(names: Sequence[str], main: str) -> dict[str, str]:
    """What a workbook says of its sheets, in the order of their names."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    sheets = "".join(
        f'<sheet name="{escape(name)}" sheetId="{n}" r:id="s{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    targets = "".join(
        f'<Relationship Id="s{n}" Type="{office}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in range(1, len(names) + 1)
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="b" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>{sheets}</sheets>'
        "</workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships">{targets}'
        f'<Relationship Id="t" Type="{office}/sharedStrings" Target="sharedStrings.xml"/>'
        "</Relationships>",
    }


def _cell(reference: str, cell: str, texts: dict[str, int]) -> str:
    try:
        float(cell)
    except ValueError:
        return f'<c r="{reference}" t="s"><v>{texts.setdefault(cell, len(texts))}</v></c>'
    return f'<c r="{reference}"><v>{cell}</v></c>'


def _letters(place: int) -> str:
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
