"""Signed minutes are everybody's to read: decisions, counts and signers, never who came."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from rembug.planning.rules import Attendee, Point
from rembug.planning.services.meetings import call_meeting, hold_meeting, sign_minutes

pytestmark = pytest.mark.fault("screen-A15", "screen-G4")
NIK = "3571021207880001"


@pytest.fixture
def held(cast):
    told = {"title": "Rembug rencana", "place": "Balai", "when": timezone.now() - timedelta(days=1)}
    meeting = call_meeting(by=cast.rt_head, unit=cast.rt, year=cast.year.year, **told)
    return hold_meeting(
        by=cast.rt_secretary,
        meeting=meeting,
        men=1,
        women=1,
        names=[Attendee("Sumiyati Rahasia", "f"), Attendee("Tono Rahasia", "m")],
        points=[
            Point("infra", "Paving Gang Melati", "decided", "400 m2", 32_000_000),
            Point("social", "Kursi", "deferred", reason="Tanya Pak Budi"),
        ],
        notes="Hubungi 0812-3456-7890.",
    )


def test_nobody_outside_reads_minutes_before_all_have_signed(client, held):
    for page in ("", "notulen.pdf"):
        assert client.get(f"/uji/notulen/{held.pk}/{page}").status_code == 404


def test_everybody_reads_what_was_decided_and_nobody_who_came(client, cast, held):
    for signer in (cast.rt_head, cast.rt_secretary, cast.rw_head):
        sign_minutes(by=signer, meeting=held, version=held.version)
    # Kept before acts refused such a number.
    held.items.filter(title="Kursi").update(reason=f"Tanya Pak Budi {NIK}")
    page = client.get(f"/uji/notulen/{held.pk}/").content.decode()
    paper = client.get(f"/uji/notulen/{held.pk}/notulen.pdf").content
    printed = " ".join(one.extract_text() for one in PdfReader(BytesIO(paper)).pages)
    for shown in (page, printed):
        for word in ("Paving Gang Melati", "Rp32.000.000", "Rt Head", "disamarkan"):
            assert word in shown, word
        for secret in ("Rahasia", NIK, "0812"):
            assert secret not in shown
    rt = client.get(f"/uji/rt/{cast.rt.code}/").content.decode()
    assert f"/uji/notulen/{held.pk}/" in rt and f"Baca notulen {held.at.year}" in rt
