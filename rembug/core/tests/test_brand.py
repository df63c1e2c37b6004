"""A city's colours come from its folder: they must be whole and readable."""

import pytest

from rembug.core import brand
from rembug.core.refusal import Refused

LIGHT = {
    "city": "#075E73",
    "city-strong": "#04424F",
    "city-soft": "#E2F0F3",
    "on-city": "#FFFFFF",
    "cap": "#075E73",
    "on-cap": "#FFFFFF",
    "city-band": "#F2A07B",
}
DARK = {
    "city": "#7CCBDD",
    "city-strong": "#B3E4F0",
    "city-soft": "#12323B",
    "on-city": "#04232B",
    "cap": "#074A5B",
    "on-cap": "#FFFFFF",
    "city-band": "#F2A07B",
}
GOOD = {"motif": "wave", "light": LIGHT, "dark": DARK}


def test_contrast_is_that_of_wcag():
    assert brand.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert brand.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert brand.contrast("#123456", "#123456") == pytest.approx(1)


def test_a_good_brand_has_no_faults_and_becomes_a_stylesheet():
    assert brand.faults(GOOD) == []
    css = brand.brand_css(GOOD)
    assert ":root,.sheet{--city:#075E73;" in css
    assert "prefers-color-scheme:dark" in css and "--city:#7CCBDD" in css
    assert 'mask-image:url("/static/build/motif-wave.svg")' in css


def test_a_city_without_a_brand_wears_the_plain_colours():
    assert brand.faults({}) == []
    assert brand.brand_css({}) == ""


def test_every_fault_is_told_at_once():
    bad = {"motif": "naga", "light": {**LIGHT, "city": "#F2C200"}, "dark": {**DARK, "cap": "teal"}}
    with pytest.raises(Refused) as refused:
        brand.brand_css(bad)
    said = " ".join(refused.value.reasons)
    assert "naga" in said
    assert "city di atas wash" in said
    assert "dark.cap" in said


@pytest.mark.parametrize("poison", ["red;}body{display:none", "#FFF", "#12345G", "url(x)", None, 7])
def test_nothing_but_a_colour_reaches_the_stylesheet(poison):
    with pytest.raises(Refused):
        brand.brand_css({**GOOD, "light": {**LIGHT, "city-band": poison}})


def test_a_missing_theme_is_a_fault():
    assert len(brand.faults({"motif": "wave", "light": LIGHT})) == len(brand.TOKENS)


def test_the_address_changes_with_the_brand():
    assert brand.fingerprint(GOOD) != brand.fingerprint({**GOOD, "motif": "leaf"})
    assert brand.fingerprint(GOOD) == brand.fingerprint(dict(reversed(GOOD.items())))
