"""Pages by status and words, through the eyes of who uses them."""

import pytest

from rembug.execution.models import Comment, Pokmas, Report, Tranche, Work
from rembug.execution.services.comments import add_comment
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, confirmed, formed, fresh
from rembug.people.sending import new_key

ROOT = "/uji/"


def text(response):
    return response.content.decode()


def post(client, path, **data):
    return client.post(ROOT + path, {"key": new_key()} | data)


@pytest.fixture
def see(sign_in):
    """`see(person, "pekerjaan/1/")`: the page as that person gets it."""

    def look(person, path):
        return sign_in(person).get(ROOT + path)

    return look


@pytest.mark.parametrize("state", paths.STATES[1:])
def test_the_work_page_holds_in_every_state_for_everybody(cast, see, state):
    work = bring(cast, state)
    for who in ("pokmas_head", "pokmas_supervisor", "rt_head", "ekbang", "lurah", "auditor"):
        page = see(cast.people[who], f"pekerjaan/{work.pk}/")
        assert page.status_code == 200, who
        assert work.activity.name in text(page)


PAGES = [
    ("pekerjaan/{}/", "accounted_1"),
    ("pekerjaan/{}/kontrak/", "signed"),
    ("pekerjaan/{}/termin/1/", "requested_1"),
    ("pekerjaan/{}/termin/1/spj/", "spj_1"),
    ("pekerjaan/{}/kuitansi/", "spent_1"),
    ("pekerjaan/{}/serah-terima/", "offered"),
    ("pekerjaan/{}/tutup/", "handed"),
    ("pekerjaan/{}/kontrak.pdf", "signed"),
    ("pekerjaan/{}/bahp.pdf", "handed"),
    ("pekerjaan/{}/bast.pdf", "handed"),
]


@pytest.mark.parametrize(("path", "state"), PAGES)
def test_strangers_find_nothing_and_visitors_must_sign_in(cast, see, client, path, state):
    work = bring(cast, state)
    confirmed(cast, name="Pokmas Lain", account="9999999999", suffix="2")
    path = path.format(work.pk)
    answer = client.get(ROOT + path)
    assert answer.status_code == 302 and "/masuk/" in answer["Location"]
    for who in ("neighbour", "neighbour_lurah", "resident", "other_rt_head", "pokmas_head2"):
        assert see(cast.people[who], path).status_code == 404, who
    for who in ("pokmas_head", "rt_head", "ekbang", "camat", "auditor", "mayor"):
        assert see(cast.people[who], path).status_code == 200, who


ACTING = [
    ("pekerjaan/{}/laporan/baru/", "running", "pokmas_head", "lurah"),
    ("pekerjaan/{}/kuitansi/baru/", "received_1", "pokmas_treasurer", "rt_head"),
    ("pekerjaan/{}/pajak/", "received_1", "pokmas_treasurer", "pokmas_head"),
    ("pekerjaan/{}/periksa/", "reported_100", "pokmas_supervisor", "pokmas_head"),
]


@pytest.mark.parametrize(("path", "state", "right", "wrong"), ACTING)
def test_pages_of_an_act_are_for_its_office(cast, see, path, state, right, wrong):
    work = bring(cast, state)
    path = path.format(work.pk)
    assert see(cast.people[right], path).status_code == 200
    assert see(cast.people[wrong], path).status_code == 403
    assert see(cast.neighbour, path).status_code == 404


def test_the_phone_home_is_one_sentence_and_one_next_step(cast, see):
    bring(cast, "reported_0")
    page = text(see(cast.pokmas_head, "rumah/"))
    assert "1 kegiatan berjalan" in page and page.count('class="next') == 1
    assert "Minta pencairan 1" in page
    assert see(cast.rt_head, "rumah/").status_code == 200
    assert "Belum ada kegiatan" in text(see(cast.neighbour, "rumah/"))


def test_the_list_of_works_costs_the_same_for_many(cast, sign_in, django_assert_max_num_queries):
    client = sign_in(cast.ekbang)
    for number in range(3):
        bring(cast, "running", name=f"Saluran {number}", cost=1_000_000)
    with django_assert_max_num_queries(9):
        assert client.get(ROOT + "pekerjaan/").status_code == 200


