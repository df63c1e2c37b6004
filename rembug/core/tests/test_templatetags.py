"""Figures in words, and parts that say the truth in shape and word."""

import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django import forms
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone, translation

from rembug.core.paging import Page
from rembug.core.parts.tiles import soft

NOON = datetime(2026, 11, 12, 5, 0, tzinfo=UTC)  # 12.00 WIB


def shown(source, **context):
    """A template with the builtin tags, rendered."""
    return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("filters", "value", "words"),
    [
        ("rupiah", 50_000_000, "Rp50.000.000"),
        ("rupiah", -119_500, "−Rp119.500"),
        ("rupiah", 0, "Rp0"),
        ("rupiah", None, "belum ada"),
        ("jt", 50_000_000, "50 jt"),
        ("jt", 9_500_000, "9,5 jt"),
        ("jt", 45_000, "45 rb"),
        ("jt", 0, "0 jt"),
        ("jt", -1_200_000, "−1,2 jt"),
        ("ringkas", 147_800_000_000, "Rp147,8 miliar"),
        ("ringkas", 142_000_000_000, "Rp142 miliar"),
        ("ringkas", 1_200_000_000_000, "Rp1,2 triliun"),
        ("ringkas", 999_999, "Rp999.999"),
        ("angka", 1478, "1.478"),
        ("angka:1", 4.5, "4,5"),
        ("angka", 100_000, "100.000"),
        ("persen", 81.4, "81,4%"),
        ("persen", 50, "50%"),
        ("persen:200", 50, "25%"),
        ("persen:0", 50, "0%"),
        ("tanggal", date(2026, 8, 7), "7 Agu 2026"),
        ("tanggal_penuh", date(2026, 11, 12), "Kamis, 12 November 2026"),
        ("waktu", NOON, "12 Nov 2026, 12.00"),
        ("jam", NOON, "12.00"),
        ("tanggal", None, "belum ada"),
    ],
)
def test_figures_in_words(filters, value, words):
    assert shown("{{ value|" + filters + " }}", value=value) == words


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("back", "words"),
    [
        (timedelta(minutes=20), "kurang dari 1 jam"),
        (timedelta(hours=3, minutes=59), "3 jam"),
        (timedelta(hours=25), "1 hari"),
        (timedelta(days=41), "41 hari"),
        (-timedelta(hours=2), "kurang dari 1 jam"),
    ],
)
def test_ages_count_hours_only_below_a_day(back, words):
    assert shown("{{ at|umur }}", at=NOON - back) == words


@time_machine.travel(NOON, tick=False)
@pytest.mark.parametrize(
    ("due", "words", "state"),
    [
        (date(2026, 11, 15), "3 hari lagi", "idle"),
        (date(2026, 11, 12), "hari ini", "wait"),
        (date(2026, 11, 8), "lewat 4 hari", "late"),
    ],
)
def test_deadlines(due, words, state):
    assert shown("{{ due|sisa }} {{ due|sisa_keadaan }}", due=due) == f"{words} {state}"


def test_the_day_is_that_of_the_city():
    late_evening = datetime(2026, 11, 12, 16, 30, tzinfo=UTC)
    with timezone.override("Asia/Makassar"):
        assert shown("{{ at|waktu }}", at=late_evening) == "13 Nov 2026, 00.30"
    assert shown("{{ at|waktu }}", at=late_evening) == "12 Nov 2026, 23.30"


def test_market_days_of_the_almanac():
    assert "Jumat Legi" not in shown("{% leaf day %}", day=date(1945, 8, 17))
    assert "Jum Legi" in shown("{% leaf day pasaran=True %}", day=date(1945, 8, 17))
    assert "Kliwon" in shown("{% leaf day pasaran=True %}", day=date(1945, 8, 16))


def test_words_from_people_are_escaped():
    evil = "<script>alert(1)</script>"
    for source in (
        "{% chip 'ok' evil %}",
        "{% bid 'kes' evil %}",
        "{% steps rows %}",
        "{% receipt evil %}",
        "{% empty evil %}x{% endempty %}",
        "{% share 'kes' evil 1 0 2 %}",
        "{% mix parts %}",
        "{% tilemap groups %}",
        "{% ladder 1 1 1 1 notes=notes href=evil %}",
        "{% notice 'late' %}{{ evil }}{% endnotice %}",
        "{% errors reasons %}",
    ):
        html = shown(
            source,
            evil=evil,
            rows=[("now", evil, evil)],
            parts=[("kes", evil, 1)],
            notes=[evil],
            reasons=[evil],
            groups=[{"name": evil, "tiles": [{"name": evil, "percent": 1, "url": evil}]}],
        )
        assert "<script" not in html, source


