from django.urls import path, re_path

from rembug.people import views

app_name = "people"
urlpatterns = [
    re_path(r"^berkas/(?P<sha>[0-9a-f]{64})/asli$", views.original, name="original"),
    path("masuk/", views.sign_in, name="login"),
    path("keluar/", views.sign_out, name="logout"),
    path("sandi/", views.password, name="password"),
    path("beranda/", views.home, name="home"),
    path("meja/", views.desk, name="desk"),
    path("jabatan/", views.offices, name="offices"),
    path("jabatan/angkat/", views.appoint, name="appoint"),
    path("jabatan/<int:pk>/akhiri/", views.end, name="end"),
    path("jabatan/<int:pk>/sahkan/", views.confirm, name="confirm"),
    path("jabatan/<int:pk>/nama/", views.rename, name="rename"),
    path("jabatan/<int:pk>/sandi/", views.reset, name="reset"),
]
