"""Addresses of programmes and their years, inside a city."""

from django.urls import path

from rembug.programs import views

app_name = "programs"
urlpatterns = [
    path("tahun/", views.years, name="years"),
    path("tahun/buka/", views.open_new, name="open"),
    path("aturan/<int:pk>/", views.rules, name="rules"),
]
