"""The same evidence twice: found in the whole city, told to who enters it and who checks it."""

from io import BytesIO
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django_scopes import scope
from PIL import Image, ImageDraw

from rembug.core.refusal import Refused
from rembug.execution.evidence import same_shop, twin_faults, twins_by_words
from rembug.execution.models import Receipt, Twin
from rembug.execution.services import receipts
from rembug.execution.services.reports import Shot, submit_report
from rembug.execution.tests.paths import bring, fresh, spend, tranche
from rembug.files.models import File
from rembug.files.services import alike, store_image
from rembug.people.models import Act
from rembug.people.sending import new_key
from rembug.regions.models import City

SCENE, WORDS = "foto_mirip", "toko_hari_jumlah"


def paper(seed: int, size=(1200, 900)) -> Image.Image:
    """A receipt on a table, with a print of its own: no two seeds look alike."""
    rng, (width, height) = Random(seed), size
    picture = Image.new("RGB", size, (rng.randint(70, 150), rng.randint(70, 120), 80))
    draw = ImageDraw.Draw(picture)
    for _grain in range(300):
        x, y, shade = rng.randint(0, width), rng.randint(0, height), rng.randint(40, 170)
        draw.rectangle((x, y, x + rng.randint(20, 160), y + rng.randint(5, 60)), (shade,) * 3)
    left, top = rng.randint(100, 400), rng.randint(60, 160)
    draw.rectangle((left, top, left + 600, height - 80), (244, 242, 232))
    for row in range(top + 30, height - 120, 34):
        draw.rectangle((left + 40, row, left + rng.randint(80, 380), row + 16), (40, 40, 60))
        draw.rectangle((left + rng.randint(400, 500), row, left + 560, row + 16), (40, 40, 60))
    return picture


def sent(cast, picture: Image.Image, quality: int = 90) -> File:
    out = BytesIO()
    picture.save(out, "JPEG", quality=quality)
    name, content = f"nota-{quality}.jpg", out.getvalue()
    return store_image(cast.city, SimpleUploadedFile(name, content, "image/jpeg")).file


def cropped(picture: Image.Image, *shares: float) -> Image.Image:
    left, top, right, bottom = shares
    width, height = picture.size
    return picture.crop(
        (int(left * width), int(top * height), int((1 - right) * width), int((1 - bottom) * height))
    )


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


@pytest.mark.fault("report-02")
@pytest.mark.fault("attack-10")
@pytest.mark.fault("item-2")
def test_one_receipt_sent_three_times_is_seen_by_whoever_checks(cast):
    """WhatsApp made it smaller and coarser, somebody wrote capitals: it is one paper."""
    work, other = bring(cast, "received_1"), bring(cast, "received_1", name="Saluran Gang Mawar")
    one = paper(1)
    told = {"what": "Polybag"}
    first = spend(cast, work, 25_000, supplier="UD Sumber Rejeki", file=sent(cast, one), **told)
    smaller = sent(cast, one.resize((900, 675)), 60)
    second = spend(cast, work, 25_000, supplier="UD Sumber Rejeki", file=smaller, **told)
    coarse = sent(cast, one, 40)
    third = spend(cast, other, 25_000, supplier="SUMBER REJEKI, UD.", file=coarse, **told)
    assert first.flags == []
    assert sorted(second.flags) == sorted(third.flags) == [SCENE, WORDS]
    assert {twin.other_id for twin in third.twins.all()} == {first.pk, second.pk}
    refused(lambda: spend(cast, other, 9_000, file=coarse), "kuitansi lain")
    detail = Act.objects.filter(act="receipt.added").latest("pk").detail
    assert detail["twins"] == 4


# What one receipt of Rp25.000 leaves of the first payment, and why it may stay.
LEFT = {"stays": 5_975_000, "stays_why": "Sisanya dipakai pekan depan."}


