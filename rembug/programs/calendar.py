"""Working days of the city in whose scope the code runs. Its holidays are data."""

from datetime import date, timedelta

from rembug.core.calendar import add_working_days
from rembug.programs.models import Holiday


def holidays_between(start: date, end: date) -> set[date]:
    """Days, both ends counted, on which the city's offices are closed besides weekends."""
    return set(Holiday.objects.filter(day__range=(start, end)).values_list("day", flat=True))


def due_on(start: date, days: int) -> date:
    """The day on which a term of working days ends; the starting day does not count."""
    # Two weeks of holidays in a row is more than any year has had; weekends are counted double.
    until = start + timedelta(days=days * 2 + 30)
    return add_working_days(start, days, holidays_between(start, until))