def test_no_part_writes_an_inline_style():
    html = shown(
        "{% ladder 100 90 80 70 %}{% share 'eko' 'E' 3 0 2 %}{% mix parts %}{% bar 5 8 %}{% tilemap groups %}",
        parts=[("eko", "E", 2), ("kes", "K", 1)],
        groups=[
            {
                "name": "G",
                "tiles": [{"name": "A", "percent": 40, "level": "q2", "column": 3, "row": 2}],
            }
        ],
    )
    assert "style=" not in html
    assert "x1 y1" in html and "q2" in html


@pytest.mark.parametrize(
    ("amount", "whole", "percent"),
    [
        (0, 100, 0),
        (1, 10_000, 1),
        (9_999, 10_000, 99),
        (100, 100, 100),
        (150, 100, 100),
        (5, 0, 0),
        (-5, 10, 0),
    ],
)
def test_a_bar_is_full_only_when_it_is_full(amount, whole, percent):
    assert f'class="bar v{percent}"' in shown("{% bar a w %}", a=amount, w=whole)


def test_the_ladder_names_all_four_states_and_opens_to_its_rows():
    html = shown("{% ladder 100000000 98500000 84250000 61870500 href='/baris/' %}")
    assert re.findall(r"ladder-bar v(\d+)", html) == ["100", "98", "84", "62"]
    assert "Rp61.870.500" in html and "98,5% dari pagu" in html
    assert html.count('href="/baris/"') == 4


def test_a_small_ladder_is_short():
    html = shown("{% ladder 9500000 9500000 0 0 small=True %}")
    assert "9,5 jt" in html and "dari pagu" not in html and "v0" in html


@pytest.mark.parametrize(
    ("amount", "word", "advice"),
    [(22, "kurang", "Tambah 3 jt."), (28, "sesuai", ""), (31, "lebih", "Kurangi 1 jt.")],
)
def test_a_share_says_what_to_do(amount, word, advice):
    html = shown("{% share 'infra' 'Infra' a 25000000 30000000 scale=50000000 %}", a=amount * 10**6)
    assert word in html and advice in html
    assert "boleh 25 jt sampai 30 jt." in html and "lo50 hi60" in html


def test_an_unknown_field_of_spending_looks_like_administration():
    assert "b-adm" in shown("{% bid 'wisata' 'Wisata' %}")


class Sample(forms.Form):
    name = forms.CharField(label="Nama kegiatan", help_text="Contoh: paving")
    stage = forms.ChoiceField(
        label="Tahap", choices=[("0", "0%"), ("50", "50%")], widget=forms.RadioSelect
    )
    agree = forms.BooleanField(label="Setuju")
    note = forms.CharField(label="Catatan", required=False, max_length=3)


def test_fields_are_wired_for_screen_readers():
    form = Sample({"note": "panjang"})
    html = shown(
        "{% field form.name rows=2 %}{% field form.stage %}{% field form.agree %}{% field form.note %}",
        form=form,
    )
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'id="id_name_helptext"' in html and 'id="id_name_error"' in html
    assert html.count('class="pick"') == 2 and "<legend" in html
    assert 'aria-invalid="true"' in html
    assert "boleh kosong" in html


def test_all_faults_are_listed_at_once_and_lead_to_their_fields():
    form = Sample({"note": "panjang"})
    form.is_valid()
    form.add_error(None, "Pagu kurang Rp1.000.")
    html = shown("{% errors form extra %}", form=form, extra=["Rembug belum ada."])
    assert "6 hal perlu dibereskan" in html
    for target in ("id_name", "id_stage", "id_agree", "id_note"):
        assert f'href="#{target}"' in html
    assert "Pagu kurang Rp1.000." in html and "Rembug belum ada." in html
    assert "Nama kegiatan: Belum diisi." in html


def test_a_form_without_faults_shows_no_list():
    assert shown("{% errors form %}", form=Sample()).strip() == ""


def test_pages_keep_the_rest_of_the_address():
    request = RequestFactory().get("/cari/?q=jati&halaman=2")
    html = shown("{% pager page %}", page=Page([0] * 20, 2, 118, 6, 21), request=request)
    assert 'href="?q=jati&amp;halaman=1"' in html and 'href="?q=jati&amp;halaman=3"' in html
    assert "21 sampai 40 dari 118" in html


def test_a_large_map_shows_a_phone_the_ten_furthest_behind():
    tiles = [
        {"name": f"K{n}", "percent": n, "column": n % 5 + 1, "row": n // 5 + 1} for n in range(30)
    ]
    html = shown("{% tilemap groups %}", groups=[{"name": "A", "tiles": tiles}])
    assert html.count("tile-rest") == 20 and "many" in html


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Kandangrejo", "Kan-dang-re-jo"),
        ("Singopurno", "Si-ngo-pur-no"),
        ("Menanggala Lor", "Me-nang-ga-la Lor"),
        ("Gayam", "Gayam"),
    ],
)
def test_long_names_may_break_between_syllables(name, parts):
    assert soft(name).replace("\N{SOFT HYPHEN}", "-") == parts