def test_the_work_page_counts_its_queries(cast, sign_in, django_assert_max_num_queries):
    work = bring(cast, "accounted_2")
    client = sign_in(cast.ekbang)
    with django_assert_max_num_queries(25):
        assert client.get(f"{ROOT}pekerjaan/{work.pk}/").status_code == 200


def test_forming_a_pokmas_shows_first_passwords_once(cast, sign_in):
    client = sign_in(cast.ekbang)
    assert client.get(ROOT + "pokmas/baru/").status_code == 200
    data = {
        "key": new_key(),
        "name": "Pokmas Rukun",
        "address": "Jalan Melati 3",
        "bank": "Bank Uji",
        "account_no": "00 1122 3344",
        "account_holder": "POKMAS RUKUN",
        "head_name": "Siti",
        "secretary_name": "Rina",
        "treasurer_name": "Joko",
        "supervisor_name": "Budi",
    }
    page = text(client.post(ROOT + "pokmas/baru/", data))
    assert "Sandi ini tampil sekali saja" in page and "siti" in page
    again = client.post(ROOT + "pokmas/baru/", data)
    assert again.status_code == 302 and Pokmas.objects.count() == 1
    pokmas = Pokmas.objects.get()
    assert "Sandi" not in text(client.get(f"{ROOT}pokmas/{pokmas.pk}/"))


def test_a_pokmas_of_two_faults_hears_both_and_keeps_what_was_typed(cast, sign_in):
    page = post(
        sign_in(cast.ekbang),
        "pokmas/baru/",
        name="Pokmas Rukun",
        account_holder="Siti Pribadi",
        account_no="1234567",
        bank="Bank Uji",
        address="Jalan 1",
        head_name="Siti",
    )
    assert page.status_code == 422
    assert "Rekening harus atas nama pokmas" in text(page) and "bendahara" in text(page)
    assert 'value="Siti Pribadi"' in text(page)
    assert not Pokmas.objects.exists()


def test_the_camat_confirms_by_decree(cast, sign_in, see):
    pokmas = formed(cast)
    assert see(cast.ekbang, f"pokmas/{pokmas.pk}/sahkan/").status_code == 403
    client = sign_in(cast.camat)
    assert client.get(f"{ROOT}pokmas/{pokmas.pk}/sahkan/").status_code == 200
    answer = post(
        client, f"pokmas/{pokmas.pk}/sahkan/", decree_no="188/9/2026", decree_on="2026-01-05"
    )
    assert answer.status_code == 302
    assert Pokmas.objects.get().state == "confirmed"


def test_ekbang_prepares_a_contract_on_its_page(cast, sign_in):
    activity = paths.budgeted(cast)
    pokmas = confirmed(cast)
    client = sign_in(cast.ekbang)
    path = f"pekerjaan/siapkan/{activity.pk}/"
    assert client.get(ROOT + path).status_code == 200
    refused = post(client, path, pokmas=pokmas.pk, contract_no="1/K/2026", contract_on="2999-01-01")
    assert refused.status_code == 422
    assert "belum tiba" in text(refused) and "titik foto" in text(refused)
    day = paths.timezone.localdate()
    made = post(
        client,
        path,
        pokmas=pokmas.pk,
        contract_no="1/K/2026",
        contract_on=day.isoformat(),
        starts_on=day.isoformat(),
        ends_on=f"{day.year}-12-31",
        note_A="mulut gang",
        lat_A="-7,8166",
        lon_A="112.01",
    )
    assert made.status_code == 302
    point = Work.objects.get().points.get()
    assert (point.label, point.lat, point.lon) == ("A", -7.8166, 112.01)


def test_the_head_reads_in_plain_words_before_signing(cast, see, sign_in):
    work = bring(cast, "prepared")
    page = text(see(cast.pokmas_head, f"pekerjaan/{work.pk}/kontrak/"))
    for words in (
        "Rp10.000.000",
        "Selesai paling lambat",
        "Kewajiban pokmas",
        "Pencairan 1: Rp6.000.000",
    ):
        assert words in page
    assert (
        post(sign_in(cast.pokmas_head), f"pekerjaan/{work.pk}/kontrak/", do="sign").status_code
        == 302
    )
    assert (
        post(sign_in(cast.lurah), f"pekerjaan/{work.pk}/kontrak/", do="approve").status_code == 302
    )
    assert fresh(work).state == "running"


