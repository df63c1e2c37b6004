"""What an RT asks for: amounts per field that the rules allow, and cost lines from the price standard."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from rembug.demo.names import LANES
from rembug.demo.things import THINGS, Thing
from rembug.planning.rules import line_amount
from rembug.planning.services.proposals import price_year
from rembug.programs.models import PriceItem
from rembug.programs.rulebook import OTHER, Field, Item, RuleBook

# Units of which there may be a part; everything else comes in whole pieces.
MEASURED = {"m", "m2", "m3"}


@dataclass
class Wish:
    """One activity as the residents want it."""

    field: Field
    name: str
    lane: str
    volume: str
    kind: str
    sign: str
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
        """The first thing of a group whose name begins with this word, or has it in it."""
        key = (group, word)
        if key not in self.found:
            items = self.by_group[group] or next(iter(self.by_group.values()))
            named = [item for item in items if item.name.lower().startswith(word)]
            named = named or [item for item in items if word in item.name.lower()]
            self.found[key] = named[0] if named else items[len(items) // 2]
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
    """A thing of a field, as much of it as a target pays for; what costs less than that stays cheaper."""
    fitting = []
    for thing in things_of(book, one):
        item = _item(book, one, thing)
        bought = [(want, shop.find(want.group, want.word)) for want in thing.wants]
        # Most take the standard price to the rupiah, some bargained.
        prices = [_price(item.price, rng) for _want, item in bought]
        number = _most(thing, [item for _w, item in bought], prices, target, item)
        if number:
            made = _lines(thing, [item for _w, item in bought], prices, number)
            fitting.append((sum(line["amount"] for line in made), thing, number, made))
    # A field that must get its least share is filled; elsewhere the larger things come first.
    share = 0.975 if one.min_percent else 0.5
    chosen = [row for row in fitting if row[0] >= target * share]
    if not chosen:
        chosen = sorted(fitting, key=lambda row: row[0])[-2:] or [_cheapest(book, one, shop)]
        chosen = chosen[-1:] if one.min_percent else chosen
    _cost, thing, number, lines = rng.choice(chosen)
    lane = f"{rng.choice(LANES)} {rng.randint(1, 4)}"
    kind, counted, note = _kind(book, one, thing, number)
    name, volume = thing.name.format(lane=lane), thing.volume.format(n=number)
    return Wish(one, name, lane, volume, kind, thing.sign, counted, note, lines)


def things_of(book: RuleBook, one: Field) -> list[Thing]:
    """The things a field of this book may pay for: by its kinds, else by its sign."""
    kinds = {item.code for item in book.items_in(one.code)}
    if kinds:
        found = [thing for thing in THINGS if kinds & set(thing.kinds)]
        if found:
            return found
    return [thing for thing in THINGS if thing.sign == one.icon]


def _item(book: RuleBook, one: Field, thing: Thing) -> Item | None:
    """The kind of a thing in a field of this book."""
    by_code = {item.code: item for item in book.items_in(one.code)}
    return next((by_code[code] for code in thing.kinds if code in by_code), None)


def _kind(book: RuleBook, one: Field, thing: Thing, number: int) -> tuple[str, int, str]:
    """The code of its kind, how many it counts, and what is told where it has none."""
    if item := _item(book, one, thing):
        return item.code, number if item.number else 0, ""
    if len(book.items_in(one.code)) == 1:
        return book.items_in(one.code)[0].code, 0, ""
    if book.items_in(one.code):
        return OTHER, 0, "Diputuskan warga, belum ada di daftar kota."
    return "", 0, ""


def _price(standard: int, rng: Random) -> int:
    price = standard if rng.random() < 0.6 else standard * rng.randint(88, 99) // 100
    return max(price // 50 * 50, 50)


def _lines(thing: Thing, items: list[PriceItem], prices: list[int], number: int) -> list[dict]:
    """What so much of a thing takes; what is not measured comes in whole pieces."""
    lines = []
    for want, item, price in zip(thing.wants, items, prices, strict=True):
        milli = round((want.each * number + want.once) * 1000)
        if item.unit not in MEASURED:
            milli = -(-milli // 1000) * 1000
        amount = line_amount(milli, price)
        lines.append({"item": item, "price": price, "milli": milli, "amount": amount})
    return lines


def _cost(thing: Thing, items: list[PriceItem], prices: list[int], number: int) -> int:
    return sum(line["amount"] for line in _lines(thing, items, prices, number))


def _most(
    thing: Thing, items: list[PriceItem], prices: list[int], target: int, item: Item | None
) -> int:
    """How much of a thing the target and its kind allow; 0: not even the least."""
    if item and item.max_amount:
        target = min(target, item.max_amount)
    low, high = thing.least - 1, thing.most
    if item and item.number and item.max_number:
        high = min(high, item.max_number)
    while low < high:
        middle = (low + high + 1) // 2
        if _cost(thing, items, prices, middle) <= target:
            low = middle
        else:
            high = middle - 1
    return low if low >= thing.least else 0


def _cheapest(book: RuleBook, one: Field, shop: Shop) -> tuple[int, Thing, int, list[dict]]:
    """The smallest thing of a field, where its amount pays for none."""
    made = []
    for thing in things_of(book, one):
        items = [shop.find(want.group, want.word) for want in thing.wants]
        lines = _lines(thing, items, [item.price for item in items], thing.least)
        made.append((sum(line["amount"] for line in lines), thing, thing.least, lines))
    return min(made, key=lambda row: row[0])
