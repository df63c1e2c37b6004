"""Addresses of pokmas and works, inside a city."""

from django.urls import path

from rembug.execution.views import (
    closing,
    comments,
    contracts,
    holds,
    home,
    pokmas,
    receipts,
    reports,
    tranches,
    works,
    yearend,
)

app_name = "execution"
urlpatterns = [
    path("rumah/", home.home, name="home"),
    path("pokmas/", pokmas.pokmas_list, name="pokmas_list"),
    path("pokmas/baru/", pokmas.pokmas_new, name="pokmas_new"),
    path("pokmas/<int:pk>/", pokmas.pokmas, name="pokmas"),
    path("pokmas/<int:pk>/sahkan/", pokmas.pokmas_confirm, name="pokmas_confirm"),
    path("pokmas/<int:pk>/perbaiki/", pokmas.pokmas_mend, name="pokmas_mend"),
    path("pekerjaan/", works.works, name="works"),
    path("pekerjaan/siapkan/<int:activity>/", contracts.prepare, name="prepare"),
    path("pekerjaan/<int:pk>/", works.work, name="work"),
    path("pekerjaan/<int:pk>/kontrak/", contracts.contract_sign, name="contract_sign"),
    path("pekerjaan/<int:pk>/kontrak.pdf", contracts.contract_pdf, name="contract_pdf"),
    path("pekerjaan/<int:pk>/termin/<int:number>/", tranches.tranche, name="tranche"),
    path("pekerjaan/<int:pk>/termin/<int:number>/lepas/", tranches.waive, name="waive"),
    path("pekerjaan/<int:pk>/termin/<int:number>/spj/", receipts.spj, name="spj"),
    path("pekerjaan/<int:pk>/laporan/baru/", reports.report_new, name="report_new"),
    path("laporan/<int:pk>/", reports.report, name="report"),
    path("pekerjaan/<int:pk>/kuitansi/", receipts.receipts, name="receipts"),
    path("pekerjaan/<int:pk>/kuitansi/baru/", receipts.receipt_new, name="receipt_new"),
    path("pekerjaan/<int:pk>/kuitansi/pajak/", receipts.receipt_tax, name="receipt_tax"),
    path("kuitansi/<int:pk>/batal/", receipts.receipt_void, name="receipt_void"),
    path("pekerjaan/<int:pk>/pajak/", receipts.tax, name="tax"),
    path("pekerjaan/<int:pk>/periksa/", closing.inspect, name="inspect"),
    path("pekerjaan/<int:pk>/bahp.pdf", closing.bahp_pdf, name="bahp_pdf"),
    path("pekerjaan/<int:pk>/serah-terima/", closing.handover, name="handover"),
    path("pekerjaan/<int:pk>/bast.pdf", closing.bast_pdf, name="bast_pdf"),
    path("pekerjaan/<int:pk>/tutup/", closing.close, name="close"),
    path("pekerjaan/<int:pk>/akhiri/", yearend.end, name="end"),
    path("tahun/<int:pk>/tutup/", yearend.year, name="year"),
    path("pekerjaan/<int:pk>/tahan/", holds.hold, name="hold"),
    path("tanggapan/<int:pk>/", comments.comment_answer, name="comment_answer"),
]
