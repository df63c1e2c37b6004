"""Sent twice, sent late, sent to a machine that cannot: across apps, over the pages themselves."""

from __future__ import annotations

import errno
import re
import threading

import pytest
from django.conf import settings as configured
from django.db import connection
from django.utils.timezone import localdate

from rembug.core.apps import disk_check
from rembug.core.troubles import AWAY, BUSY, FULL, nearly_full, trouble
from rembug.execution.models import Receipt
from rembug.execution.tests.paths import bring
from rembug.people.models import Act, Sending
from rembug.people.sending import new_key
from rembug.planning.models import Meeting
from tests.cast import picture


def text(page):
    return page.content.decode()


def receipt(key, shop, amount, seed):
    return {
        "key": key,
        "photo": picture(seed=seed),
        "supplier": shop,
        "what": "Bibit cabai",
        "group": "bahan",
        "paid_on": str(localdate()),
        "amount": amount,
        "tax": "0",
    }


# ---- the same key ----------------------------------------------------------------------------------


@pytest.mark.fault("report-01", "attack-3", "item-1")
def test_the_second_receipt_under_the_key_of_the_first_is_never_thanked(cast, sign_in):
    work = bring(cast, "received_1")
    client, key = sign_in(cast.pokmas_treasurer), new_key()
    path = f"/uji/pekerjaan/{work.pk}/kuitansi/baru/"
    sent = receipt(key, "Toko Satu", "150.000", 1)
    first = client.post(path, sent)
    assert first.status_code == 302, text(first)
    page = client.post(path, sent | {"supplier": "Toko Dua", "photo": picture(seed=2)})
    assert page.status_code == 422 and Receipt.objects.count() == 1
    assert "Toko Dua" in text(page) and "belum tersimpan" in text(page)
    fresh = page.context["key"]
    assert fresh != key
    again = {"supplier": "Toko Dua", "amount": "275.000", "photo": picture(seed=2), "key": fresh}
    assert client.post(path, sent | again).status_code == 302
    assert set(Receipt.objects.values_list("amount", flat=True)) == {150_000, 275_000}
    codes = {one.code for one in Sending.objects.all()}
    assert len(codes) == 2 and codes <= {line.code for line in Act.objects.all()}


@pytest.mark.fault("attack-22")
def test_a_twin_of_an_spj_gets_the_receipt_of_the_first(cast, sign_in):
    work = bring(cast, "spent_1")
    client, key = sign_in(cast.pokmas_head), new_key()
    path = f"/uji/pekerjaan/{work.pk}/termin/1/spj/"
    first = client.post(path, {"key": key, "do": "submit"})
    again = client.post(path, {"key": key, "do": "submit"})
    assert first.status_code == again.status_code == 302
    assert again["Location"] == first["Location"]
    page = text(client.get(again["Location"]))
    assert "Belum ada kuitansi" not in page and Sending.objects.get(key=key).code in page


@pytest.mark.fault("attack-22")
def test_an_spj_asked_for_twice_is_not_told_that_receipts_are_missing(cast):
    """Another officer, or another page: the key is another, and two receipts are there."""
    from rembug.core.refusal import Refused
    from rembug.execution.services.receipts import submit_spj

    work = bring(cast, "spj_1")
    with pytest.raises(Refused) as told:
        submit_spj(by=cast.pokmas_head, tranche=work.tranches.get(number=1))
    assert "Belum ada kuitansi" not in str(told.value), told.value


@pytest.mark.fault("attack-23")
@pytest.mark.parametrize("count", ["-1", "0", "", "x", None])
def test_a_count_of_rows_that_says_less_loses_no_row(cast, count):
    from rembug.planning.forms import LineFormSet

    data = {"baris-INITIAL_FORMS": "0", "baris-0-name": "Semen", "baris-1-name": "Pasir"}
    if count is not None:
        data["baris-TOTAL_FORMS"] = count
    asked = {"prefix": "baris", "form_kwargs": {"book": cast.year.book}}
    rows = LineFormSet(data, **asked)
    assert [one["name"].value() for one in rows.forms] == ["Semen", "Pasir"]
    # Far more than a form has is still bounded.
    assert len(LineFormSet({"baris-99999-name": "x"}, **asked).forms) <= rows.absolute_max


# ---- an older page --------------------------------------------------------------------------------


@pytest.mark.fault("item-4")
@pytest.mark.parametrize("key", ["", "x", "\0" * 12, "y" * 99])
def test_a_page_without_a_sound_key_keeps_the_text_and_gets_one(cast, sign_in, key):
    client = sign_in(cast.rt_head)
    page = client.post("/uji/rembug/baru/", {"title": "Rembug", "place": "Balai", "key": key})
    assert page.status_code == 422 and 'value="Rembug"' in text(page)
    assert re.fullmatch("[0-9a-f]{32}", page.context["key"]) and not Meeting.objects.exists()


