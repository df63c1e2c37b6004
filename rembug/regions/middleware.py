"""Finds the city in the address and keeps the whole request inside its scope."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.urls import set_script_prefix
from django.utils import timezone
from django_scopes import scope

from rembug.core.edge import cleaned_query
from rembug.regions.models import City


class CityMiddleware:
    """`/kota-x/meja/` is served as `/meja/` of that city, and every `{% url %}` leads back into it.

    The city's slug becomes the script prefix, exactly as if its pages were mounted there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Before anything reads it. PostgreSQL takes no NUL: every page that searches would break on it.
        request.META["QUERY_STRING"] = cleaned_query(request.META.get("QUERY_STRING", ""))
        request.city = city = self._city(request)  # type: ignore[attr-defined]
        if city is None:
            return self._moved(request) or self.get_response(request)
        request.path_info = request.path_info[len(city.slug) + 1 :] or "/"
        request.city_root = f"/{city.slug}/"  # type: ignore[attr-defined]
        set_script_prefix(request.city_root)  # type: ignore[attr-defined]
        request.urlconf = "rembug.city_urls"  # type: ignore[attr-defined]
        try:
            with scope(city=city), timezone.override(ZoneInfo(city.timezone)):
                return self.get_response(request)
        finally:
            set_script_prefix("/")

    def _moved(self, request: HttpRequest) -> HttpResponse | None:
        """An address with a name the city had before: on paper it stays for years."""
        slug, slash, rest = request.path_info.lstrip("/").partition("/")
        if not slug or slug in RESERVED or not slug.isascii():
            return None
        city = _now_named(slug)
        if city is None or request.method not in ("GET", "HEAD"):
            return None
        asked = request.META.get("QUERY_STRING", "")
        # The path is still escaped in what was asked for; only its first part changes.
        way = request.get_full_path().lstrip("/").partition("/")[2] if slash else ""
        target = f"/{city.slug}/{way}" if slash else f"/{city.slug}/{'?' + asked if asked else ''}"
        return HttpResponsePermanentRedirect(target)

    def _city(self, request: HttpRequest) -> City | None:
        slug, slash, _ = request.path_info.lstrip("/").partition("/")
        if not slash or slug in RESERVED or not slug.isascii():
            return None
        return City.objects.filter(slug=slug).first()


def _now_named(slug: str) -> City | None:
    """The city that once had this name in its address."""
    renamed = City.objects.exclude(old_slugs=[]).only("slug", "old_slugs")
    return next((city for city in renamed if slug in city.old_slugs), None)


# First path segments that are not cities.
RESERVED = {"static", "berkas", "bahasa", ""}
