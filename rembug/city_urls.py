"""Addresses of a city, below its slug (see regions.middleware)."""

from django.conf import settings
from django.urls import include, path

from rembug.core.gallery import gallery
from rembug.core.pages import choose_language

urlpatterns = [
    path("", include("rembug.public.urls")),
    path("", include("rembug.people.urls")),
    path("", include("rembug.files.urls")),
    path("", include("rembug.programs.urls")),
    path("", include("rembug.planning.urls")),
    path("", include("rembug.execution.urls")),
    path("bahasa/", choose_language, name="set_language"),
]
if settings.DEBUG:
    urlpatterns.append(path("komponen/", gallery, name="gallery"))
handler404 = "rembug.public.views.not_found"
handler500 = "rembug.core.pages.server_error"
