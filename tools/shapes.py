"""Write the shapes of countries that the desk's map draws, from Natural Earth.

    python -m tools.shapes countries-110m.json countries-50m.json

The files are those of world-atlas 2.0.2 (ISC), which is Natural Earth's 1:110m and 1:50m countries,
in the public domain, as TopoJSON; others are refused. Shapes are projected by Equal Earth and
rounded to half a pixel of a picture 640 pixels wide. Economies of the worlds that 1:110m does not
have are small squares where 1:50m has them. Antarctica and the French southern lands belong to no
economy and are left out. What Natural Earth draws without an ISO code stays under its name.
"""

import hashlib
import json
import math
import sys
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from detente.data.concordance import economies, table


Point = tuple[float, float]
Ring = list[tuple[int, int]]
SHIPPED = Path(__file__).resolve().parents[1] / "src/detente/library/shapes.json"
HASHES = (
    "2516c915867c7baf18ddec727aec46c315541a07cfb3d79a6559b05d5e94eee8",
    "04342cdc1e3016bcd7db1630de95684d67b79fe3c8c460321e87aef469502394",
)
WIDTH = 1280
LEFT_OUT = {"010", "260"}
SIDE = 8
"""Of the square that stands for an economy too small for a shape."""
TOLERANCE = 0.8
"""How far a line may move where a point of it is left out."""
EQUAL_EARTH = (1.340264, -0.081106, 0.000893, 0.003796)
"""Šavrič, Patterson and Jenny (2018), The Equal Earth map projection, IJGIS 33(3), equation 7."""


def equal_earth(longitude: float, latitude: float) -> Point:
    """The place on the plane, y upwards, of degrees; areas are those on a sphere of radius 1."""
    a1, a2, a3, a4 = EQUAL_EARTH
    t = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a4 * t**8 + 7 * a3 * t**6 + 3 * a2 * t**2 + a1
    x = 2 * math.sqrt(3) * math.radians(longitude) * math.cos(t) / (3 * slope)
    return x, a4 * t**9 + a3 * t**7 + a2 * t**3 + a1 * t


SCALE = WIDTH / (2 * equal_earth(180, 0)[0])
"""Units of the picture to a radius of the sphere."""
TOP = equal_earth(0, 83.7)[1]
"""Of the picture: nothing that is drawn lies further north."""


def placed(longitude: float, latitude: float) -> Point:
    """The place in the picture, y downwards."""
    x, y = equal_earth(longitude, latitude)
    return WIDTH / 2 + SCALE * x, SCALE * (TOP - y)


def atlas(path: Path, digest: str) -> dict[str, Any]:
    """A file of world-atlas; exits where it is another one."""
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != digest:
        raise SystemExit(f"{path} is not the file of world-atlas 2.0.2 that this tool reads.")
    return json.loads(content)


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """Every arc in degrees."""
    (sx, sy), (tx, ty) = (topology["transform"][name] for name in ("scale", "translate"))
    every: list[list[Point]] = []
    for arc in topology["arcs"]:
        x = y = 0
        degrees: list[Point] = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            degrees.append((x * sx + tx, y * sy + ty))
        every.append(degrees)
    return every


def unwrapped(line: list[Point]) -> list[Point]:
    """A line of degrees without a leap at the antimeridian: what lies beyond it goes on."""
    made = line[:1]
    for x, y in line[1:]:
        made.append((x - 360 * round((x - made[-1][0]) / 360), y))
    return made


def cut(ring: list[Point]) -> list[list[Point]]:
    """The parts of a ring on either side of the antimeridian, each where the picture has it."""
    whole = unwrapped(ring)
    parts = [(within(whole, 180, 1), 0), (within(whole, 180, -1), -360)]
    if min(x for x, _ in whole) < -180:
        parts = [(within(whole, -180, -1), 0), (within(whole, -180, 1), 360)]
    return [[(x + shift, y) for x, y in part] for part, shift in parts if part]


