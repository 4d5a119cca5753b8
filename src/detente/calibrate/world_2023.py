"""The world of 2022 moved to 2023, with trade of Korea and China on the books of one of them.

A derivative, not an observation: technology, composition of demand, tariffs and services are those
of the world of 2022. GDP is that of 2023, goods totals by pair are those of BACI, and the two
totals of Korea and China are those of the chosen customs.
"""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from .._core import DataError
from ..data import record
from ..data.concordance import regions
from ..data.sources import baci, wdi
from ..data.store import shipped_record
from ..data.tables import read_parquet
from .assemble import describe_final_demand, finish, rounded
from .balance import corners, keep_final_demand
from .update import Economy, Margins, update, Updated


YEAR, BEFORE = 2023, 2022
BOOKS = {
    "world-2023-korean-books": record.KOREAN,
    "world-2023-chinese-books": record.CHINESE,
}
GDP = Path("wdi_gdp") / "wdi_gdp_current_usd_1960_2023.parquet"
TOTALS = Path("baci2023_totals") / "baci_hs22_2023_v202501_totals.parquet"
REST = "ROW"


def move_to_2023(
    source: xr.Dataset, name: str, raw_directory: Path, progress: Callable[[str], None]
) -> xr.Dataset:
    """The world of 2022 at the GDP and the pair totals of 2023, on the books that `name` says."""
    basis = BOOKS[name]
    countries = [str(code) for code in source.country.values]
    progress("reading GDP and pair totals of 2023")
    growth, without = _growth(Path(raw_directory) / GDP, countries)
    pair = _pair_totals(Path(raw_directory) / TOTALS, countries)
    korea = _book(basis, pair, countries)
    # Alternative flows cannot be moved to the same outputs, and are left out.
    world = source.drop_vars("trade_alternative", errors="ignore").astype("float64")
    table = _economy(world)
    progress("moving flows to the margins of 2023")
    moved = update(table, Margins(growth, np.stack([pair, np.full_like(pair, np.nan)], axis=2)))
    flow = ("origin", "destination", "sector")
    line_average = world.get("tariff_line_average")
    rates = None if line_average is None else line_average.transpose(*flow).to_numpy()
    repaired = keep_final_demand(
        moved.trade, table.tariff, table.input_share,
        others=corners(moved.trade, table.tariff, None, rates),
    )  # fmt: skip
    shares = (("country", "input", "sector"), repaired.input_share)
    dataset = world.assign(trade=(flow, moved.trade), input_share=shares)
    steps = [_describe(moved, countries, without, korea), describe_final_demand(repaired)]
    return finish(dataset.assign_attrs(_attributes(source, name, basis, korea, steps)))


def _economy(world: xr.Dataset) -> Economy:
    flow = ("origin", "destination", "sector")
    services = set(json.loads(world.attrs["sector_groups"])["services"])
    return Economy(
        world.trade.transpose(*flow).to_numpy(),
        world.input_share.transpose("country", "input", "sector").to_numpy(),
        world.tariff.transpose(*flow).to_numpy(),
        np.array([int(str(code) in services) for code in world.sector.values]),
    )


def _growth(path: Path, countries: Sequence[str]) -> tuple[np.ndarray, list[str]]:
    """GDP of 2023 over 2022 in US$, and the economies that the source lacks.

    Those, and the rest of the world, move as all others together.
    """
    frame = read_parquet(path, ["iso3", "year", "gdp_usd"], f"year in ({BEFORE}, {YEAR})")
    wide = frame.pivot_table(index="iso3", columns="year", values="gdp_usd").dropna()
    here = [code for code in countries if code in wide.index]
    total = wide.loc[here].sum()
    together = float(total[YEAR] / total[BEFORE])
    ratio = {code: float(wide.loc[code, YEAR] / wide.loc[code, BEFORE]) for code in here}
    without = [code for code in countries if code not in ratio]
    return np.array([ratio.get(code, together) for code in countries]), without


