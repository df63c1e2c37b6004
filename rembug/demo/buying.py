"""Who sells what in a living city, and what the pokmas tell of their receipts for the taxes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import NamedTuple

from rembug.demo.names import FIRST, LAST
from rembug.execution.withholding import Nota, Wage
from rembug.programs.models import PriceItem
from rembug.programs.rulebook import RuleBook
from rembug.regions.models import Unit


class Trade(NamedTuple):
    """What kind of seller, the kind of purchase it is, and the words by which its things are known."""

    name: str
    purchase: str
    seller: str
    npwp: float
    pkp: float
    words: tuple[str, ...]


# Name of the seller | purchase | seller | share with NPWP | share that charges PPN | first words of things.
_TRADES = """
Pangkalan Pasir {brand} | barang | person | 0.3 | 0 | pasir, sirtu, batu kali, kerikil, batu koral
Persewaan Alat {brand} | sewa_barang | company | 0.8 | 0 | sewa
Toko Listrik {brand} | barang | company | 1 | 0.5 | lampu, kabel, saklar, stop kontak, tiang lampu, kamera,
    perekam, pengeras
Toko Alat Kesehatan {brand} | barang | company | 1 | 0.6 | timbangan, pengukur, pita lingkar, tensimeter,
    alat cek, susu, vitamin, kotak p3k, bubuk larvasida
Katering {lady} | katering | person | 0.5 | 0 | makanan tambahan, konsumsi, kudapan
Percetakan {brand} | jasa | company | 0.9 | 0.2 | cetak, penggandaan, jilid
Toko Olahraga {brand} | barang | company | 1 | 0.4 | bola, jaring, raket, meja tenis, kaus olahraga
Toko Perabot {brand} | barang | company | 1 | 0.4 | tenda, kursi, meja, rak, papan tulis, papan informasi
UD {brand} Alat Kebersihan | barang | company | 0.7 | 0.1 | tempat sampah, gerobak
Konveksi {brand} | barang | company | 0.8 | 0.1 | seragam, kain, benang, mesin jahit, mesin obras
Toko Alat Dapur {brand} | barang | company | 0.9 | 0.4 | kompor, oven, kemasan, mesin pengemas, alat dapur,
    alat cetak
UD Tani {brand} | barang | company | 0.4 | 0 | bibit, pupuk, polibag, pakan, kolam
Toko Buku {brand} | barang | company | 1 | 0.3 | buku, alat tulis, tas, alat permainan, kertas, map, tinta
Toko Alat Musik {brand} | barang | company | 1 | 0.2 | rebana
Kantor Pos Cabang | pos | company | 1 | 0 | meterai
{person}, pengajar | honor | person | 0.6 | 0 | narasumber, instruktur
Toko Bangunan {brand} | barang | company | 1 | 0.4 |
"""
BRANDS = (
    "Sinar Tiga|Makmur|Jaya Abadi|Barokah|Sumber Agung|Berkah|Mitra|Sentosa|Gemilang|Utama|Rapi|"
    "Sejati|Harapan|Lancar|Subur|Cendekia"
).split("|")
LADIES = ("Bu Tumi", "Bu Ayu", "Bu Warsi", "Bu Sri", "Dapur Bunda", "Bu Rukmini")


def _trades() -> list[Trade]:
    found = []
    for row in _TRADES.replace("\n    ", " ").strip().splitlines():
        name, purchase, seller, npwp, pkp, words = (cell.strip() for cell in row.split("|"))
        known = tuple(word.strip() for word in words.split(",") if word.strip())
        found.append(Trade(name, purchase, seller, float(npwp), float(pkp), known))
    return found


TRADES = _trades()
SHOPS_OF_A_TRADE = 3


@dataclass(frozen=True)
class Seller:
    """A shop or a person, of one place: what it sells is its trade's."""

    name: str
    trade: Trade
    npwp: bool
    pkp: bool


def trade_of(item: PriceItem) -> Trade:
    """Who sells a thing of the price standard: by the longest first words that fit, else a builder's shop."""
    name = item.name.lower()
    fitting = [(len(w), t) for t in TRADES for w in t.words if name.startswith(w)]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else TRADES[-1]


class Market:
    """The sellers of one city; each belongs to one kecamatan, workers to their kelurahan."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str, int], Seller] = {}
        self.trades: dict[int, Trade] = {}

    def seller(self, item: PriceItem, unit: Unit, place: Unit, rng: Random) -> Seller:
        """Somebody who sells a thing around an RT (`unit`); `place` is its kecamatan."""
        if item.pk not in self.trades:
            self.trades[item.pk] = trade_of(item)
        trade, n = self.trades[item.pk], rng.randrange(SHOPS_OF_A_TRADE)
        key = (trade.name, place.code, n)
        if key not in self.known:
            self.known[key] = _seller(trade, place, n)
        return self.known[key]

    def workers(self, item: PriceItem, place: Unit, group: int) -> str:
        """Who heads the people paid by the day for a work: neighbours, named after what they can do."""
        rng = Random(f"{item.name}-{place.code}-{group}")
        return f"{item.name} {rng.choice(FIRST)} {rng.choice(LAST)} dkk, {place.name}"


def _seller(trade: Trade, place: Unit, n: int) -> Seller:
    own = Random(f"{trade.name}-{place.code}")
    brand, lady = own.sample(BRANDS, SHOPS_OF_A_TRADE)[n], own.sample(LADIES, SHOPS_OF_A_TRADE)[n]
    person = [f"{own.choice(FIRST)} {own.choice(LAST)}" for _one in range(SHOPS_OF_A_TRADE)][n]
    name = trade.name.format(brand=brand, lady=lady, person=person)
    luck = Random(f"{name}-{place.code}").random()
    return Seller(f"{name} {place.name}", trade, luck < trade.npwp, luck < trade.pkp)


def nota_of(book: RuleBook, item: PriceItem, seller: Seller, amount: int) -> Nota:
    """What is told of a nota of a seller: its kind of purchase, and whether it charges PPN."""
    group = seller.trade.purchase
    kind = book.purchase_of.get(group)
    if kind is None or item.group not in kind.groups:
        group = book.usual_purchase(item.group) or book.usual_purchase("barang")
    return Nota(
        amount,
        group,
        seller=seller.trade.seller,
        npwp=seller.npwp,
        ppn=seller.pkp and amount > 500_000,
    )


def wages_of(book: RuleBook, item: PriceItem, price: int, days: int, crew: int) -> Nota:
    """The list of wages of so many days of work at a price, by a crew."""
    full, rest = divmod(days, crew)
    rows = [Wage(crew, price, full)] if full else []
    rows += [Wage(rest, price, 1)] if rest else []
    return Nota(price * days, book.usual_purchase(item.group), wages=tuple(rows))
