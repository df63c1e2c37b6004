"""One page with every part of the look in every state, for builders and for screenshots. All of it is invented."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from rembug.core.forms import CountField
from rembug.core.paging import Page
from rembug.core.parts.tiles import level


class SampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nama kegiatan", help_text="Contoh: paving Gang Cempaka 2")
    price = CountField(label="Harga satuan", high=148_500)
    stage = forms.ChoiceField(
        label="Sampai berapa persen?",
        choices=[("0", "0%"), ("50", "50%"), ("100", "100%")],
        widget=forms.RadioSelect,
    )
    kecamatan = forms.ChoiceField(label="Kecamatan", choices=[("1", "Barat"), ("2", "Timur")])
    groups = forms.MultipleChoiceField(
        label="Siapa yang hadir?",
        choices=[("p", "Perempuan"), ("l", "Lansia"), ("d", "Penyandang disabilitas")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    story = forms.CharField(
        label="Ceritakan singkat", widget=forms.Textarea(attrs={"rows": 3}), required=False
    )
    photo = forms.FileField(label="Foto titik A", required=False)
    agree = forms.BooleanField(label="Saya melihat sendiri pekerjaannya")


ICONS = (
    "alert arrow back calendar camera chat check clock doc down eye flag home info key list lock map money offline "
    "out pencil people person phone pin plus print ring seal search send stop trash undo up x"
).split()
FIELDS = (
    ("infra", "Infrastruktur", 37_500_000, 0, 40_000_000),
    ("kes", "Kesehatan", 22_000_000, 25_000_000, 50_000_000),
    ("sos", "Sosial budaya", 12_000_000, 0, 20_000_000),
    ("eko", "Ekonomi", 31_200_000, 0, 30_000_000),
    ("pend", "Pendidikan", 8_000_000, 0, 20_000_000),
    ("muda", "Kepemudaan", 4_000_000, 0, 10_000_000),
    ("adm", "Administrasi", 1_500_000, 0, 1_500_000),
)
PLACES = (
    "Apung",
    "Bukit Sari",
    "Candi",
    "Dukuh Lor",
    "Embung",
    "Gading",
    "Hulu",
    "Ilir",
    "Jati",
    "Karang Asem",
)


def gallery(request: HttpRequest) -> HttpResponse:
    """Every part in every state."""
    return render(request, "components/gallery.html", samples())


def samples() -> dict[str, Any]:
    """What the page of parts shows."""
    today = date(2026, 11, 12)
    return {
        "icons": ICONS,
        "fields": [(code, name) for code, name, *_rest in FIELDS],
        "money": (147_800_000_000, 142_000_000_000, 120_250_000_000, 78_500_000_000),
        "shares": FIELDS,
        "parts": [(code, name, amount) for code, name, amount, *_rest in FIELDS],
        "progress": _progress(),
        "desks": _desks(),
        "depths": DEPTHS,
        "groups": [_tiles("Barat", 1, PLACES), _tiles("Timur", 5, PLACES)],
        "day": today,
        "late": timezone.localdate() - timedelta(days=4),
        "soon": timezone.localdate() + timedelta(days=3),
        "now": timezone.now(),
        "page": Page([1] * 20, 2, 118, 6, 21),
        "form": SampleForm({"price": "165000", "stage": "50", "groups": ["p"]}),
        "blank": SampleForm(prefix="b"),
    }


def _progress() -> list[tuple[str, list[tuple[str, str, str]]]]:
    """Finished, being checked, late."""
    start = ("done", "0%", "12 Sep")
    end = ("next", "100%", "batas 20 Nov")
    return [
        ("selesai", [start, ("done", "50%", "8 Okt"), ("done", "100%", "5 Nov")]),
        ("diperiksa", [start, ("now", "50%", "dicek camat"), end]),
        ("terlambat", [start, ("late", "50%", "lewat 6 hari"), end]),
    ]


def _desks() -> list[tuple[str, str, str]]:
    """Five desks one after another."""
    return [
        ("done", "Ketua RW", "1 hari"),
        ("now", "Kasi Ekbang", "sedang diperiksa"),
        ("next", "Tim kecamatan", "5 hari kerja"),
        ("next", "Tim verifikasi", "7 hari kerja"),
        ("next", "Tim RAB dan gambar", "7 hari kerja"),
    ]


DEPTHS = [31, 59, 73, 84, 91]


def _tiles(name: str, left: int, places: tuple[str, ...]) -> dict[str, Any]:
    """A kecamatan three tiles wide."""
    tiles = [
        {
            "name": place,
            "percent": (percent := (31, 59, 73, 84, 91, 100)[n % 6]),
            "level": level(percent, DEPTHS),
            "url": f"#{n}",
            "column": left + n % 3,
            "row": 1 + n // 3,
            "late": n == 0,
        }
        for n, place in enumerate(places)
    ]
    return {"name": name, "note": "80,6%", "tiles": tiles}
