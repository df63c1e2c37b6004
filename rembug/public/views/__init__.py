"""The pages of the open face, by noun."""

from rembug.public.views.activities import activities, activities_csv, activities_xlsx
from rembug.public.views.activity import activity
from rembug.public.views.board import board, qr
from rembug.public.views.city import brand, cities, city, not_found, robots
from rembug.public.views.comments import comment
from rembug.public.views.map import area_map
from rembug.public.views.minutes import minutes, minutes_pdf
from rembug.public.views.rt import rt
from rembug.public.views.search import search
from rembug.public.views.unit import unit
from rembug.public.views.waiting import waiting_list

__all__ = [
    "activities",
    "activities_csv",
    "activities_xlsx",
    "activity",
    "area_map",
    "board",
    "brand",
    "cities",
    "city",
    "comment",
    "minutes",
    "minutes_pdf",
    "not_found",
    "qr",
    "robots",
    "rt",
    "search",
    "unit",
    "waiting_list",
]
