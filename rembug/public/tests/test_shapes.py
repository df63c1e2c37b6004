"""Boundaries become light drawings."""

from rembug.public.shapes import WIDTH, drawing, rings, simplified

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[112, -8], [112.1, -8], [112.1, -7.9], [112, -7.9], [112, -8]]],
}


def test_north_is_up_and_the_drawing_fits():
    width, height, paths = drawing({1: SQUARE})
    assert width <= WIDTH and height > 0
    assert paths[1].startswith(f"M0 {height}L") and paths[1].endswith("Z")


def test_several_parts_and_no_geometry():
    many = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], SQUARE["coordinates"]]}
    assert len(rings(many)) == 2
    assert drawing({}) == (WIDTH, WIDTH, {})
    assert rings({"type": "Point", "coordinates": [1, 2]}) == []


def test_needless_corners_are_left_out():
    line = [(n / 10, 0.01 * (n % 2)) for n in range(100)] + [(9.9, 5.0), (0.0, 5.0)]
    assert len(simplified(line)) < 10


def test_polygons_are_drawn_when_the_city_has_them(staged, client):
    kelurahan = staged.cast.kelurahan
    kelurahan.boundary = SQUARE
    kelurahan.save()
    text = client.get("/uji/peta/?bentuk=batas").content.decode()
    assert 'class="areas"' in text and f"/uji/wilayah/{kelurahan.code}/" in text
    plain = client.get("/uji/peta/").content.decode()
    assert 'class="areas"' not in plain and "tilemap" in plain
