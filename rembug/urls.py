"""Addresses outside any city. Inside one, see city_urls."""

from django.urls import path

from rembug.core.pages import choose_language
from rembug.public import views

urlpatterns = [
    path("", views.cities, name="cities"),
    path("robots.txt", views.robots, name="robots"),
    path("bahasa/", choose_language, name="set_language"),
]
handler404 = "rembug.public.views.not_found"
handler500 = "rembug.core.pages.server_error"
