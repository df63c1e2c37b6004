"""A city's brand is data: colours for light and dark, and the motif of its cloth.

    {"motif": "wave",
     "light": {"city": "#075E73", "city-strong": "#04424F", "city-soft": "#E2F0F3", "on-city": "#FFFFFF",
               "cap": "#075E73", "on-cap": "#FFFFFF", "city-band": "#F2A07B"},
     "dark": {...}}

city: links and full buttons; city-strong: the same under the pointer; city-soft: quiet ground; on-city: text on
buttons; cap and on-cap: the leaf of the almanac and its text; city-band: the thread of the cloth.
"""

import json
import re
import zlib
from collections.abc import Mapping
from typing import Any

from django.templatetags.static import static
from django.utils.translation import gettext as _

from rembug.core.refusal import Refused

TOKENS = ("city", "city-strong", "city-soft", "on-city", "cap", "on-cap", "city-band")
MOTIFS = ("diamond", "dots", "leaf", "slope", "wave", "weave")
HEX = re.compile(r"#[0-9A-Fa-f]{6}")
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3

# The grounds and the text of frontend/css/tokens.css on which brand colours must be readable.
GROUNDS = {
    "light": {"paper": "#F7F5F0", "surface": "#FFFFFF", "wash": "#EEEAE2", "ink": "#211B23"},
    "dark": {"paper": "#18141B", "surface": "#221C26", "wash": "#2C2531", "ink": "#F2EDF3"},
}
# (text, ground): every pair that appears on a page.
PAIRS = (
    ("city", "paper"),
    ("city", "surface"),
    ("city", "wash"),
    ("city-strong", "wash"),
    ("on-city", "city"),
    ("on-city", "city-strong"),
    ("on-cap", "cap"),
    ("ink", "city-soft"),
)


def luminance(colour: str) -> float:
    """Relative luminance of `#RRGGBB`, 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def faults(brand: Mapping[str, Any]) -> list[str]:
    """Everything that keeps a brand from being used, as sentences; empty when it is good.

    An empty brand is good: the city then wears the plain colours.
    """
    if not brand:
        return []
    found = []
    if brand.get("motif", MOTIFS[0]) not in MOTIFS:
        found.append(
            _("Motif %(name)s belum digambar. Pilih: %(choice)s.")
            % {"name": brand["motif"], "choice": ", ".join(MOTIFS)}
        )
    for theme in GROUNDS:
        found += _theme_faults(theme, brand.get(theme))
    return found


def _theme_faults(theme: str, colours: Any) -> list[str]:
    given = colours if isinstance(colours, Mapping) else {}
    wrong = [token for token in TOKENS if not HEX.fullmatch(str(given.get(token, "")))]
    if wrong:
        return [
            _("Warna %(theme)s.%(token)s perlu ditulis #RRGGBB.") % {"theme": theme, "token": token}
            for token in wrong
        ]
    all_colours = {**GROUNDS[theme], **given}
    return [
        _("Kontras %(theme)s: %(text)s di atas %(ground)s hanya %(found).1f. Paling sedikit 4,5.")
        % {
            "theme": theme,
            "text": text,
            "ground": ground,
            "found": contrast(all_colours[text], all_colours[ground]),
        }
        for text, ground in PAIRS
        if contrast(all_colours[text], all_colours[ground]) < LEAST_CONTRAST
    ]


def brand_css(brand: Mapping[str, Any]) -> str:
    """The stylesheet of a brand; empty for an empty brand. Raises Refused with all faults at once."""
    wrong = faults(brand)
    if wrong:
        raise Refused(wrong)
    if not brand:
        return ""
    light, dark = (_declarations(brand[theme]) for theme in ("light", "dark"))
    cloth = static(f"build/motif-{brand.get('motif', MOTIFS[0])}.svg")
    return (
        f":root,.sheet{{{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f'.band::after{{-webkit-mask-image:url("{cloth}");mask-image:url("{cloth}")}}\n'
    )


def _declarations(colours: Mapping[str, str]) -> str:
    return "".join(f"--{token}:{colours[token].upper()};" for token in TOKENS)


def fingerprint(brand: Mapping[str, Any]) -> str:
    """Eight characters that change with the brand, for the address of its stylesheet."""
    return f"{zlib.crc32(json.dumps(brand, sort_keys=True).encode()):08x}"
