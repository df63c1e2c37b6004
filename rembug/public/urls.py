"""Addresses of the open face, inside a city."""

from django.urls import path

from rembug.public import views

app_name = "public"
urlpatterns = [
    path("", views.city, name="city"),
    path("merek.css", views.brand, name="brand"),
    path("cari/", views.search, name="search"),
    path("kegiatan/", views.activities, name="activities"),
    path("kegiatan/unduh.csv", views.activities_csv, name="activities_csv"),
    path("kegiatan/unduh.xlsx", views.activities_xlsx, name="activities_xlsx"),
    path("kegiatan/<int:pk>/", views.activity, name="activity"),
    path("kegiatan/<int:pk>/tanggapan/", views.comment, name="comment"),
    path("wilayah/<str:code>/", views.unit, name="unit"),
    path("rt/<str:code>/", views.rt, name="rt"),
    path("rt/<str:code>/papan/", views.board, name="board"),
    path("rt/<str:code>/qr.svg", views.qr, name="qr"),
    path("notulen/<int:pk>/", views.minutes, name="minutes"),
    path("notulen/<int:pk>/notulen.pdf", views.minutes_pdf, name="minutes_pdf"),
    path("peta/", views.area_map, name="map"),
    path("menunggu/", views.waiting_list, name="waiting"),
]
