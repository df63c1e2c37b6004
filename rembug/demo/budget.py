"""What an RT asks for: amounts per field that the rules allow, and cost lines from the price standard."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from rembug.demo.names import LANES, THINGS
from rembug.planning.rules import line_amount
from rembug.planning.services.proposals import price_year
from rembug.programs.models import PriceItem
from rembug.programs.rulebook import OTHER, Field, RuleBook


@dataclass
class Wish:
    """One activity as the residents want it."""

    field: Field
    name: str
    lane: str
    volume: str
    kind: str
    target: int
    wants: list[tuple[str, str, int]]
    number: int = 0
    note: str = ""
    lines: list[dict] = field(default_factory=list)

    @property
    def cost(self) -> int:
        return sum(line["amount"] for line in self.lines)


class Shop:
    """The price standard that a budget year uses, found by group and word."""

    def __init__(self, year: int):
        self.by_group: dict[str, list[PriceItem]] = defaultdict(list)
        for item in PriceItem.objects.filter(year=price_year(year)).order_by("price", "code"):
            self.by_group[item.group].append(item)
        self.found: dict[tuple[str, str], PriceItem] = {}

    def find(self, group: str, word: str) -> PriceItem:
        """The first thing with this word, else the middle one of its group."""
        key = (group, word)
        if key not in self.found:
            items = self.by_group[group] or next(iter(self.by_group.values()))
            every = [item for some in self.by_group.values() for item in some]
            fitting = [item for item in items if word in item.search]
            fitting = fitting or [item for item in every if word in item.search]
            self.found[key] = fitting[0] if fitting else items[len(items) // 2]
        return self.found[key]


def shares(book: RuleBook, ceiling: int, count: int, rng: Random) -> list[tuple[Field, int]]:
    """`count` amounts (rupiah), each with its field, that keep every least and largest share."""
    must = [f for f in book.fields if f.min_percent]
    free = [f for f in book.fields if not f.min_percent and f.icon != "b-adm"]
    rng.shuffle(free)
    chosen = (must + free)[: max(count, len(must))]
    left, used = 97.0, defaultdict(float)
    parts: list[tuple[Field, float]] = []
    for one in chosen:
        low = (one.min_percent or 3) + 2
        high = min(one.max_percent or max(45, low + 12), max(110 / len(chosen), low + 4), left) - 1
        if one.max_amount:
            high = min(high, 100 * one.max_amount / ceiling - 0.5)
        for group in book.groups:
            if one.code in group.fields and group.max_percent:
                high = min(high, group.max_percent - used[group.title] - 0.5)
        if high < 3:
            continue
        percent = round(rng.uniform(min(max(low, high * 0.7), high), high), 1)
        left -= percent
        for group in book.groups:
            if one.code in group.fields:
                used[group.title] += percent
        parts.append((one, percent))
    return [(one, int(ceiling * percent / 100)) for one, percent in _split(parts, count, rng)]


def _split(parts: list, count: int, rng: Random) -> list[tuple[Field, float]]:
    """Cut the largest parts in two until there are `count`."""
    while len(parts) < count:
        parts.sort(key=lambda part: part[1])
        one, percent = parts.pop()
        cut = round(percent * rng.uniform(0.4, 0.6), 1)
        parts += [(one, cut), (one, percent - cut)]
    return parts


def wish(book: RuleBook, one: Field, target: int, rng: Random, shop: Shop) -> Wish:
    """A thing of a field, with cost lines that stay just below a target."""
    name, volume, kinds, wants = rng.choice(THINGS[one.icon])
    lane = f"{rng.choice(LANES)} {rng.randint(1, 4)}"
    kind, number, note = _kind(book, one, kinds, volume)
    made = Wish(one, name.format(lane=lane), lane, volume, kind, target, wants, number, note)
    made.lines = _lines(made, rng, shop)
    return made


def _kind(book: RuleBook, one: Field, kinds: list[str], volume: str) -> tuple[str, int, str]:
    """The kind of a thing in this book, how many it counts, and what is told where it has none."""
    found = next((item for item in book.items_in(one.code) if item.code in kinds), None)
    if found:
        # The volume of what is counted is told in people or pieces: `12 orang`.
        return found.code, int(volume.split()[0]) if found.number else 0, ""
    if len(book.items_in(one.code)) == 1:
        return book.items_in(one.code)[0].code, 0, ""
    if book.items_in(one.code):
        return OTHER, 0, "Diputuskan warga, belum ada di daftar kota."
    return "", 0, ""


def _lines(made: Wish, rng: Random, shop: Shop) -> list[dict]:
    weight = sum(w for _group, _word, w in made.wants)
    lines: list[dict] = []
    left = made.target
    for group, word, share in made.wants:
        item = shop.find(group, word)
        # Most take the standard price to the rupiah, some bargained.
        price = item.price if rng.random() < 0.6 else item.price * rng.randint(88, 99) // 100
        price = max(price // 100 * 100, 100)
        pieces = min(made.target * share // weight, left) // price
        if pieces and item.pk not in {line["item"].pk for line in lines}:
            lines.append({"item": item, "price": price, "pieces": pieces})
            left -= pieces * price
    if not lines:
        cheap = min((i for g in shop.by_group.values() for i in g), key=lambda i: i.price)
        lines.append({"item": cheap, "price": cheap.price, "pieces": 1})
        left -= cheap.price
    cheapest = min(lines, key=lambda line: line["price"])
    cheapest["pieces"] += max(left, 0) // cheapest["price"]
    for line in lines:
        line["milli"] = line["pieces"] * 1000
        line["amount"] = line_amount(line["milli"], line["price"])
    return lines
