"""Where the names of points stand in a picture, so that none lies on another or on a point."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple


FONT_SIZE = 10.5
_LETTER = 0.53 * FONT_SIZE
"""Pixels of a letter, on average, rounded up."""
_LINE = 13.0
_POINT = 5.0
_AWAY = 7.0
# Lines of text by which a name may be moved up or down before it may lie on something.
_FARTHEST = 14
# What a line to a name costs where it crosses another name, beside square pixels covered.
_CROSSING = 40.0
_STEPS = 12


class Box(NamedTuple):
    """Of a name or a point: edges in pixels, downwards and to the right."""

    left: float
    top: float
    right: float
    bottom: float

    def on(self, other: "Box") -> float:
        """The area that two have in common."""
        wide = min(self.right, other.right) - max(self.left, other.left)
        tall = min(self.bottom, other.bottom) - max(self.top, other.top)
        return max(wide, 0.0) * max(tall, 0.0)

    def holds(self, x: float, y: float) -> bool:
        return self.left < x < self.right and self.top < y < self.bottom


class Label(NamedTuple):
    """The edge of a name that is nearest to its point, and what a reader needs to find it."""

    edge: float
    middle: float
    side: str
    """Of the point on which the name stands, right or left; it is aligned to its edge."""
    away: bool
    """Whether it is so far from its point that a line has to lead there."""


def placed(
    points: Sequence[tuple[float, float]], names: Sequence[str], width: float, height: float
) -> list[Label]:
    """A place for the name of every point, in pixels: beside it, else as near as there is room.

    Names are placed from the top down, so that a crowd of points has its names in their order. A
    name that finds no room at all stands where it covers least.
    """
    dots = [Box(x - _POINT, y - _POINT, x + _POINT, y + _POINT) for x, y in points]
    frame, taken = Box(0.0, 0.0, width, height), list[Box]()
    labels: dict[int, Label] = {}
    order = sorted(range(len(points)), key=lambda at: (points[at][1], points[at][0]))
    for at in order:
        length = len(names[at]) * _LETTER
        label = _best(points[at], length, dots, taken, frame)
        taken.append(_box(label, length))
        labels[at] = label
    return [labels[at] for at in range(len(points))]


def _best(
    point: tuple[float, float], length: float, dots: Sequence[Box], taken: Sequence[Box], frame: Box
) -> Label:
    """The first place that covers nothing, or the one that covers least."""
    costs: list[tuple[float, Label]] = []
    for label in _candidates(point):
        box = _box(label, length)
        outside = length * _LINE - box.on(frame)
        covered = sum(box.on(other) for other in (*dots, *taken)) + 2 * outside
        cost = covered + _CROSSING * _crossed(point, label, taken)
        if cost < 1e-6:
            return label
        costs.append((cost, label))
    return min(costs, key=lambda one: one[0])[1]


def _candidates(point: tuple[float, float]) -> Iterator[Label]:
    """To the right, to the left, then both again ever farther below and above."""
    x, y = point
    for lines in range(_FARTHEST + 1):
        away = lines > 1
        far = _AWAY + (_LINE if away else 0.0)
        for down in (lines, -lines) if lines else (0,):
            yield Label(x + far, y + down * _LINE, "right", away)
            yield Label(x - far, y + down * _LINE, "left", away)


def _box(label: Label, length: float) -> Box:
    left = label.edge if label.side == "right" else label.edge - length
    return Box(left, label.middle - _LINE / 2, left + length, label.middle + _LINE / 2)


def _crossed(point: tuple[float, float], label: Label, taken: Sequence[Box]) -> int:
    """How many names the line from a point to its own name runs over."""
    if not label.away:
        return 0
    parts = [step / _STEPS for step in range(1, _STEPS + 1)]
    path = [
        (point[0] + part * (label.edge - point[0]), point[1] + part * (label.middle - point[1]))
        for part in parts
    ]
    return sum(any(box.holds(x, y) for x, y in path) for box in taken)
