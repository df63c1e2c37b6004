"""What stands around the content: menu links, the brand, pages of a long list."""

from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import conditional_escape as esc
from django.utils.safestring import SafeString, mark_safe

from rembug.core import brand
from rembug.core.parts.marks import drawing


def pager(context: Context, page: Any, parameter: str = "halaman") -> dict[str, Any]:
    """Previous, `21 sampai 40 dari 118`, next; keeps the other parts of the address. Takes a core.paging.Page."""
    asked = context["request"].GET if "request" in context else QueryDict()

    def link(number: int | None) -> str:
        if number is None:
            return ""
        kept = {key: asked.getlist(key) for key in asked if key != parameter}
        return "?" + urlencode({**kept, parameter: number}, doseq=True)

    return {"page": page, "previous": link(page.previous), "next": link(page.next)}


def nav_link(
    context: Context, view: str, text: Any, icon: str = "", exact: bool = False
) -> SafeString:
    """A link of the menu that knows when it is the page one is on. Nothing when the address does not exist."""
    try:
        url = reverse(view)
    except NoReverseMatch:
        return mark_safe("")
    path = getattr(context.get("request"), "path", "")
    here = path == url or (not exact and path.startswith(url))
    current = ' aria-current="page"' if here else ""
    shown = drawing(icon) if icon else ""
    return mark_safe(f'<a href="{esc(url)}"{current}>{shown}{esc(text)}</a>')


def brand_link(context: Context) -> SafeString:
    """The stylesheet with the city's colours; nothing when there is no city or it has no brand."""
    city = getattr(context.get("request"), "city", None)
    if city is None or not city.brand:
        return mark_safe("")
    url = f"{reverse('public:city')}merek.css?v={brand.fingerprint(city.brand)}"
    return mark_safe(f'<link rel="stylesheet" href="{esc(url)}">')