def test_shut_gates_are_listed_early_and_when_asked(cast, see, sign_in):
    work = bring(cast, "running")
    assert "Kirim laporan 0%" in text(see(cast.pokmas_head, f"pekerjaan/{work.pk}/"))
    page = post(sign_in(cast.pokmas_head), f"pekerjaan/{work.pk}/termin/1/", do="tranche.request")
    assert page.status_code == 422 and "Laporan 0% disetujui" in text(page)


def test_a_stale_tab_does_not_do_the_next_step_by_mistake(cast, sign_in):
    work = bring(cast, "verified_1")
    path = f"pekerjaan/{work.pk}/termin/1/"
    page = post(sign_in(cast.treasurer), path, do="tranche.bill", number="99/2026")
    assert page.status_code == 422 and "sudah berubah" in text(page)
    assert post(sign_in(cast.lurah), path, do="tranche.pay", number="99/2026").status_code == 403
    assert Tranche.objects.get(work=work, number=1).state == "verified"


@pytest.mark.fault("screen-G8")
def test_the_earlier_photograph_of_each_point_is_seen_while_taking_the_next(cast, sign_in):
    work = bring(cast, "reported_0")
    page = sign_in(cast.pokmas_head).get(f"/uji/pekerjaan/{work.pk}/laporan/baru/").content.decode()
    assert '<details class="fold gap" open>' in page
    for photo in work.reports.get().photos.all():
        assert f"{photo.file.sha256}-k.webp" in page


def test_a_report_keeps_text_and_photographs_when_it_is_refused(cast, sign_in, photo):
    work = bring(cast, "running")
    client, path = sign_in(cast.pokmas_head), f"pekerjaan/{work.pk}/laporan/baru/"
    assert client.get(ROOT + path).status_code == 200
    day = paths.timezone.localdate().isoformat()
    page = post(
        client, path, percent=0, seen_on=day, note="Baru mulai digali.", photo_A=photo(seed=1)
    )
    assert page.status_code == 422 and "Foto titik B belum ada" in text(page)
    assert "Baru mulai digali." in text(page) and not Report.objects.exists()
    kept = page.context["form"].kept("photo_A")[1]
    assert "sudah di server" in text(page)
    sent = post(
        client,
        path,
        percent=0,
        seen_on=day,
        note="Baru mulai digali.",
        photo_A_kept=kept,
        photo_B=photo(seed=2),
    )
    assert sent.status_code == 302 and "selesai=laporan-" in sent["Location"]
    assert Report.objects.get().photos.count() == 2


def test_a_ticket_for_a_photograph_is_no_use_to_others(cast, sign_in, photo):
    work = bring(cast, "running")
    path = f"pekerjaan/{work.pk}/laporan/baru/"
    day = paths.timezone.localdate().isoformat()
    page = post(sign_in(cast.pokmas_head), path, percent=0, seen_on=day, photo_A=photo(seed=1))
    kept = page.context["form"].kept("photo_A")[1]
    other = post(sign_in(cast.pokmas_secretary), path, percent=0, seen_on=day, photo_A_kept=kept)
    assert "Foto titik A belum ada" in text(other)


@pytest.mark.parametrize("name", ["kosong_0_byte.jpg", "bom_dekompresi.gif", "rusak.heic"])
def test_bad_pictures_are_refused_in_words(cast, sign_in, data_dir, name):
    work = bring(cast, "running")
    with (data_dir / "foto" / name).open("rb") as bad:
        page = post(
            sign_in(cast.pokmas_head), f"pekerjaan/{work.pk}/laporan/baru/", percent=0, photo_A=bad
        )
    assert page.status_code == 422 and "Foto titik A:" in text(page)