def test_every_page_of_the_frame_renders_without_a_city():
    request = SimpleNamespace(
        city=None, path="/", user=SimpleNamespace(is_authenticated=False, pk=None)
    )
    for name in (
        "base.html",
        "base_phone.html",
        "base_desk.html",
        "400.html",
        "403.html",
        "404.html",
    ):
        html = engines["django"].get_template(name).template.render(_context(request))
        assert '<main id="isi"' in html and "style=" not in html
    assert "gangguan" in engines["django"].get_template("500.html").render({})


def _context(request):
    from django.template import Context

    return Context({"request": request})


def test_dates_follow_the_language_and_numbers_stay_indonesian():
    with translation.override("en"):
        assert shown("{{ n|rupiah }}", n=50_000_000) == "Rp50.000.000"
        assert shown("{{ d|tanggal }}", d=date(2026, 8, 7)).startswith("7 A")


@pytest.mark.fault("screen-A17")
@pytest.mark.fault("screen-G19")
def test_tiles_are_rounded_and_their_depths_relative():
    from rembug.core.parts.tiles import bounds, level, tile_legend, tilemap, whole

    assert [whole(p) for p in (0, 0.2, 46.9, 39.3, 99.7, 100)] == [0, 1, 47, 39, 99, 100]
    # Forty-six places between 38 and 52 percent: with fixed steps nearly all had one depth.
    percents = [38 + n * 0.3 for n in range(46)]
    steps = bounds(percents)
    found = [level(percent, steps) for percent in percents]
    assert {found.count(f"q{n}") for n in range(1, 6)} <= set(range(7, 12))
    # Forty at nothing do not hide the one that has begun.
    assert [level(p, bounds([0.0] * 45 + [15.5])) for p in (0, 15.5)] == ["q1", "q5"]
    assert found == sorted(found)
    assert len(bounds([50.0] * 9)) == 1 and level(50, [50]) == "q3" and bounds([]) == [0]
    legend = tile_legend(steps)
    assert f"sampai {steps[1] - 1}%" in legend and f"{steps[-1]}% ke atas" in legend
    tile = {"name": "Ngronggo", "percent": 46.9, "level": "q4"}
    assert "<b>47%</b>" in tilemap([{"name": "", "tiles": [tile]}])


@pytest.mark.fault("screen-A29")
def test_numbers_of_places_stay_with_their_letters():
    from rembug.core.words import whole_labels

    assert whole_labels("RT 03 / RW 05 Ngronggo") == "RT\xa003\xa0/ RW\xa005 Ngronggo"
    assert whole_labels("Kelurahan RT Baru") == "Kelurahan RT Baru"
    assert shown("{{ place|utuh }}", place="RW 05 <b>") == "RW\xa005 &lt;b&gt;"


@pytest.mark.fault("screen-A27")
def test_numbers_follow_the_language():
    from django.utils.translation import override

    from rembug.core import words

    with override("id"):
        assert words.rounded(147_800_000_000) == "Rp147,8 miliar" and words.percent(51.2) == "51,2%"
    with override("en"):
        assert words.rounded(147_800_000_000) == "Rp147.8 billion"
        assert words.percent(51.2) == "51.2%" and words.number(1478) == "1,478"


@pytest.mark.fault("screen-A31")
def test_an_empty_state_takes_no_place_among_headings():
    html = shown("{% empty 'Belum ada' icon='info' %}<p>x</p>{% endempty %}")
    assert "<h" not in html and "Belum ada" in html


@pytest.mark.fault("screen-A21")
def test_a_reason_stands_at_its_own_tick():
    """Two papers lack: each box says so, the list of all faults has the sentences, nothing is doubled."""
    from django import forms

    from rembug.core.forms import TellAll
    from rembug.core.refusal import Reason

    class Papers(TellAll):
        papers = forms.MultipleChoiceField(
            label="Surat",
            choices=[("a", "Pakta"), ("b", "KAK"), ("c", "RAB")],
            widget=forms.CheckboxSelectMultiple,
        )

    form = Papers({"papers": ["b"]})
    form.is_valid()
    form.refuse(
        [Reason(f"Centang “{name}” sesudah dilihat.", "papers") for name in ("Pakta", "RAB")]
    )
    html = shown("{% errors form %}{% field form.papers %}", form=form)
    assert html.count("Belum dicentang.") == 2
    assert html.count("Centang “Pakta” sesudah dilihat.") == 1
    assert html.count("Centang “RAB” sesudah dilihat.") == 1