def test_an_spj_with_twins_is_accepted_only_with_a_why(cast):
    work, other = bring(cast, "received_1"), bring(cast, "received_1", name="Saluran Gang Mawar")
    spend(cast, work, 25_000, supplier="Toko A")
    spend(cast, other, 25_000, supplier="TOKO  a.")
    for each in (work, other):  # who checks the earlier one is told as well
        row = tranche(each, 1)
        receipts.submit_spj(by=cast.pokmas_head, tranche=row)
        refused(lambda row=row: receipts.verify_spj(by=cast.ppk, tranche=row), "mirip bukti lain")
        refused(
            lambda row=row: receipts.verify_spj(by=cast.ppk, tranche=row, twins_why="beda"),
            "10 huruf",
        )
        why = "Dua nota berbeda, aslinya sudah dibandingkan."
        receipts.verify_spj(by=cast.ppk, tranche=row, twins_why=why, **LEFT)
        said = Act.objects.filter(act="spj.accepted").latest("pk").why
        assert said.startswith(why) and LEFT["stays_why"] in said


def test_what_was_taken_back_is_no_twin(cast):
    work = bring(cast, "received_1")
    wrong = spend(cast, work, 25_000, supplier="Toko A")
    receipts.void_receipt(by=cast.pokmas_head, receipt=wrong, why="Salah baris RAB-nya")
    assert spend(cast, work, 25_000, supplier="Toko A").flags == []
    later = spend(cast, work, 25_000, supplier="Toko A")
    receipts.void_receipt(by=cast.pokmas_head, receipt=later, why="Ternyata nota yang sama")
    row = tranche(work, 1)
    receipts.submit_spj(by=cast.pokmas_head, tranche=row)
    receipts.verify_spj(by=cast.ppk, tranche=row, **LEFT)


def test_two_that_were_entered_at_the_same_moment_meet_at_the_spj(cast, monkeypatch):
    work = bring(cast, "received_1")
    spend(cast, work, 25_000, supplier="Toko A")
    monkeypatch.setattr("rembug.execution.services.receipts.note_twins", lambda row: [])
    blind = spend(cast, work, 25_000, supplier="Toko A")
    monkeypatch.undo()
    assert blind.flags == [] and not Twin.objects.exists()
    receipts.submit_spj(by=cast.pokmas_head, tranche=tranche(work, 1))
    blind.refresh_from_db()
    assert blind.flags == [WORDS]


def test_a_photograph_of_the_work_is_no_receipt(cast):
    work = bring(cast, "received_1")
    place = paper(7)
    shots = [
        Shot(work.points.get(label="A"), store(cast, place)),
        Shot(work.points.get(label="B"), store(cast, paper(8))),
    ]
    submit_report(
        by=cast.pokmas_head,
        work=fresh(work),
        percent=50,
        seen_on=timezone.localdate(),
        note="Sudah separuh jalan.",
        shots=shots,
    )
    again = sent(cast, cropped(place, 0.03, 0, 0, 0.02), 60)
    row = spend(cast, work, 25_000, file=again)
    assert row.flags == [SCENE] and row.twins.get().photo.point.label == "A"
    same = spend(cast, work, 26_000, file=sent(cast, paper(8)))
    assert same.flags == [SCENE]


def store(cast, picture):
    out = BytesIO()
    picture.save(out, "JPEG", quality=90)
    return store_image(cast.city, SimpleUploadedFile("foto.jpg", out.getvalue(), "image/jpeg"))


@pytest.mark.parametrize(
    "shares",
    [
        (0, 0, 0, 0),
        (0.02, 0.02, 0.02, 0.02),
        (0.05, 0, 0, 0),
        (0, 0.05, 0.04, 0),
        (0.04, 0.03, 0.05, 0.02),
        (0, 0, 0.06, 0.06),
    ],
)
def test_a_little_cropped_and_compressed_again_is_the_same_scene(cast, shares):
    for seed in range(20, 26):
        before = sent(cast, paper(seed))
        again = sent(cast, cropped(paper(seed), *shares).resize((840, 640)), 55)
        assert alike(again) == [before], seed
        assert alike(before) == [again], seed


def test_other_receipts_of_the_same_table_are_not_alike(cast):
    rows = [sent(cast, paper(seed)) for seed in range(40, 60)]
    assert [row for row in rows if alike(row)] == []