def test_a_report_is_checked_on_its_page(cast, see, sign_in):
    work = bring(cast, "running")
    report = paths.report(cast, work, 0, upto="sent")
    path = f"laporan/{report.pk}/"
    page = text(see(cast.ekbang, path))
    assert "Setujui laporan" in page and "meter dari titik" in page and "Fisik dan uang" in page
    assert "Setujui laporan" not in text(see(cast.camat, path))
    assert see(cast.neighbour_ekbang, path).status_code == 404
    assert (
        post(sign_in(cast.ekbang), path, do="back", why="kurang", tier="kelurahan").status_code
        == 422
    )
    assert post(sign_in(cast.ekbang), path, do="pass", tier="kelurahan").status_code == 302
    stale = post(sign_in(cast.ekbang), path, do="pass", tier="kelurahan")
    assert stale.status_code == 422 and "sudah diperiksa" in text(stale)
    assert post(sign_in(cast.ekbang), path, do="pass", tier="kecamatan").status_code == 403


def test_a_receipt_with_its_photograph(cast, sign_in, photo):
    work = bring(cast, "received_1")
    client, path = sign_in(cast.pokmas_treasurer), f"pekerjaan/{work.pk}/kuitansi/baru/"
    day = paths.timezone.localdate().isoformat()
    data = {"supplier": "Toko Jaya", "what": "Semen", "paid_on": day, "amount": "1.500.000"}
    page = post(client, path, **data)
    assert page.status_code == 422 and "Foto kuitansinya dulu" in text(page)
    page = post(client, path, **data | {"amount": "60.000.000"}, photo=photo(seed=3))
    assert "Uang di pokmas tinggal Rp6.000.000" in text(page) and 'value="60.000.000"' in text(page)
    kept = page.context["form"].kept_photo()[1]
    assert post(client, path, **data, photo_kept=kept).status_code == 302
    receipt = work.receipts.get()
    assert receipt.amount == 1_500_000
    assert "Toko Jaya" in text(client.get(f"{ROOT}pekerjaan/{work.pk}/kuitansi/"))
    void = f"kuitansi/{receipt.pk}/batal/"
    assert client.get(ROOT + void).status_code == 200
    assert post(client, void, why="Salah menulis jumlahnya").status_code == 302


def test_the_end_is_walked_on_pages(cast, sign_in, see):
    work = bring(cast, "reported_100")
    client = sign_in(cast.pokmas_supervisor)
    path = f"pekerjaan/{work.pk}/"
    assert post(client, path + "periksa/", number="7/BAHP/2026", measured="rapi").status_code == 422
    assert (
        post(client, path + "periksa/", number="7/BAHP/2026", measured="42 m x 1,5 m").status_code
        == 302
    )
    assert post(sign_in(cast.pokmas_head), path + "serah-terima/", do="offer").status_code == 302
    assert (
        post(
            sign_in(cast.lurah), path + "serah-terima/", do="receive", number="7/BAST/2026"
        ).status_code
        == 302
    )
    assert "Kembalikan sisa uang" in text(see(cast.pokmas_treasurer, path))
    assert (
        post(
            sign_in(cast.pokmas_treasurer), path + "tutup/", do="return", number="7/STS/2026"
        ).status_code
        == 302
    )
    assert post(sign_in(cast.ppk), path + "tutup/", do="receive_return").status_code == 302
    assert post(sign_in(cast.lurah), path + "tutup/", do="close").status_code == 302
    assert fresh(work).state == "closed"
    for name in ("kontrak.pdf", "bahp.pdf", "bast.pdf"):
        assert see(cast.auditor, path + name).content[:5] == b"%PDF-"


def test_a_resident_is_answered(cast, see, sign_in):
    work = bring(cast, "running")
    comment, receipt = add_comment(
        activity=work.activity, name="", text="Kapan selesai?", matches=None, key=new_key()
    )
    path = f"tanggapan/{comment.pk}/"
    assert receipt.code and see(cast.ekbang, path).status_code == 200
    assert see(cast.ppk, path).status_code == 403
    assert see(cast.neighbour_lurah, path).status_code == 404
    assert (
        post(sign_in(cast.ekbang), path, do="answer", answer="Akhir bulan ini.").status_code == 302
    )
    assert (
        post(sign_in(cast.lurah), path, do="hide", why="Memuat nama orang lain").status_code == 302
    )
    assert Comment.objects.get().answered_as.startswith("Kasi Ekbang")
