"""Addresses of meetings, the five-year list and proposals, inside a city."""

from django.urls import path

from rembug.planning.views import (
    activities,
    budgets,
    invitations,
    lists,
    meetings,
    proposals,
    verification,
)

app_name = "planning"
urlpatterns = [
    path("rembug/", meetings.meetings, name="meetings"),
    path("rembug/baru/", invitations.meeting_new, name="meeting_new"),
    path("rembug/<int:pk>/undangan/", invitations.meeting_change, name="meeting_change"),
    path("rembug/<int:pk>/batal/", invitations.meeting_cancel, name="meeting_cancel"),
    path("rembug/<int:pk>/undangan.pdf", invitations.meeting_letter, name="meeting_letter"),
    path("rembug/<int:pk>/", meetings.meeting, name="meeting"),
    path("rembug/<int:pk>/catat/", meetings.meeting_hold, name="meeting_hold"),
    path("rembug/<int:pk>/tanda-tangan/", meetings.meeting_sign, name="meeting_sign"),
    path("rembug/<int:pk>/kembalikan/", meetings.meeting_return, name="meeting_return"),
    path("rembug/<int:pk>/notulen.pdf", meetings.meeting_pdf, name="meeting_pdf"),
    path("daftar/", lists.plan_list, name="list"),
    path("daftar/tambah/", lists.list_add, name="list_add"),
    path("daftar/<int:pk>/", lists.list_item, name="list_item"),
    path("usulan/", proposals.proposals, name="proposals"),
    path("usulan/baru/", proposals.proposal_new, name="proposal_new"),
    path("usulan/rekap/", verification.recap, name="recap"),
    path("usulan/<int:pk>/", proposals.proposal, name="proposal"),
    path("usulan/<int:pk>/tambah/", activities.activity_new, name="activity_new"),
    path(
        "usulan/<int:pk>/kegiatan/<int:activity>/", activities.activity_edit, name="activity_edit"
    ),
    path("usulan/<int:pk>/susunan/", activities.composition, name="composition"),
    path("usulan/<int:pk>/kirim/", proposals.submit, name="submit"),
    path("usulan/<int:pk>/periksa/", verification.verify, name="verify"),
    path("usulan/dpa/", budgets.budget_many, name="budget_many"),
    path("usulan/<int:pk>/dpa/", verification.budget, name="budget"),
    path("harga/", activities.prices, name="prices"),
]