def test_another_city_is_another_city(cast):
    elsewhere = City.objects.create(code="99.88", slug="lain", name="Lain", timezone="Asia/Jakarta")
    content = BytesIO()
    paper(3).save(content, "JPEG")
    upload = SimpleUploadedFile("a.jpg", content.getvalue())
    with scope(city=elsewhere):
        store_image(elsewhere, upload)
    assert alike(sent(cast, paper(3), 50)) == []


def test_like_pictures_are_looked_up_in_indexes(cast, django_assert_num_queries):
    row = sent(cast, paper(1))
    with django_assert_num_queries(1) as asked:
        alike(row)
    columns = [f'"files_file"."core_{n}" IN' for n in "abcd"]
    assert all(column in asked.captured_queries[0]["sql"] for column in columns)
    indexed = [index.fields for index in File._meta.indexes]
    assert all(["city", f"core_{n}"] in indexed for n in "abcd")
    assert ["city", "paid_on", "amount"] in [index.fields for index in Receipt._meta.indexes]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("UD Sumber Rejeki", "SUMBER REJEKI", True),
        ("UD Sumber Rejeki", "Sumber  Rejeki, UD.", True),
        ("Toko Sumber-Rejeki", "sumberrejeki", True),
        ("Pak Slamet", "Slamet", True),
        ("Toko", "TOKO", True),
        ("Sumber Rejeki", "Sumber Rejo", False),
        ("Toko Baru", "Toko", False),
    ],
)
def test_a_shop_is_one_shop_however_it_is_written(one, other, same):
    assert same_shop(one, other) is same


def test_a_bulk_writer_finds_the_twins_the_act_finds(cast):
    work, other = bring(cast, "received_1"), bring(cast, "received_1", name="Saluran Gang Mawar")
    spend(cast, work, 25_000, supplier="Toko A")
    spend(cast, other, 25_000, supplier="Toko B")
    spend(cast, other, 25_000, supplier="TOKO  a.")
    spend(cast, other, 25_001, supplier="Toko A")
    rows = Receipt.objects.order_by("pk").values_list("pk", "supplier", "paid_on", "amount")
    by_act = list(Twin.objects.values_list("receipt", "other"))
    assert list(twins_by_words(rows)) == by_act and len(by_act) == 1


def test_a_why_is_asked_only_for_twins():
    assert twin_faults("", []) == [] == twin_faults("Sudah dibandingkan.", ["x"])
    assert twin_faults("ya", ["x"])[0].field == "twins_why"


def test_the_pages_tell_what_a_receipt_looks_like(cast, sign_in, photo):
    work, other = bring(cast, "received_1"), bring(cast, "received_1", name="Saluran Gang Mawar")
    first = spend(cast, other, 25_000, supplier="Toko A", what="Polybag")
    data = {"supplier": "TOKO A", "what": "Polybag", "amount": "25.000", "photo": photo(seed=4)}
    data |= {"paid_on": first.paid_on.isoformat(), "key": new_key()}
    path = f"/uji/pekerjaan/{work.pk}/"
    said = sign_in(cast.pokmas_treasurer).post(path + "kuitansi/baru/", data, follow=True)
    assert (
        "mirip bukti lain" in said.content.decode()
        and "Saluran Gang Mawar" in said.content.decode()
    )
    receipts.submit_spj(by=cast.pokmas_head, tranche=tranche(work, 1))
    desk = sign_in(cast.ppk)
    page = desk.get(path + "termin/1/spj/").content.decode()
    assert "Saluran Gang Mawar" in page and 'name="twins_why"' in page
    assert f"{work.receipts.get().file.sha256}" in page and "<img src=" in page
    wrong = desk.post(path + "termin/1/spj/", {"do": "verify", "key": new_key()})
    assert wrong.status_code == 422 and 'href="#id_twins_why"' in wrong.content.decode()
    why = {"do": "verify", "key": new_key(), "twins_why": "Nota asli sudah dibandingkan."}
    why |= {"stays": "5.975.000", "stays_why": LEFT["stays_why"]}
    assert desk.post(path + "termin/1/spj/", why).status_code == 302
