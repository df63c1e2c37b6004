"""Boundaries as drawings: GeoJSON in degrees to light SVG paths. No tables.

Over a city the earth is flat enough: a degree of longitude is shortened by the cosine of the latitude.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import cos, hypot, radians
from typing import Any

Point = tuple[float, float]
Ring = list[Point]

WIDTH = 800
# Corners nearer than this to the line between their neighbours are left out (units of the drawing).
TOLERANCE = 0.8


def rings(geometry: Mapping[str, Any]) -> list[Ring]:
    """All rings of a Polygon or MultiPolygon as (longitude, latitude)."""
    kind, parts = geometry.get("type"), geometry.get("coordinates") or []
    polygons = [parts] if kind == "Polygon" else parts if kind == "MultiPolygon" else []
    return [
        [(float(x), float(y)) for x, y, *_height in ring]
        for polygon in polygons
        for ring in polygon
    ]


def simplified(ring: Ring, tolerance: float = TOLERANCE) -> Ring:
    """The ring with fewer corners (Douglas-Peucker), without recursion."""
    if len(ring) < 4:
        return ring
    keep = {0, len(ring) - 1}
    todo = [(0, len(ring) - 1)]
    while todo:
        first, last = todo.pop()
        far, at = 0.0, 0
        for n in range(first + 1, last):
            away = _away(ring[n], ring[first], ring[last])
            if away > far:
                far, at = away, n
        if far > tolerance:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [ring[n] for n in sorted(keep)]


def _away(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the line through two others."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = hypot(x2 - x1, y2 - y1)
    if length == 0:
        return hypot(x - x1, y - y1)
    return abs((x2 - x1) * (y1 - y) - (x1 - x) * (y2 - y1)) / length


def drawing(geometries: Mapping[Any, Mapping[str, Any]]) -> tuple[int, int, dict[Any, str]]:
    """(width, height, path of each key) of all boundaries in one picture, north up."""
    outlines = {key: rings(geometry) for key, geometry in geometries.items()}
    corners = [point for each in outlines.values() for ring in each for point in ring]
    if not corners:
        return WIDTH, WIDTH, {}
    west, east = min(x for x, _y in corners), max(x for x, _y in corners)
    south, north = min(y for _x, y in corners), max(y for _x, y in corners)
    shrink = cos(radians((south + north) / 2))
    scale = WIDTH / max((east - west) * shrink, (north - south) * 0.6, 1e-9)

    def placed(ring: Iterable[Point]) -> Ring:
        return [((x - west) * shrink * scale, (north - y) * scale) for x, y in ring]

    paths = {
        key: "".join(_path(simplified(placed(ring))) for ring in each)
        for key, each in outlines.items()
    }
    return round((east - west) * shrink * scale), round((north - south) * scale), paths


def _path(ring: Ring) -> str:
    if len(ring) < 3:
        return ""
    steps = "L".join(f"{x:.0f} {y:.0f}" for x, y in ring)
    return f"M{steps}Z"
