"""Addresses of files, inside a city."""

from django.urls import re_path

from rembug.files import views

app_name = "files"
urlpatterns = [
    re_path(r"^berkas/(?P<sha>[0-9a-f]{64})\.webp$", views.public, name="public"),
    re_path(r"^berkas/(?P<sha>[0-9a-f]{64})-k\.webp$", views.thumb, name="thumb"),
    re_path(r"^berkas/(?P<sha>[0-9a-f]{64})/surat$", views.document, name="document"),
]
