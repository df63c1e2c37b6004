"""The same evidence twice: receipts of the whole city that may be one paper, told to who enters and who checks."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from rembug.execution.evidence import TwinSign, same_shop
from rembug.execution.models import Receipt, ReportPhoto, Twin
from rembug.execution.rules import ReceiptState
from rembug.files.services import alike


def note_twins(receipt: Receipt) -> list[Twin]:
    """Look for everything in the city that this receipt may repeat, and keep what is new; asking
    again adds nothing."""
    found = [*_by_words(receipt), *_by_scene(receipt)]
    known = set(Twin.objects.filter(receipt=receipt).values_list("other", "photo", "sign"))
    fresh = [twin for twin in found if (twin.other_id, twin.photo_id, str(twin.sign)) not in known]
    return Twin.objects.bulk_create(fresh)


def _by_words(receipt: Receipt) -> Iterable[Twin]:
    """Same day and amount (an index), then the shop's name however it is written."""
    same = _others(receipt).filter(paid_on=receipt.paid_on, amount=receipt.amount)
    for pk, supplier in same.values_list("pk", "supplier"):
        if same_shop(supplier, receipt.supplier):
            yield _twin(receipt, TwinSign.WORDS, other=pk)


def _by_scene(receipt: Receipt) -> Iterable[Twin]:
    files = alike(receipt.file)
    for pk in _others(receipt).filter(file__in=files).values_list("pk", flat=True):
        yield _twin(receipt, TwinSign.SCENE, other=pk)
    photos = ReportPhoto.objects.filter(file__in=[*files, receipt.file])
    for pk in photos.values_list("pk", flat=True):
        yield _twin(receipt, TwinSign.SCENE, photo=pk)


def _twin(
    receipt: Receipt, sign: TwinSign, *, other: int | None = None, photo: int | None = None
) -> Twin:
    return Twin(city_id=receipt.city_id, receipt=receipt, other_id=other, photo_id=photo, sign=sign)


def _others(receipt: Receipt) -> QuerySet[Receipt]:
    """Receipts of the city that came before and were not taken back."""
    return Receipt.objects.filter(pk__lt=receipt.pk).exclude(state=ReceiptState.VOID)


def twins_of(receipts: Iterable[Receipt]) -> QuerySet[Twin]:
    """What these receipts may repeat, and what may repeat them; what was taken back is no twin."""
    ids = [receipt.pk for receipt in receipts]
    rows = Twin.objects.filter(Q(receipt__in=ids) | Q(other__in=ids))
    void = Q(receipt__state=ReceiptState.VOID) | Q(
        other__isnull=False, other__state=ReceiptState.VOID
    )
    return rows.exclude(void).select_related(
        "receipt__work__activity__unit",
        "receipt__file",
        "other__work__activity__unit",
        "other__file",
        "photo__report__work__activity__unit",
        "photo__file",
    )
