"""Money that the work did not need is never drawn: it goes back to the ceiling, in the open."""

import pytest
from django.core.exceptions import PermissionDenied

from rembug.core.refusal import Refused
from rembug.execution import papers
from rembug.execution.services import closing, tranches
from rembug.execution.services.standing import standing
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, fresh, pay, tranche
from rembug.ledger.models import Entry
from rembug.ledger.services import audit, balance
from rembug.people.models import Act, DeskItem

WHY = "Paving lebih murah daripada rencana."


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


@pytest.fixture
def cheaper(cast):
    """All is built with the first payment; nobody has asked for the second."""
    work = bring(cast, "reported_50")
    paths.report(cast, work, 100)
    return work


def waive(cast, work, number=2, **given):
    told = {"by": cast.pokmas_head, "why": WHY} | given
    return tranches.waive_tranche(tranche=tranche(work, number), **told)


def test_what_is_not_needed_goes_back_to_the_ceiling_and_the_work_is_closed(cast, cheaper):
    free = balance(None, "available", cast.rt)
    assert DeskItem.objects.filter(act="tranche.request", closed_at=None).exists()
    row = waive(cast, cheaper)
    assert (row.state, row.waived_why) == ("waived", WHY) and tranche(cheaper, 2).waived_on
    assert balance(None, "committed", cast.rt, cheaper.activity_id) == 0
    assert balance(None, "available", cast.rt) == free + 4_000_000
    assert Entry.objects.get(kind="release").key == f"release:{row.pk}"
    assert not DeskItem.objects.filter(act="tranche.request", closed_at=None).exists()
    for stop in ("inspected", "offered", "handed", "settled", "closed"):
        paths.finish(cast, stop, fresh(cheaper))
    assert fresh(cheaper).state == "closed" and audit(cast.city) == []
    assert Act.objects.get(act="work.closed").detail["waived"] == 4_000_000
    facts = dict(papers.handed_over(standing(fresh(cheaper))))
    assert facts["Tidak dipakai, kembali ke pagu"] == "Rp4.000.000"


def test_only_the_head_of_the_pokmas_says_so_and_with_a_reason(cast, cheaper):
    for person in (cast.pokmas_treasurer, cast.lurah, cast.ekbang, cast.ppk, cast.rt_head):
        with pytest.raises(PermissionDenied):
            waive(cast, cheaper, by=person)
    refused(lambda: waive(cast, cheaper, why="murah"), "10 huruf")
    assert tranche(cheaper, 2).state == "planned"


def test_not_before_all_is_built(cast):
    work = bring(cast, "reported_50")
    refused(lambda: waive(cast, work), "Laporan 100% belum disetujui")
    with pytest.raises(Refused) as said:
        waive(cast, work, why="")
    assert len(said.value.reasons) == 2


def test_not_once_it_was_asked_for_and_only_once(cast, cheaper):
    refused(lambda: waive(cast, cheaper, 1), "sudah berubah")
    pay(cast, cheaper, 2, upto="requested")
    refused(lambda: waive(cast, cheaper), "sudah berubah")
    tranches.send_back(by=cast.treasurer, tranche=tranche(cheaper, 2), why="Rekeningnya lain lagi.")
    waive(cast, cheaper)
    refused(lambda: waive(cast, cheaper), "sudah berubah")
    refused(
        lambda: tranches.request_tranche(by=cast.pokmas_head, tranche=tranche(cheaper, 2)),
        "sudah berubah",
    )
    assert Entry.objects.filter(kind="release").count() == 1


def test_it_takes_along_the_payments_after_it(cast):
    work = bring(cast, "reported_0")
    for percent in (50, 100):
        paths.report(cast, work, percent)
    waive(cast, work, 1)
    assert [row.state for row in fresh(work).tranches.all()] == ["waived", "waived"]
    assert standing(fresh(work)).waived == 10_000_000
    assert balance(None, "committed", cast.rt, work.activity_id) == 0


def test_one_that_nobody_asked_for_keeps_a_work_open_in_words(cast, cheaper):
    for stop in ("inspected", "offered", "handed"):
        paths.finish(cast, stop, fresh(cheaper))
    refused(
        lambda: closing.close_work(by=cast.lurah, work=cheaper),
        "Pencairan 2 belum diminta. Minta uangnya, atau nyatakan tidak dipakai.",
    )


def test_the_page_leads_there_and_says_it_afterwards(cast, cheaper, sign_in, client):
    head, path = sign_in(cast.pokmas_head), f"/uji/pekerjaan/{cheaper.pk}/termin/2/"
    assert f"{path}lepas/" in head.get(path).content.decode()
    form = head.get(f"{path}lepas/").content.decode()
    assert "Rp4.000.000" in form and "Mengapa tidak dipakai?" in form
    data = {"key": "kunci-lepas", "why": "murah"}
    assert head.post(f"{path}lepas/", data).status_code == 422
    assert head.post(f"{path}lepas/", data | {"why": WHY}).status_code == 302
    page = head.get(path).content.decode()
    assert WHY in page and "lepas/" not in page and "Minta uang" not in page
    assert WHY in head.get(f"/uji/pekerjaan/{cheaper.pk}/").content.decode()
