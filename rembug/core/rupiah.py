"""Money is whole rupiah in an integer: no float, no currency library."""

from typing import NewType

from django.utils.translation import gettext as _

Rupiah = NewType("Rupiah", int)

# What 18 digits can hold with room to add up a nation; anything larger is a slip of the finger.
LARGEST = 10**15


def parse(text: str) -> Rupiah:
    """Whole rupiah from what people type: `1.250.000`, `Rp 1.250.000,00`, `1250000`.

    Raises ValueError, worded for the person, for anything that is not a plain whole amount.
    """
    cleaned = text.strip().removeprefix("Rp").removeprefix("rp").strip().removesuffix(",00")
    digits = cleaned.replace(".", "").replace(" ", "")
    if "." in cleaned and any(len(part) != 3 for part in cleaned.split(".")[1:]):
        raise ValueError(_("Tulis rupiah tanpa sen, misalnya 1.250.000."))
    if not digits.isascii() or not digits.isdigit():
        raise ValueError(_("Tulis rupiah dengan angka saja, misalnya 1.250.000."))
    amount = int(digits)
    if amount > LARGEST:
        raise ValueError(_("Angkanya terlalu besar. Periksa jumlah nolnya."))
    return Rupiah(amount)


def show(amount: int) -> str:
    """`Rp1.250.000`, with a real minus sign for a negative amount."""
    sign = "\N{MINUS SIGN}" if amount < 0 else ""
    return f"{sign}Rp{abs(amount):,}".replace(",", ".")


def share(amount: int, whole: int) -> float:
    """Percent of a whole, to one decimal; 0 when the whole is 0."""
    return round(100 * amount / whole, 1) if whole else 0.0


def part(whole: int, percent: int | float) -> Rupiah:
    """A percentage of an amount, rounded down to whole rupiah. Percent may carry two decimals."""
    return Rupiah(whole * round(percent * 100) // 10_000)
