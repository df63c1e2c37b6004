"""Two at once, on PostgreSQL: what must happen once happens once, whoever comes second is told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection
from django.utils import timezone
from django_scopes import scope

from rembug.core.refusal import Refused
from rembug.execution.models import Report
from rembug.execution.services import closing, contracts, holds, receipts, reports, tranches
from rembug.execution.services.standing import standing
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, fresh, shot, tranche
from rembug.ledger.services import audit, balance
from rembug.people.models import Act, DeskItem, Sending
from rembug.people.sending import once

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
HANDS = 4


def together(cast, run: Callable[[], object]) -> list[object]:
    """Run the same thing in several hands at once; what each got, or how it was refused."""
    gate, got = threading.Barrier(HANDS), []

    def one() -> None:
        try:
            with scope(city=cast.city):
                gate.wait(10)
                got.append(run())
        except Refused as refusal:
            got.append(refusal)
        except Exception as fault:
            got.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=one) for _ in range(HANDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return got


def once_only(got: list[object]) -> None:
    """One hand did it; all others were refused in words, none by an error."""
    refusals = [one for one in got if isinstance(one, Refused)]
    assert len(refusals) == HANDS - 1, got
    assert not [one for one in got if isinstance(one, Exception) and one not in refusals], got


def test_one_report_however_often_it_is_sent(cast):
    work = bring(cast, "running")
    shots = [shot(cast, point) for point in work.points.all()]

    def send():
        return reports.submit_report(
            by=cast.pokmas_head,
            work=fresh(work),
            percent=0,
            seen_on=timezone.localdate(),
            note="Baru mulai digali.",
            shots=shots,
        )

    once_only(together(cast, send))
    assert Report.objects.count() == 1
    assert DeskItem.objects.filter(act__startswith="report.", closed_at=None).count() == 1


def test_one_form_sent_twice_is_one_report_with_one_receipt(cast):
    work = bring(cast, "running")
    shots = [shot(cast, point) for point in work.points.all()]

    def send():
        def run():
            return reports.submit_report(
                by=cast.pokmas_head,
                work=fresh(work),
                percent=0,
                seen_on=timezone.localdate(),
                note="Baru mulai digali.",
                shots=shots,
            )

        return once(
            key="satu-kunci", by=cast.pokmas_head, act="report.submit", run=run, content="c"
        )

    got = together(cast, send)
    codes = {sending.code for sending, _ran in got}
    assert len(codes) == 1 and sum(ran for _sending, ran in got) == 1
    assert Report.objects.count() == 1 and Sending.objects.count() == 1


def test_one_tier_is_passed_by_one_hand(cast):
    work = bring(cast, "running")
    sent = paths.report(cast, work, 0, upto="sent")

    def check():
        seen = Report.objects.select_related("work").get(pk=sent.pk)
        seen.tier = "kelurahan"
        return reports.verify_report(by=cast.ekbang, report=seen)

    once_only(together(cast, check))
    assert Report.objects.get().tier == "kecamatan"


def test_one_approval_commits_the_money_once(cast):
    work = bring(cast, "signed")
    once_only(together(cast, lambda: contracts.approve_contract(by=cast.lurah, work=work)))
    assert balance(None, "committed", cast.rt, work.activity_id) == 10_000_000
    assert work.tranches.count() == 2


def test_one_payment_however_many_press(cast):
    work = bring(cast, "ordered_1")
    row = tranche(work, 1)
    numbers = iter(range(1, 100))

    def pay():
        number = f"{next(numbers)}/SP2D/2026"
        return tranches.pay_tranche(by=cast.finance_office, tranche=row, number=number)

    once_only(together(cast, pay))
    assert balance(None, "cash_pokmas", cast.rt, work.activity_id) == 6_000_000
    assert balance(None, "ordered", cast.rt, work.activity_id) == 0
    assert audit(cast.city) == []


def test_the_last_rupiah_is_spent_once(cast):
    work = bring(cast, "received_1")

    def spend():
        return paths.spend(cast, work, 3_500_000)

    got = together(cast, spend)
    assert sum(not isinstance(one, Exception) for one in got) == 1, got
    assert standing(fresh(work)).cash == 2_500_000 and audit(cast.city) == []


def test_one_spj_is_accepted_once(cast):
    work = bring(cast, "spj_1")
    row = tranche(work, 1)
    once_only(together(cast, lambda: receipts.verify_spj(by=cast.ppk, tranche=row)))
    assert balance(None, "accounted", cast.rt, work.activity_id) == 6_000_000


def test_one_end(cast):
    work = bring(cast, "settled")
    once_only(together(cast, lambda: closing.close_work(by=cast.lurah, work=work)))
    assert fresh(work).state == "closed"


def test_money_is_asked_for_or_given_back_never_both(cast):
    work = bring(cast, "accounted_1")
    for percent in (50, 100):
        paths.report(cast, work, percent)
    row, head = tranche(work, 2), cast.pokmas_head
    hands = iter(
        [
            lambda: tranches.waive_tranche(by=head, tranche=row, why="Sudah cukup, lebih murah."),
            lambda: tranches.request_tranche(by=head, tranche=row),
        ]
        * 2
    )
    once_only(together(cast, lambda: next(hands)()))
    waived = tranche(work, 2).state == "waived"
    left = balance(None, "committed", cast.rt, work.activity_id)
    assert left == (0 if waived else 4_000_000) and audit(cast.city) == []


def test_nothing_is_paid_once_a_work_is_held(cast):
    """Hold and pay at the same moment: whichever comes first, no payment follows a hold."""
    work = bring(cast, "ordered_1")
    row = tranche(work, 1)
    hands = iter(
        [
            lambda: holds.hold_work(by=cast.kecamatan_team, work=work, why="Temuan di lapangan."),
            lambda: tranches.pay_tranche(by=cast.finance_office, tranche=row, number="1/2026"),
        ]
        * 2
    )
    got = together(cast, lambda: next(hands)())
    assert not [one for one in got if isinstance(one, Exception) and not isinstance(one, Refused)]
    order = list(
        Act.objects.filter(act__in=["work.held", "tranche.paid"]).order_by("id").values_list("act")
    )
    assert order in [[("work.held",)], [("tranche.paid",), ("work.held",)]]
    assert audit(cast.city) == []