@pytest.mark.fault("item-4")
def test_a_page_older_than_the_server_is_told_in_words(cast):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.rt_head, backend="rembug.people.login.CityBackend")
    page = client.post("/uji/rembug/baru/", {"title": "Rembug", "key": new_key()})
    assert page.status_code == 403 and "Muat ulang halamannya" in text(page)
    assert "no-store" in page["Cache-Control"]


# ---- the machine ------------------------------------------------------------------------------------


@pytest.fixture
def full(db):
    """The database has no room for one more page."""
    if connection.vendor != "sqlite":
        pytest.skip("filled by SQLite's own limit")

    def fill():
        with connection.cursor() as cursor:
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages}")

    yield fill
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA max_page_count = 1073741823")


@pytest.mark.fault("attack-16", "item-4")
def test_a_full_database_is_told_in_words_and_nothing_is_half_kept(cast, sign_in, full):
    work = bring(cast, "received_1")
    client = sign_in(cast.pokmas_treasurer)
    client.raise_request_exception = False
    path = f"/uji/pekerjaan/{work.pk}/kuitansi/baru/"
    before = Receipt.objects.count(), Act.objects.count(), Sending.objects.count()
    full()
    for seed in range(40):
        page = client.post(path, receipt(new_key(), "Toko" * 30, "1.000", seed))
        if page.status_code == 503:
            break
    assert page.status_code == 503, page.status_code
    assert "kehabisan tempat" in text(page) and page["Retry-After"] == "600"
    assert Receipt.objects.count() - before[0] == Sending.objects.count() - before[2]
    assert "no-store" in page["Cache-Control"]


@pytest.mark.fault("attack-16", "item-4")
def test_a_full_disk_under_a_photograph_is_told_in_words(cast, sign_in, monkeypatch):
    from rembug.files import storage

    def write(*_args, **_more):
        raise OSError(errno.ENOSPC, "No space left on device")

    work = bring(cast, "received_1")
    client = sign_in(cast.pokmas_treasurer)
    client.raise_request_exception = False
    monkeypatch.setattr(storage, "write", write)
    page = client.post(f"/uji/pekerjaan/{work.pk}/kuitansi/baru/", receipt(new_key(), "T", "1", 77))
    assert page.status_code == 503 and "kehabisan tempat" in text(page)


@pytest.mark.fault("item-4")
@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("database is locked", BUSY),
        ("database or disk is full", FULL),
        ("unable to open database file", AWAY),
        ("connection to server at 127.0.0.1 failed: Connection refused", AWAY),
        ("no such table: x", ""),
    ],
)
def test_each_trouble_has_its_words(client, monkeypatch, said, kind):
    from django.db import OperationalError

    def broken(*_args, **_more):
        raise OperationalError(said)

    assert trouble(OperationalError(said)) == kind
    monkeypatch.setattr("rembug.regions.middleware.CityMiddleware._city", broken)
    client.raise_request_exception = False
    page = client.get("/uji/")
    assert page.status_code == (503 if kind else 500)
    words = {BUSY: "sedang sibuk", FULL: "kehabisan tempat", AWAY: "tidak tersambung"}
    assert words.get(kind, "gangguan di server") in text(page)


def test_a_fault_of_our_own_is_no_trouble_of_the_machine():
    assert trouble(ValueError("disk is full")) == "" and trouble(OSError(errno.ENOENT, "x")) == ""
    wrapped = ValueError()
    wrapped.__cause__ = OSError(errno.ENOSPC, "full")
    assert trouble(wrapped) == FULL and trouble(None) == ""


@pytest.mark.fault("item-4")
def test_a_disk_nearly_full_is_told_before(tmp_path, monkeypatch, settings):
    from collections import namedtuple

    disk = namedtuple("disk", "total used free")
    settings.VAR = tmp_path / "not-yet"
    for free, told in ((3 * 1024**3, False), (1024**3, True)):
        found = disk(40 * 1024**3, 0, free)
        monkeypatch.setattr("rembug.core.troubles.shutil.disk_usage", lambda _p, d=found: d)
        assert bool(nearly_full(settings.VAR)) == told == bool(disk_check())
    assert "1.0 GiB" in nearly_full(settings.VAR)


# ---- the power --------------------------------------------------------------------------------------


@pytest.mark.fault("attack-24", "item-4")
def test_what_is_acknowledged_is_on_the_disk_on_every_connection(db):
    """SQLite: 2 is FULL, on this connection and on one that another thread opens."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL waits for its disk by itself")
    found = []

    def ask():
        with connection.cursor() as cursor:
            found.append(cursor.execute("PRAGMA synchronous").fetchone()[0])
        connection.close() if threading.current_thread() is not threading.main_thread() else None

    ask()
    other = threading.Thread(target=ask)
    other.start()
    other.join()
    assert found == [2, 2]


def test_no_part_of_the_house_turns_the_disk_off():
    """FULL stands in the settings; nothing else may say otherwise."""
    root = configured.ROOT / "rembug"
    told = [p.name for p in root.rglob("*.py") if re.search(r"PRAGMA synchronous", p.read_text())]
    assert [name for name in told if not name.startswith("test_")] == ["settings.py"]