def within(ring: list[Point], edge: float, side: int) -> list[Point]:
    """What of a ring is west (1) or east (-1) of a meridian (Sutherland and Hodgman, 1974)."""
    made: list[Point] = []
    for (x0, y0), (x1, y1) in pairwise([ring[-1], *ring]):
        here, there = side * (edge - x1) >= 0, side * (edge - x0) >= 0
        if here != there:
            made.append((edge, y0 + (y1 - y0) * (edge - x0) / (x1 - x0)))
        if here:
            made.append((x1, y1))
    return made


def simplified(line: list[Point]) -> list[Point]:
    """A line of degrees without the points that it can do without (Douglas and Peucker, 1973)."""
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = placed(*line[0]), placed(*line[-1])
    span = math.hypot(x1 - x0, y1 - y0)

    def away(point: Point) -> float:
        x, y = placed(*point)
        if not span:
            return math.hypot(x - x0, y - y0)
        return abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / span

    far = max(range(1, len(line) - 1), key=lambda at: away(line[at]))
    if away(line[far]) <= TOLERANCE:
        return [line[0], line[-1]]
    return [*simplified(line[: far + 1])[:-1], *simplified(line[far:])]


def rings(geometry: dict[str, Any]) -> Iterator[list[int]]:
    """The rings of a polygon or of several, each as numbers of arcs."""
    for polygon in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
        yield from polygon


def joined(ring: list[int], arcs: list[list[Point]]) -> list[Ring]:
    """A ring as one or two of the picture, in whole units, no point twice in a row."""
    degrees = [point for at in ring for point in (arcs[at] if at >= 0 else [*reversed(arcs[~at])])]
    made = [rounded([placed(*point) for point in part]) for part in cut(degrees)]
    return [one for one in made if len(one) > 2]


def rounded(points: list[Point]) -> Ring:
    made: Ring = []
    for x, y in points:
        if not made or made[-1] != (round(x), round(y)):
            made.append((round(x), round(y)))
    return made[:-1] if made and made[0] == made[-1] else made


def path_of(rings: list[Ring]) -> str:
    """A path of SVG: where each ring begins, and its steps from there."""
    text = ""
    for ring in rings:
        steps = [(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(ring)]
        text += f"M{ring[0][0]} {ring[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps) + "z"
    return text.replace(" -", "-")


def shapes(small: dict[str, Any], fine: dict[str, Any]) -> dict[str, str]:
    """The path of every economy, by its code, or by its name where it has none."""
    # The publishers of the table count Belgium together with Luxembourg.
    codes = {"056": "BEL"} | {
        row["code"].zfill(3): row["area"]
        for row in table("areas")
        if row["scheme"] == "numeric" and row["kind"] == "economy"
    }
    arcs = [simplified(unwrapped(arc)) for arc in arcs_of(small)]
    made: dict[str, str] = {}
    for country in small["objects"]["countries"]["geometries"]:
        if country.get("id") not in LEFT_OUT:
            every = [one for ring in rings(country) for one in joined(ring, arcs)]
            made[codes[country["id"]] if "id" in country else country["properties"]["name"]] = (
                path_of(every)
            )
    degrees = arcs_of(fine)
    for country in fine["objects"]["countries"]["geometries"]:
        code = codes.get(country.get("id", ""))
        if code in economies() and code not in made:
            made[code] = path_of(
                [
                    square(
                        [degrees[at if at >= 0 else ~at] for ring in rings(country) for at in ring]
                    )
                ]
            )
    return dict(sorted(made.items()))


def square(lines: list[list[Point]]) -> Ring:
    """A square about the middle of what is too small to be drawn."""
    points = [placed(*point) for line in lines for point in line]
    x, y = (round(sum(one) / len(points) - SIDE / 2) for one in zip(*points, strict=True))
    return [(x, y), (x + SIDE, y), (x + SIDE, y + SIDE), (x, y + SIDE)]


def main() -> None:
    small, fine = (
        atlas(Path(path), digest) for path, digest in zip(sys.argv[1:], HASHES, strict=True)
    )
    height = math.ceil(SCALE * (TOP - equal_earth(0, -56)[1]))
    document = {"width": WIDTH, "height": height, "shapes": shapes(small, fine)}
    SHIPPED.write_text(json.dumps(document, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
