"""A form that cannot be read whole still hears everything else the act has to say, and nothing is done."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from rembug.execution.models import Pokmas, Receipt, Report, TaxDeposit, Work
from rembug.execution.tests.paths import bring, budgeted, confirmed, formed, fresh, spend
from rembug.people.models import Act, Sending
from rembug.people.sending import new_key

ROOT = "/uji/"


@pytest.fixture
def send(cast, sign_in):
    """`send(person, path, field=...)`: what the page answers, whole and as (faults, links)."""

    def post(who, path, **data):
        before = Act.objects.count(), Sending.objects.count()
        page = sign_in(cast.people[who]).post(ROOT + path, {"key": new_key()} | data)
        assert page.status_code == 422
        assert (Act.objects.count(), Sending.objects.count()) == before
        return page.content.decode()

    return post


def summary(page):
    """The list of faults above a form."""
    return page.partition('role="alert"')[2].partition("</ul>")[0]


def told(page, *words, times=1):
    for word in words:
        assert summary(page).count(word) == times, (word, summary(page))


def count(page):
    return summary(page).count("<li>")


def test_an_unreadable_receipt_is_told_whole(cast, send):
    work = bring(cast, "received_1")
    path = f"pekerjaan/{work.pk}/kuitansi/baru/"
    page = send("pokmas_treasurer", path, amount="-5", paid_on="31/02/2026", what="Semen")
    told(page, "dengan angka saja", "2026-11-12", "nama toko", "Foto kuitansinya dulu")
    assert count(page) == 4 and not Receipt.objects.exists()
    assert 'value="-5"' in page and 'value="31/02/2026"' in page
    page = send("pokmas_treasurer", path, amount="5.000.000", tax="x", what="Semen")
    told(page, "Pajak yang dipotong", "nama toko", "Tulis tanggal kuitansi", "Foto kuitansinya")
    assert count(page) == 4


def test_an_unreadable_report_is_told_whole(cast, send, photo):
    work = bring(cast, "running")
    path = f"pekerjaan/{work.pk}/laporan/baru/"
    page = send("pokmas_head", path, percent=50, seen_on="kemarin", photo_A=photo(seed=1))
    told(page, "giliran laporan 0%", "2026-11-12", "satu kalimat", "Foto titik B belum ada")
    assert count(page) == 4 and not Report.objects.exists()


def test_a_bad_picture_is_told_once_and_the_missing_one_leads_to_its_field(cast, send):
    work = bring(cast, "running")
    bad = SimpleUploadedFile("a.jpg", b"bukan foto")
    path, day = f"pekerjaan/{work.pk}/laporan/baru/", timezone.localdate().isoformat()
    page = send("pokmas_head", path, percent=0, seen_on=day, note="Mulai digali.", photo_A=bad)
    assert "Foto titik A belum ada" not in page
    assert '<a href="#id_photo_A">Foto titik A: ' in page
    assert '<a href="#id_photo_B">Foto titik B belum ada.</a>' in page
    assert count(page) == 2


def test_an_unreadable_contract_is_told_whole(cast, send):
    activity = budgeted(cast)
    confirmed(cast)
    page = send(
        "ekbang",
        f"pekerjaan/siapkan/{activity.pk}/",
        contract_no="1/K/2026",
        contract_on="31/02/2026",
        lat_A="selatan",
        lon_A="112",
    )
    told(page, "2026-11-12", "Pilih pokmas", "tanggal mulai", "tanggal selesai", "letak titik")
    told(page, "angka, misalnya -7,8166")
    assert "kosongkan keduanya" not in page
    assert count(page) == 6 and not Work.objects.exists()


def test_what_alone_is_unreadable_is_not_done_either(cast, send):
    """The act itself would be content without a latitude; the form is not."""
    activity = budgeted(cast)
    pokmas = confirmed(cast)
    day = timezone.localdate()
    sound = {"contract_on": day, "starts_on": day, "ends_on": f"{day.year}-12-31"}
    page = send(
        "ekbang",
        f"pekerjaan/siapkan/{activity.pk}/",
        pokmas=pokmas.pk,
        contract_no="1/K/2026",
        note_A="mulut gang",
        lat_A="selatan",
        **sound,
    )
    assert count(page) == 1 and not Work.objects.exists()


def test_an_unreadable_pokmas_is_told_whole(cast, send):
    page = send(
        "ekbang", "pokmas/baru/", name="Pokmas Rukun", bank="x" * 61, head_name="Siti" + "\0"
    )
    told(page, "alamat sekretariat", "atas nama pokmas", "sebagai bendahara", "Bank: ", "Ketua: ")
    assert "Tulis nama bank" not in page and "sebagai ketua" not in page
    assert not Pokmas.objects.exists()


def test_an_unreadable_decree_is_told_whole(cast, send):
    pokmas = formed(cast)
    page = send("camat", f"pokmas/{pokmas.pk}/sahkan/", decree_no="x", decree_on="31/02/2026")
    told(page, "Tulis nomor SK", "2026-11-12")
    assert count(page) == 2
    assert '<a href="#id_decree_no">Tulis nomor SK' in page


def test_an_unreadable_deposit_is_told_whole(cast, send):
    work = bring(cast, "received_1")
    spend(cast, work, 1_000_000, tax=15_000)
    page = send(
        "pokmas_treasurer",
        f"pekerjaan/{work.pk}/pajak/",
        amount="-5",
        ntpn="pendek",
        paid_on="31/02/2026",
    )
    told(page, "Jumlah yang disetor", "16 huruf atau angka", "2026-11-12")
    assert count(page) == 3 and not TaxDeposit.objects.exists()


@pytest.mark.parametrize(
    ("state", "who", "act", "data", "words"),
    [
        ("paid_1", "pokmas_treasurer", "tranche.confirm", {"bank_date": "31/02"}, "2026-11-12"),
        ("requested_1", "treasurer", "tranche.bill", {"number": "9" * 61}, "60"),
    ],
)
def test_unreadable_steps_of_a_payment_are_told_once(cast, send, state, who, act, data, words):
    work = bring(cast, state)
    page = send(who, f"pekerjaan/{work.pk}/termin/1/", do=act, **data)
    told(page, words)
    assert count(page) == 1
    assert fresh(work).tranches.get(number=1).state == state.removesuffix("_1")


def test_an_inspection_is_told_whole(cast, send):
    work = bring(cast, "running")
    path = f"pekerjaan/{work.pk}/periksa/"
    page = send("pokmas_supervisor", path, number="9" * 61, measured="rapi")
    told(page, "Laporan 100%", "Nomor BAHP: ", "hasil ukur")
    assert count(page) == 3
