"""The map of the desk: an equal-area plane, a shape for everybody, and the regions of a world."""

import gzip
import json
import math
import re
import subprocess
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from detente import library
from detente.calibrate.baseline import load_baseline
from detente.data.concordance import economies, regions
from detente.desk import page
from detente.desk.page import desk_page, OnDesk
from detente.desk.shapes import region_of, shapes_for_page
from detente.scenario import load_scenario
from tools import shapes as tool

from . import twin


SHIPPED: dict[str, Any] = json.loads(library.path("shapes.json").read_text(encoding="utf-8"))
RADIUS = 6371.0
"""Of a sphere as large as the Earth, in km."""
AREAS = {"BRA": 8.51, "AUS": 7.69, "IND": 3.29, "ARG": 2.78, "KAZ": 2.72, "DZA": 2.38, "RUS": 17.1}
"""Million km², UN Statistics Division, Demographic Yearbook, table 3 (surface area)."""
SAME_AREA = 0.06
"""Coasts drawn at 1:110m, waters counted with the land, and disputed areas."""
MOST_BYTES, MOST_BYTES_OF_SHAPES = 400_000, 25_000


@pytest.mark.parametrize("latitude", [-80, -35, 0, 10, 52, 75])
@pytest.mark.parametrize("longitude", [-170, 0, 120])
def test_the_plane_has_the_areas_of_the_sphere(longitude: float, latitude: float) -> None:
    """The determinant of its derivatives is the cosine of the latitude."""
    step = 1e-4
    at = lambda east, north: tool.equal_earth(longitude + east * step, latitude + north * step)
    (x1, y1), (x0, y0), (x3, y3), (x2, y2) = at(1, 0), at(-1, 0), at(0, 1), at(0, -1)
    area = ((x1 - x0) * (y3 - y2) - (x3 - x2) * (y1 - y0)) / (2 * math.radians(step)) ** 2
    assert area == pytest.approx(math.cos(math.radians(latitude)), rel=1e-4)


def rings_of(path: str) -> list[list[tuple[int, int]]]:
    """The points of every ring of a path."""
    made = []
    for ring in path.split("z")[:-1]:
        numbers = [int(one) for one in re.findall(r"-?\d+", ring)]
        x, y = numbers[:2]
        points = [(x, y)]
        for dx, dy in zip(numbers[2::2], numbers[3::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        made.append(points)
    return made


def area_of(path: str) -> float:
    """Million km² of a path: a hole turns the other way than what it is in."""
    twice = sum(
        x0 * y1 - x1 * y0
        for ring in rings_of(path)
        for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]])
    )
    return abs(twice) / 2 / tool.SCALE**2 * RADIUS**2 / 1e6


@pytest.mark.parametrize("code", AREAS)
def test_a_country_is_as_large_as_it_is(code: str) -> None:
    assert area_of(SHIPPED["shapes"][code]) == pytest.approx(AREAS[code], rel=SAME_AREA)


SMALL = {"HKG": (114.2, 22.3), "MLT": (14.4, 35.9), "SGP": (103.8, 1.3), "STP": (6.7, 0.4)}
"""East and north, in degrees."""


@pytest.mark.parametrize("code", SMALL)
def test_who_is_too_small_for_a_shape_is_a_square_in_its_place(code: str) -> None:
    [square] = rings_of(SHIPPED["shapes"][code])
    middle = [sum(one) / 4 for one in zip(*square, strict=True)]
    assert math.dist(middle, tool.placed(*SMALL[code])) < tool.SIDE / 2


def test_no_line_runs_across_the_picture() -> None:
    """What lies on both sides of the antimeridian is cut there, and everything is in the picture."""
    for code, path in SHIPPED["shapes"].items():
        for ring in rings_of(path):
            assert all(abs(x1 - x0) < 200 for (x0, _), (x1, _) in pairwise([*ring, ring[0]])), code
            assert all(0 <= x <= SHIPPED["width"] for x, _ in ring), code
            assert all(0 <= y <= SHIPPED["height"] for _, y in ring), code


@pytest.mark.parametrize("name", ["compact-2022", "compact-2014"])
def test_every_member_of_every_region_has_a_shape_and_is_in_no_other(name: str) -> None:
    world = load_baseline(name)
    [drawn] = shapes_for_page([world]).values()
    assert drawn["shapes"].keys() == set(world.countries)
    region = regions(name.replace("-", "_"))
    for code in economies():
        if code == "ROW":
            continue
        path = SHIPPED["shapes"][code]
        assert [one for one in world.countries if path in drawn["shapes"][one]] == [region[code]]
    # Nothing is drawn twice and nothing is lost.
    whole = sum(len(path) for path in SHIPPED["shapes"].values())
    assert sum(len(path) for path in drawn["shapes"].values()) == whole
    assert region_of("KEN", world) == "ROW"
    assert not {"ATA", "Antarctica"} & SHIPPED["shapes"].keys()


def test_the_page_carries_the_shapes_once_and_stays_small() -> None:
    name = "china-korea/services-opening"
    scenario = load_scenario(name)
    world = load_baseline(scenario.baseline)
    other = scenario.model_copy(update={"name": "other"})
    asked = [OnDesk(one, world, f"detente run {one.name}") for one in (scenario, other)]
    path = SHIPPED["shapes"]["KOR"]
    assert desk_page(*asked).count(path) == 1
    alone = desk_page(asked[0])
    assert path in alone and len(gzip.compress(alone.encode(), 6)) < MOST_BYTES
    assert len(gzip.compress(library.path("shapes.json").read_bytes())) < MOST_BYTES_OF_SHAPES


def test_another_file_of_shapes_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "countries-110m.json"
    other.write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"is not the file of world-atlas 2\.0\.2"):
        tool.atlas(other, tool.HASHES[0])


@pytest.mark.skipif(not twin.node(), reason="no node here to ask the page's own program")
def test_a_tenth_of_the_largest_change_has_two_thirds_of_its_colour() -> None:
    """As the line under the map says; gains and losses alike, and nothing is blank."""
    place = (Path(page.__file__).parent / "map.mjs").as_uri()
    script = (
        f"import {{ lookOf }} from '{place}';"
        "console.log(JSON.stringify([1, 0.1, -0.1, 0].map((value) => lookOf(value, 1))))"
    )
    words = [str(twin.node()), "--input-type=module", "--eval", script]
    shown = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
    assert [kind for kind, _ in shown] == ["gain", "gain", "loss", "still"]
    assert [full for _, full in shown][:3] == pytest.approx([1, 2 / 3, 2 / 3])