def _pair_totals(path: Path, countries: Sequence[str]) -> np.ndarray:
    """Goods totals by pair (o, d), million US$; not a number where the source has none."""
    (parsed,) = baci.read([path], lambda step: None)
    frame = parsed.tables["trade"]
    home = regions("world_2022")
    place = {code: number for number, code in enumerate(countries)}
    ends = [
        frame[side].map(lambda code: place[home.get(code, REST)])
        for side in ("reporter", "partner")
    ]
    pair = np.zeros((len(countries), len(countries)))
    np.add.at(pair, tuple(ends), frame["value"].to_numpy(float))
    return np.where(pair > 0, pair, np.nan)


def _book(basis: str, pair: np.ndarray, countries: Sequence[str]) -> dict[str, str]:
    """Set the two totals of Korea and China in `pair`; what each is and where it is from."""
    rows: Any = pd.concat([pd.read_csv(path) for path in shipped_record()])
    chosen = rows[(rows.basis == basis) & rows.period.str.startswith(str(YEAR))]
    korea, china = countries.index("KOR"), countries.index("CHN")
    said: dict[str, str] = {}
    for origin, destination in ((korea, china), (china, korea)):
        exporter, importer = countries[origin], countries[destination]
        match = chosen[
            ((chosen.reporter == exporter) & (chosen.flow == "exports"))
            | ((chosen.reporter == importer) & (chosen.flow == "imports"))
        ]
        label = f"{exporter} to {importer}"
        if len(match):
            pair[origin, destination] = float(match["value"].iloc[0])
            said[label] = f"{pair[origin, destination]:,.0f} million US$, {match.note.iloc[0]}"
        elif np.isfinite(pair[origin, destination]):
            said[label] = (
                f"{pair[origin, destination]:,.0f} million US$, BACI, which for this pair follows "
                "China's report: the record has no figure of these customs"
            )
        else:
            raise DataError(f"there is no total of {label} in {YEAR} on the basis '{basis}'.")
    return said


def _describe(
    moved: Updated, countries: Sequence[str], without: Sequence[str], korea: dict[str, str]
) -> dict[str, Any]:
    goods = moved.known[:, :, 0]
    through = ", ".join(countries[place] for place in moved.through) or "none"
    return {
        "step": "moved to 2023",
        "rule": f"GRAS to GDP of 2023 (World Bank; {', '.join(without)} as all others together) "
        f"and to {int(goods.sum())} goods totals by pair (BACI); "
        f"{'; '.join(f'{pair}: {text}' for pair, text in korea.items())}; other pairs and all "
        f"services move with the GDP of both sides; totals not set, because more would be "
        f"imported than is absorbed: {through}; other estimates of flows left out; technology, "
        f"tariffs and composition of final demand as before; {moved.rounds} "
        "rounds; the distance is the largest error left",
        "distance": rounded(moved.residual, 1),
        "unit": "share of the largest total",
    }


def _attributes(
    source: xr.Dataset, name: str, basis: str, korea: dict[str, str], steps: list[dict[str, Any]]
) -> dict[str, Any]:
    whose = "Korean" if basis == record.KOREAN else "Chinese"
    return {
        "name": name,
        "title": f"World economy of 2023 on {whose} books: a derivative of world-2022",
        "year": YEAR,
        "basis": f"harmonised, Korea-China goods on {basis}",
        "derived_from": str(source.attrs["name"]),
        "derivative": "moved from the world of 2022 to margins of 2023, not observed; goods of "
        f"Korea and China as in {basis}: "
        + "; ".join(f"{pair} {text}" for pair, text in korea.items()),
        "source": "\n".join(
            [str(source.attrs["source"]), baci.SOURCE.attribution, wdi.SOURCE.attribution]
        ),
        "adjustments": json.dumps([*json.loads(source.attrs["adjustments"]), *steps]),
    }
