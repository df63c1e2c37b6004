"""Opening a year: only with a legal basis, only once, with every ceiling in the books."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.files.services import store_document
from rembug.ledger.services import Line, balance, post
from rembug.people.models import Act, Office
from rembug.people.sending import new_key
from rembug.programs.calendar import due_on, holidays_between
from rembug.programs.models import Holiday, PriceItem, Program, ProgramYear, RuleSet
from rembug.programs.pack.reading import book_digest
from rembug.programs.services import close_year, open_year
from rembug.programs.tests.conftest import plain_book

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def pdf(name: str = "perwali.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF, "application/pdf")


@pytest.fixture
def program(cast) -> Program:
    """A second programme with rules from this year on, not yet opened."""
    made = Program.objects.create(city=cast.city, code="dana-baru", name="Dana Baru")
    book = plain_book()
    RuleSet.objects.create(
        city=cast.city,
        program=made,
        version="B1",
        first_year=timezone.localdate().year,
        citation="Perwali Uji 9/2026",
        book=book,
        digest=book_digest(book),
    )
    return made


@pytest.fixture
def opening(cast, program):
    """Everything a sound opening needs, free to change."""
    return {
        "by": cast.government_office,
        "program": program,
        "year": timezone.localdate().year,
        "basis_no": "Perwali 9 Tahun 2026",
        "basis_on": timezone.localdate() - timedelta(days=10),
        "basis_file": store_document(cast.city, pdf()),
    }


def test_an_opened_year_fixes_its_rules_and_gives_every_rt_its_ceiling(cast, opening):
    made = open_year(**opening)
    assert made.state == "open" and made.opened_by == cast.government_office
    assert made.book.ceiling.amount == 50_000_000
    assert balance(made.fund, "available", cast.rt) == 50_000_000
    assert balance(made.fund, "source", cast.top) == 3 * 50_000_000
    act = Act.objects.get(act="year.opened")
    assert act.rule == made.rule == f"dana-baru:B1@{made.rule_set.digest[:8]}"
    assert act.detail["total"] == 150_000_000
    assert act.detail["evidence"] == [opening["basis_file"].sha256]
    assert act.office.role == "government_office"


@pytest.mark.parametrize("name", ["lurah", "mayor", "rt_head", "auditor", "resident"])
def test_only_the_government_office_opens(cast, opening, name):
    with pytest.raises(PermissionDenied):
        open_year(**opening | {"by": getattr(cast, name)})


def test_an_office_without_a_valid_decree_opens_nothing(cast, opening):
    yesterday = timezone.localdate() - timedelta(days=1)
    Office.objects.filter(person=cast.government_office).update(ends_on=yesterday)
    cast.government_office.__dict__.pop("_offices", None)
    with pytest.raises(PermissionDenied):
        open_year(**opening)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"basis_no": " "}, "nomor dasar hukum"),
        ({"basis_on": None}, "tanggal dasar hukum"),
        ({"basis_on": date(2999, 1, 1)}, "belum tiba"),
        ({"basis_file": None}, "Unggah naskah"),
        ({"year": 2001}, "Belum ada aturan Dana Baru untuk tahun 2001"),
        ({"year": 2999}, "terlalu jauh"),
    ],
)
def test_what_is_missing_is_told(opening, change, words):
    with pytest.raises(Refused) as refusal:
        open_year(**opening | change)
    assert [words in reason for reason in refusal.value.reasons] == [True]
    assert not ProgramYear.objects.filter(program=opening["program"]).exists()


def test_everything_missing_is_told_at_once(opening):
    empty = {"basis_no": "", "basis_on": None, "basis_file": None, "year": 2001}
    with pytest.raises(Refused) as refusal:
        open_year(**opening | empty)
    assert len(refusal.value.reasons) == 4


def test_a_year_that_is_over_is_not_opened(opening):
    """A slip of the finger would book a ceiling for every RT that nobody can take back."""
    year = opening["year"] - 1
    RuleSet.objects.filter(program=opening["program"]).update(first_year=year)
    with pytest.raises(Refused, match="sudah lewat"):
        open_year(**opening | {"year": year})
    # Seen from that year itself, as the demo does, it is this year's.
    assert open_year(
        **opening | {"year": year, "on": date(year, 12, 31), "basis_on": date(year, 1, 2)}
    )


def test_a_year_is_opened_once(opening):
    open_year(**opening)
    with pytest.raises(Refused, match="sudah dibuka"):
        open_year(**opening)


def test_the_database_keeps_a_second_year_out(opening):
    made = open_year(**opening)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramYear.objects.create(
            city=made.city,
            program=made.program,
            year=made.year,
            rule_set=made.rule_set,
            fund=made.fund,
            basis_no="x",
            basis_on=made.basis_on,
        )


def test_the_database_wants_a_basis(opening):
    made = open_year(**opening)
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgramYear.objects.filter(pk=made.pk).update(basis_no="")


def test_an_rw_programme_gives_to_the_rw(cast, opening, program):
    Program.objects.filter(pk=program.pk).update(level="rw")
    program.refresh_from_db()
    made = open_year(**opening)
    assert balance(made.fund, "available", cast.rw, 0) == 50_000_000
    assert balance(made.fund, "source", cast.top) == 2 * 50_000_000


def test_a_year_with_unsettled_money_cannot_be_closed(cast, opening):
    made = open_year(**opening)
    lines = [
        Line("cash_pokmas", cast.rt, 7, debit=1_000_000),
        Line("available", cast.rt, credit=1_000_000),
    ]
    post(fund=made.fund, kind="pay", lines=lines, memo="x", on=timezone.localdate(), key="p" * 8)
    with pytest.raises(Refused, match="Rp1.000.000"):
        close_year(by=cast.government_office, program_year=made)


def test_a_settled_year_closes_once_and_takes_no_more_money(cast, opening):
    made = open_year(**opening)
    with pytest.raises(PermissionDenied):
        close_year(by=cast.lurah, program_year=made)
    assert close_year(by=cast.government_office, program_year=made).state == "closed"
    with pytest.raises(Refused, match="tidak sedang dibuka"):
        close_year(by=cast.government_office, program_year=made)
    lines = [Line("available", cast.rt, debit=1), Line("source", cast.rt, credit=1)]
    made.fund.refresh_from_db()
    with pytest.raises(Refused):
        post(fund=made.fund, kind="ceiling", lines=lines, memo="", on=date.today(), key="q" * 8)


def test_terms_skip_weekends_and_holidays(cast):
    Holiday.objects.create(city=cast.city, day=date(2026, 1, 1), name="Tahun Baru", kind="national")
    assert holidays_between(date(2026, 1, 1), date(2026, 1, 1)) == {date(2026, 1, 1)}
    assert due_on(date(2025, 12, 31), 1) == date(2026, 1, 2)
    assert due_on(date(2025, 12, 31), 2) == date(2026, 1, 5)


def test_prices_are_found_by_any_words(prices):
    found = PriceItem.objects.matching("40 SEMEN")
    assert [item.name for item in found] == ["Semen 40 kg"]
    assert not PriceItem.objects.matching("semen merah").exists()


# The pages


@pytest.mark.parametrize(
    ("name", "years", "opens"),
    [
        ("government_office", 200, 200),
        ("lurah", 200, 403),
        ("auditor", 200, 403),
        ("rt_head", 200, 403),
        ("resident", 403, 403),
    ],
)
def test_who_may_read_and_open(cast, sign_in, name, years, opens):
    client = sign_in(getattr(cast, name))
    rules = cast.year.rule_set_id
    assert client.get("/uji/tahun/").status_code == years
    assert client.get(f"/uji/aturan/{rules}/").status_code == years
    assert client.get("/uji/tahun/buka/").status_code == opens


def test_a_visitor_is_asked_to_sign_in(client, cast):
    assert client.get("/uji/tahun/").status_code == 302
    assert client.get("/uji/tahun/buka/").status_code == 302


def test_the_page_of_rules_tells_them_in_words(cast, sign_in):
    page = sign_in(cast.lurah).get(f"/uji/aturan/{cast.year.rule_set_id}/").content.decode()
    for words in ("Rp50.000.000", "60%", "Ketua RW", "Paket sembako", "Laporan 50% disetujui"):
        assert words in page
    assert "style=" not in page


def test_rules_of_another_city_are_not_found(cast, sign_in):
    assert sign_in(cast.lurah).get("/uji/aturan/999999/").status_code == 404


def form_of(program, **changes) -> dict:
    return {
        "key": new_key(),
        "program": program.pk,
        "year": timezone.localdate().year,
        "basis_no": "Perwali 9",
        "basis_on": (timezone.localdate() - timedelta(days=1)).isoformat(),
        "basis_file": pdf(),
    } | changes


def test_the_form_opens_a_year_once_however_often_it_is_sent(cast, program, sign_in):
    client = sign_in(cast.government_office)
    data = form_of(program)
    assert client.post("/uji/tahun/buka/", data).status_code == 302
    assert client.post("/uji/tahun/buka/", data | {"basis_file": pdf()}).status_code == 302
    assert ProgramYear.objects.filter(program=program).count() == 1
    assert "Dana Baru" in client.get("/uji/tahun/").content.decode()


def test_the_form_shows_every_reason_and_keeps_what_was_typed(cast, program, sign_in):
    client = sign_in(cast.government_office)
    data = form_of(program, basis_no="", basis_on="", year=2001)
    del data["basis_file"]
    page = client.post("/uji/tahun/buka/", data)
    assert page.status_code == 422
    text = page.content.decode()
    for words in ("nomor dasar hukum", "Unggah naskah", "tahun 2001", 'value="2001"'):
        assert words in text
    assert not ProgramYear.objects.filter(program=program).exists()


def test_the_list_asks_the_database_a_fixed_number_of_times(
    cast, program, sign_in, django_assert_max_num_queries
):
    client = sign_in(cast.lurah)
    client.get("/uji/tahun/")
    with django_assert_max_num_queries(12):
        client.get("/uji/tahun/")
