"""Money is whole rupiah in an integer: no float, no currency library."""

from typing import NewType

Rupiah = NewType("Rupiah", int)

# What 18 digits can hold with room to add up a nation; anything larger is a slip of the finger.
LARGEST = 10**15


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
