"""The end of a work, and what residents say about it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from rembug.core.refusal import Refused
from rembug.execution.models import Comment
from rembug.execution.services import closing, comments
from rembug.execution.services.standing import standing
from rembug.execution.tests import paths
from rembug.execution.tests.paths import bring, confirmed, fresh
from rembug.ledger.services import balance
from rembug.people.models import DeskItem
from rembug.people.sending import new_key


def refused(run, word):
    with pytest.raises(Refused) as said:
        run()
    assert word in " ".join(said.value.reasons), said.value.reasons


def inspect(cast, work, **given):
    told = {"by": cast.pokmas_supervisor, "number": "1/BAHP/26", "measured": "42 m x 1,5 m"}
    return closing.inspect_work(work=work, **told | given)


def test_nothing_is_inspected_before_the_hundred(cast):
    work = bring(cast, "reported_50")
    refused(lambda: inspect(cast, work), "100% belum disetujui")


def test_the_inspection_is_by_the_supervisor_and_measured(cast):
    work = bring(cast, "reported_100")
    for person in (cast.pokmas_head, cast.lurah, cast.ekbang):
        with pytest.raises(PermissionDenied):
            inspect(cast, work, by=person)
    refused(lambda: inspect(cast, work, measured="rapi"), "hasil ukur")
    inspect(cast, work)
    refused(lambda: inspect(cast, work, number="2/BAHP/26"), "berubah")


@pytest.mark.fault("attack-18")
def test_a_result_that_is_refused_is_inspected_again(cast):
    work = bring(cast, "offered")
    refused(lambda: closing.refuse_work(by=cast.lurah, work=work, why="retak"), "10 huruf")
    closing.refuse_work(by=cast.lurah, work=work, why="Kanstin di nomor 14 retak.")
    work = fresh(work)
    assert (work.state, work.inspection_no) == ("running", "")
    # What was seen once is not enough: new photographs come before it is measured again.
    refused(lambda: inspect(cast, work), "laporan 100% baru")
    assert DeskItem.objects.get(closed_at=None).act == "report.submit"
    paths.report(cast, work, 100)
    assert DeskItem.objects.get(closed_at=None).act == "work.inspect"
    inspect(cast, work)
    closing.offer_work(by=cast.pokmas_head, work=work)
    closing.receive_work(by=cast.lurah, work=work, number="1/BAST/26")
    assert fresh(work).state == "handed"


def test_handover_needs_its_hands_and_its_number(cast):
    work = bring(cast, "inspected")
    with pytest.raises(PermissionDenied):
        closing.offer_work(by=cast.pokmas_treasurer, work=work)
    refused(lambda: closing.receive_work(by=cast.lurah, work=work, number="1/26"), "berubah")
    closing.offer_work(by=cast.pokmas_head, work=work)
    refused(lambda: closing.receive_work(by=cast.lurah, work=work, number=""), "Tulis nomor BAST")
    with pytest.raises(PermissionDenied):
        closing.receive_work(by=cast.ekbang, work=work, number="1/26")


def test_the_whole_remainder_goes_back_and_is_seen_to_arrive(cast):
    work = bring(cast, "handed", keep_cash=123_456)
    refused(lambda: closing.close_work(by=cast.lurah, work=work), "Rp123.456")
    refused(lambda: closing.receive_return(by=cast.ppk, work=work), "Tidak ada setoran")
    closing.return_remainder(by=cast.pokmas_treasurer, work=work, slip="1/STS/26")
    refused(
        lambda: closing.return_remainder(by=cast.pokmas_treasurer, work=work, slip="2/STS/26"),
        "sudah dicatat",
    )
    assert standing(fresh(work)).cash == 123_456
    with pytest.raises(PermissionDenied):
        closing.receive_return(by=cast.lurah, work=work)
    closing.refuse_return(by=cast.ppk, work=work, why="Nomor STS tidak ditemukan di bank.")
    closing.return_remainder(by=cast.pokmas_treasurer, work=work, slip="3/STS/26")
    closing.receive_return(by=cast.ppk, work=work)
    assert balance(None, "returned", cast.rt, work.activity_id) == 123_456
    closing.close_work(by=cast.lurah, work=work)
    assert fresh(work).activity.stage == "closed"
    refused(lambda: closing.close_work(by=cast.lurah, work=work), "berubah")


def test_no_remainder_and_nothing_to_return(cast):
    work = bring(cast, "handed", keep_cash=0)
    refused(
        lambda: closing.return_remainder(by=cast.pokmas_head, work=work, slip="1/26"),
        "Tidak ada sisa",
    )
    closing.close_work(by=cast.lurah, work=work)


def test_a_work_is_not_closed_before_its_end(cast):
    work = bring(cast, "received_1")
    with pytest.raises(Refused) as said:
        closing.close_work(by=cast.lurah, work=work)
    assert len(said.value.reasons) == 3
    with pytest.raises(Refused) as said:
        closing.return_remainder(by=cast.pokmas_treasurer, work=work, slip="1/26")
    assert "sesudah hasil diserahterimakan" in " ".join(said.value.reasons)


def say(work, text="Kapan selesai?", **given):
    told = {"name": "", "matches": None, "key": new_key(), "sender": "rumah"} | given
    return comments.add_comment(activity=work.activity, text=text, **told)


def test_a_comment_waits_for_an_answer_and_is_sent_once(cast):
    work = bring(cast, "running")
    key = new_key()
    first, receipt = say(work, key=key)
    again, same = say(work, key=key)
    assert first == again and receipt.code == same.code and Comment.objects.count() == 1
    item = DeskItem.objects.get(act="comment.answer")
    assert item.path == f"tanggapan/{first.pk}/" and item.due_on == first.due_on
    assert first.due_on > timezone.localdate()


def test_one_place_says_five_things_an_hour(cast):
    work = bring(cast, "running")
    for _ in range(5):
        say(work)
    refused(lambda: say(work), "satu jam")
    assert say(work, sender="tetangga")
    Comment.objects.update(at=timezone.now() - timedelta(hours=2))
    assert say(work)


def test_the_address_is_never_kept(cast):
    mark = comments.sender_mark("203.0.113.7")
    assert "203" not in mark[:3] and len(mark) == 64
    assert mark == comments.sender_mark("203.0.113.7") != comments.sender_mark("203.0.113.8")


def test_kelurahan_pokmas_kecamatan_and_city_answer(cast):
    work = bring(cast, "running")
    for person in (cast.ekbang, cast.pokmas_head, cast.camat, cast.monitoring_office):
        row, _receipt = say(work, sender=person.login)
        answered = comments.answer_comment(by=person, comment=row, answer="Minggu depan.")
        assert answered.answered_at and answered.answered_as
        refused(
            lambda row=row: comments.answer_comment(by=cast.ekbang, comment=row, answer="Lagi."),
            "sudah dijawab",
        )
    confirmed(cast, name="Pokmas Lain", account="99999999", suffix="2")
    row, _receipt = say(work, sender="x")
    for person in (cast.pokmas_head2, cast.rt_head, cast.neighbour_ekbang, cast.ppk):
        with pytest.raises(PermissionDenied):
            comments.answer_comment(by=person, comment=row, answer="Minggu depan.")


def test_hiding_needs_the_lurah_and_a_reason_that_stays(cast):
    work = bring(cast, "running")
    row, _receipt = say(work)
    with pytest.raises(PermissionDenied):
        comments.hide_comment(by=cast.ekbang, comment=row, why="Memuat nama orang lain")
    # Nor does a lurah who sits in the pokmas that is spoken of.
    cast.seat(cast.pokmas_secretary, "lurah", cast.kelurahan)
    with pytest.raises(PermissionDenied):
        comments.hide_comment(by=cast.pokmas_secretary, comment=row, why="Memuat nama orang lain")
    refused(lambda: comments.hide_comment(by=cast.lurah, comment=row, why="x"), "10 huruf")
    comments.hide_comment(by=cast.lurah, comment=row, why="Memuat nama orang lain")
    assert Comment.objects.get().hidden_why == "Memuat nama orang lain"
    assert not DeskItem.objects.filter(act="comment.answer", closed_at=None).exists()
    refused(
        lambda: comments.answer_comment(by=cast.ekbang, comment=row, answer="Baik."),
        "disembunyikan",
    )
