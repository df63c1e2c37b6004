"""One activity from the residents' meeting to the closed account, through everybody's hands.

RT, RW and pokmas on a phone (360x640, touch), offices at a desk. Every page on the way is looked over:
console, Content-Security-Policy, axe-core, no sideways scrolling (see window.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.browser.town import photograph
from tests.browser.window import PHONE, Window

pytestmark = pytest.mark.browser
NAME = "Paving Gang Melati 2"
RT = "rt/99.71.01.1001.001.001/"
NOW = datetime.now(ZoneInfo("Asia/Jakarta"))
TODAY, YESTERDAY = NOW.date(), NOW.date() - timedelta(days=1)
# The journey is walked on whatever day it is; on a Sunday the papers must say why.
REST = "Lembur, kantor dibuka untuk ini."
OWN = "sandi-saya-sendiri-9"


def test_one_activity_from_rembug_to_closed(as_: Callable, window: Callable) -> None:
    visitor = window("uji", PHONE, who="warga")
    meet(as_)
    plan(as_)
    propose(as_("rt_head"))
    only_a_plan(visitor)
    check(as_)
    activity = in_the_budget(as_, visitor)
    pokmas = form_a_pokmas(as_)
    work = contract(as_, pokmas["head"])
    report(as_, pokmas["head"], work, 0, visitor, activity)
    talk(as_, visitor, activity)
    pay(as_, pokmas, work, 1)
    spend(as_, pokmas, work)
    report(as_, pokmas["head"], work, 50)
    pay(as_, pokmas, work, 2)
    spend_the_rest(as_, pokmas, work)
    report(as_, pokmas["head"], work, 100)
    hand_over(as_, pokmas, work)
    close(as_, pokmas, work)
    visitor.go(activity).see("ditutup")


# ---- deliberate ------------------------------------------------------------------------------


def meet(as_: Callable) -> None:
    """The head of the RT calls, the secretary records, three sign, the minutes are a PDF."""
    head = as_("rt_head")
    head.go("beranda/").go("rembug/").press("Buat undangan rembug")
    # Called afterwards: what has not taken place cannot be recorded.
    head.fill(title="Rencana tahun depan", day=YESTERDAY, clock="19:30", place="Balai RT")
    head.fill(year=str(TODAY.year), agenda="Jalan gang dan lampu.").press("Simpan undangan")
    head.see("Undangan rembug tersimpan", "Balai RT")
    secretary = as_("rt_secretary").desk("/catat/")
    secretary.fill(
        men=21, women=19, names="Pak Budi L\nBu Sari P", count_reason="Daftar di kertas."
    )
    secretary.fill({"hal-0-title": NAME, "hal-0-field": "infra", "hal-0-outcome": "decided"})
    secretary.open_folds()
    secretary.fill({"hal-0-volume": "400 m2", "hal-0-cost": "36.400.000"})
    secretary.fill({"hal-1-title": "Tenda warga", "hal-1-field": "social"})
    secretary.fill({"hal-1-outcome": "deferred"})
    # A deferral must say why: the refusal keeps everything typed.
    secretary.press("Simpan hasil rembug", refused=True).see("Isian lain tidak hilang")
    assert secretary.value("hal-0-cost").replace(".", "") == "36400000"
    secretary.open_folds().fill({"hal-1-reason": "Tahun depan saja."})
    secretary.press("Simpan hasil rembug").see("Diputuskan", "Ditunda", "Tahun depan saja.")
    for login in ("rt_secretary", "rt_head", "rw_head"):
        as_(login).desk("rembug/").press("Tandatangani").see("ditandatangani")
    assert head.go("rembug/").follow("main a.tap").fetch("a[href$='.pdf']").startswith(b"%PDF")


def plan(as_: Callable) -> None:
    """The decision goes onto the five-year list."""
    head = as_("rt_head")
    head.press("Masukkan ke daftar lima tahun").press("Masukkan ke daftar")
    head.go("daftar/").see(NAME)


# ---- propose ---------------------------------------------------------------------------------


def counted(head: Window, total: str) -> Window:
    """Wait until the page has counted what was typed."""
    expect(head.page.locator("#susunan")).to_contain_text(f"Kegiatan ini: {total}")
    return head


def button_at(head: Window) -> float:
    """How far down the page the button is: whatever is typed, it stays there."""
    return head.page.locator("#isian .btn-tall").evaluate(
        "button => button.getBoundingClientRect().top + scrollY"
    )


def propose(head: Window) -> None:
    """Two activities, three faults, all told at once; mended and sent."""
    head.go("usulan/").press("Mulai usulan").press("Mulai usulan").press("Tambah kegiatan")
    wish = head.page.locator("[name=plan_item] option", has_text=NAME).get_attribute("value")
    head.fill(plan_item=wish, name=NAME, field="infra", place="Gang Melati 2")
    head.fill(volume="400 m2")
    take(head, "Paving K-175", 100)
    before = button_at(head)
    head.fill({"baris-0-price": "95.000"})
    expect(head.page.locator("#ringkas")).to_contain_text("1 hal menghalangi")
    head.see("paling tinggi 80.000")
    assert button_at(head) == before, "the button moves under the finger"
    counted(head.fill({"baris-0-price": "80.000"}), "Rp8.000.000")
    assert button_at(head) == before
    take(head, "Tukang", 40)
    counted(head, "Rp12.400.000").press("Simpan kegiatan").press("Tambah kegiatan")
    head.fill(name="Kursi dan sembako warga", field="social", off_list_reason="Baru diminta.")
    take(head, "Kursi lipat", 60)
    counted(head, "Rp15.000.000").press("Simpan kegiatan").see(
        "3 hal menghalangi kiriman", "sembako"
    )
    expect(head.page.get_by_role("button", name="Kirim usulan")).to_have_count(0)
    head.follow("section.panel:has-text('Kursi dan sembako') button[name=remove]")
    head.see("Kegiatan dihapus")
    head.press("Ubah kegiatan").fill({"baris-0-volume": "400"})
    counted(head, "Rp36.400.000").press("Simpan kegiatan")
    head.see("Rp36.400.000").press("Kirim usulan").press("Ya, kirim usulan").see("Usulan diterima")


def take(head: Window, item: str, volume: int) -> None:
    """Search the price standard, take an item, say how much."""
    head.fill(q=item)
    found = head.page.locator("#hasil").get_by_role("button", name=f"Pakai {item}")
    expect(found).to_be_visible()
    head.press(f"Pakai {item}")
    row = head.page.get_by_label(f"Volume {item}")
    row.fill(str(volume))


def only_a_plan(visitor: Window) -> None:
    """Before the budget the public page shows a plan, and its money nowhere."""
    visitor.go(RT).see("Rencana tahun", "belum ada uangnya").miss("#kegiatan")
    expect(visitor.page.locator("#rencana")).to_contain_text(NAME)
    expect(visitor.page.locator("#uang")).not_to_contain_text("36")


def check(as_: Callable) -> None:
    """Five desks; the second gives it back once, and the RT sends it again."""
    passes(as_("rw_head"))
    ekbang = as_("ekbang").desk("/periksa/")
    ekbang.press("Kembalikan dengan alasan", refused=True).see("Tulis alasannya")
    ekbang.fill(reason="Lebar paving belum tertulis.").press("Kembalikan dengan alasan")
    head = as_("rt_head").desk("usulan/").see("Lebar paving belum tertulis.")
    head.press("Ubah kegiatan").fill(volume="400 m2, lebar 2 m").press("Simpan kegiatan")
    head.press("Kirim usulan").press("Ya, kirim usulan").see("Usulan diterima")
    passes(as_("rw_head"))
    for login in ("ekbang", "kecamatan_team", "planning_office", "technical_office"):
        passes(as_(login))


def passes(office: Window) -> None:
    office.desk("/periksa/").see(NAME).press("Loloskan usulan")


def in_the_budget(as_: Callable, visitor: Window) -> str:
    """With the number of the DPA the plan is money; returns the public address of the activity."""
    # Among what waits, not the button for many at once.
    waiting = as_("planning_office").go("beranda/").follow("main table a[href$='/dpa/']")
    waiting.fill(document="DPA 1.02/2026", on=TODAY)
    as_("planning_office").press("Masukkan ke anggaran").press("Ya, masukkan ke anggaran").see(
        "Uangnya sudah dicadangkan"
    )
    visitor.go(RT).miss("#rencana")
    visitor.follow("#kegiatan h3 a").see(NAME).miss("#laporan")
    return visitor.page.url.removeprefix(visitor.root).split("?")[0]


# ---- pokmas and contract ---------------------------------------------------------------------


def form_a_pokmas(as_: Callable) -> dict[str, str]:
    """Ekbang forms it, the camat confirms; returns the logins of its people by seat."""
    ekbang = as_("ekbang").go("pokmas/").press("Bentuk pokmas")
    ekbang.fill(name="Pokmas Rukun", address="Jalan Melati 1", bank="Bank Daerah")
    ekbang.fill(account_no="0012345678", account_holder="Pokmas Rukun")
    people = {"head": "Dewi Lestari", "secretary": "Rudi Hartono"}
    people |= {"treasurer": "Tono Wijaya", "supervisor": "Wati Susanti"}
    ekbang.fill({f"{seat}_name": name for seat, name in people.items()})
    ekbang.press("Bentuk pokmas").see("Sandi ini tampil sekali saja")
    cards = {
        row.locator("th").inner_text(): row.locator(".code").all_inner_texts()
        for row in ekbang.page.locator("tbody tr").all()
    }
    as_("camat").desk("/sahkan/").fill(decree_no="188/7/2026", decree_on=TODAY)
    as_("camat").press("Sahkan pokmas").go("pokmas/").see("Disahkan")
    for seat in ("head", "treasurer", "supervisor"):
        login, first = cards[people[seat]]
        person = as_(login, password=first).see("Kata sandi baru")
        person.fill(new_password1=OWN, new_password2=OWN).press("Simpan kata sandi")
        person.see("Kata sandi baru sudah berlaku")
    return {seat: cards[name][0] for seat, name in people.items()}


def contract(as_: Callable, head: str) -> str:
    """Prepared with photo points, signed on the phone, approved; returns the address of the work."""
    ekbang = as_("ekbang").desk("/siapkan/")
    ekbang.fill(contract_no="001/KONTRAK/2026", contract_on=TODAY, starts_on=TODAY)
    ekbang.fill(ends_on=f"{TODAY.year}-12-31", note_A="mulut gang", lat_A="-7,8", lon_A="112")
    ekbang.fill(note_B="ujung gang", lat_B="-7.8001", lon_B="112.0")
    ekbang.press("Simpan kontrak").see("Kontrak siap")
    # At a desk what was done leads to the next; the work itself is found in its list.
    ekbang.go("pekerjaan/").follow(f"main a:has-text('{NAME}')")
    work = re.sub(r"\?.*", "", ekbang.page.url.removeprefix(ekbang.root))
    signer = as_(head).desk("/kontrak/").see("mulut gang")
    assert signer.fetch("a[href$='kontrak.pdf']").startswith(b"%PDF")
    signer.press("Tanda tangani kontrak")
    as_("lurah").desk("/kontrak/").fill(day_why=REST).press("Setujui kontrak")
    return work


# ---- reports ---------------------------------------------------------------------------------


def report(
    as_: Callable, head: str, work: str, percent: int, visitor: Window | None = None, at: str = ""
) -> None:
    """Sent with a photograph from each point; three tiers verify, and only then everybody sees it."""
    sender = as_(head).desk("/laporan/baru/").see(f"Laporan {percent}%")
    taken = f"{NOW - timedelta(minutes=5):%Y:%m:%d %H:%M:%S}"
    for nth, label in enumerate("AB"):
        content = photograph(1000 + percent + nth, taken)
        file = {"name": f"{label}.jpg", "mimeType": "image/jpeg", "buffer": content}
        sender.fill({f"photo_{label}": [file]})
        if nth == 0 and percent == 0:
            # One photograph is missing; the one that came is kept on the server.
            sender.fill(note="Patok dipasang, belum digali.").press("Kirim laporan", refused=True)
            sender.see("Foto titik B belum ada", "sudah di server")
    sender.fill(note=f"Keadaan {percent}%, dikerjakan bersama warga.", seen_on=TODAY)
    sender.press("Kirim laporan")
    for login in ("ekbang", "kecamatan_team", "monitoring_office"):
        if visitor:
            visitor.go(at).miss("#laporan")
        office = as_(login).desk("laporan/").see("Titik A: mulut gang", "meter dari titik")
        office.press("Setujui laporan")
    if visitor:
        visitor.go(at).see("Laporan yang disetujui", "dari titik foto")
        picture = visitor.page.locator("#laporan img").first
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
        assert picture.evaluate("one => one.naturalWidth") > 0


def talk(as_: Callable, visitor: Window, activity: str) -> None:
    """A resident asks without an account; the office answers; everybody reads both."""
    visitor.go(activity)
    visitor.touch(visitor.button("Tulis tanggapan"))
    expect(visitor.page.locator("[name=text]")).to_be_visible()
    visitor.look()
    visitor.fill(fits="tidak", text="Patoknya kurang satu di depan rumah saya.")
    visitor.press("Kirim tanggapan").see("Tanggapan Anda diterima")
    visitor.press("Lihat tanggapan saya").see("Patoknya kurang satu")
    as_("ekbang").desk("tanggapan/").fill(answer="Patoknya kami pasang besok pagi.")
    as_("ekbang").press("Kirim jawaban").see("Jawaban terbit")
    visitor.go(activity).see("Patoknya kami pasang besok pagi.")


# ---- money -----------------------------------------------------------------------------------


def pay(as_: Callable, pokmas: dict[str, str], work: str, number: int) -> None:
    """From the request to the account: six people, one after the other, each from their own desk."""
    here = f"{work}termin/{number}/"
    as_(pokmas["head"]).desk(here).press("Minta uang")
    as_("treasurer").desk(here).fill(number=f"{number}1/SPP/2026", day_why=REST).press("Catat SPP")
    as_("ppk").desk(here).press("Nyatakan lengkap dan benar")
    as_("lurah").desk(here).fill(number=f"{number}2/SPM/2026", day_why=REST).press("Terbitkan SPM")
    office = as_("finance_office").desk(here)
    office.fill(number=f"{number}3/SP2D/2026", day_why=REST).press("Terbitkan SP2D")
    office.press("Ya, terbitkan SP2D")
    as_(pokmas["treasurer"]).desk(here).fill(bank_date=TODAY).press("Uang sudah masuk")


def spend(as_: Callable, pokmas: dict[str, str], work: str) -> None:
    """The first tranche, Rp21.840.000: two receipts, one with tax; the tax paid; SPJ accepted."""
    treasurer = as_(pokmas["treasurer"])
    treasurer.go(f"{work}kuitansi/baru/").fill(amount="0").press("Simpan kuitansi", refused=True)
    treasurer.see("Tulis nama toko", "Foto kuitansinya dulu")
    receipt(treasurer, work, "Toko Bata Jaya", "Paving", 16_000_000, 240_000)
    receipt(treasurer, work, "Pak Slamet", "Upah tukang", 5_000_000)
    treasurer.desk("/pajak/").fill(amount="240000", ntpn="9F2K07QX41MZ8B6D", paid_on=TODAY)
    treasurer.press("Catat setoran pajak")
    account(as_, pokmas, work, 1, stays="840.000")


def spend_the_rest(as_: Callable, pokmas: dict[str, str], work: str) -> None:
    """The second tranche; Rp250.000 stay over."""
    # 36.400.000 less what was spent, the tax being part of it.
    receipt(as_(pokmas["treasurer"]), work, "Toko Bata Jaya", "Paving lagi", 15_150_000)
    account(as_, pokmas, work, 2)


def receipt(person: Window, work: str, shop: str, what: str, amount: int, tax: int = 0) -> None:
    content = photograph(amount, f"{NOW:%Y:%m:%d %H:%M:%S}")
    file = {"name": "kuitansi.jpg", "mimeType": "image/jpeg", "buffer": content}
    person.go(f"{work}kuitansi/baru/").fill(photo=[file], supplier=shop, what=what)
    person.fill(paid_on=TODAY, amount=amount, tax=tax)
    if tax:
        person.fill(tax_reason="seller_paid", tax_why="Dipotong sesuai faktur toko.")
    person.press("Simpan kuitansi").see(what)


def account(as_: Callable, pokmas: dict[str, str], work: str, number: int, stays: str = "") -> None:
    as_(pokmas["head"]).desk(f"termin/{number}/spj/").press("Ajukan SPJ")
    checker = as_("ppk").desk(f"termin/{number}/spj/").fill(day_why=REST)
    if stays:
        # What no receipt shows is not passed over: how much stays, and why.
        checker.press("Terima SPJ", refused=True).see("Tulis mengapa sisa")
        checker.fill(stays=stays, stays_why="Untuk upah minggu depan.")
    checker.press("Terima SPJ")


# ---- the end ---------------------------------------------------------------------------------


def hand_over(as_: Callable, pokmas: dict[str, str], work: str) -> None:
    """Measured (BAHP), offered, received (BAST)."""
    supervisor = as_(pokmas["supervisor"]).desk(f"{work}periksa/")
    supervisor.fill(measured="400 m2, lebar 2 m", number="05/BAHP/2026").press("Tanda tangani BAHP")
    as_(pokmas["head"]).desk("serah-terima/").press("Serahkan hasil kepada lurah")
    lurah = as_("lurah").desk("serah-terima/").fill(number="06/BAST/2026", day_why=REST)
    lurah.press("Terima hasil pekerjaan").go(f"{work}serah-terima/")
    for paper in ("bahp", "bast"):
        assert lurah.fetch(f"a[href$='{paper}.pdf']").startswith(b"%PDF")


def close(as_: Callable, pokmas: dict[str, str], work: str) -> None:
    """The rest goes back, then nothing is open any more."""
    as_(pokmas["treasurer"]).desk("/tutup/").see("Rp250.000")
    as_(pokmas["treasurer"]).fill(number="07/STS/2026", day_why=REST)
    as_(pokmas["treasurer"]).press("Catat setoran sisa")
    as_("ppk").desk("/tutup/").fill(day_why=REST).press("Setoran sudah masuk kas daerah")
    as_("lurah").desk("/tutup/").press("Tutup pekerjaan").see("Pekerjaan ditutup")
