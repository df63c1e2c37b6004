"""What the pokmas of a told work buys: receipts, the taxes on them, and the SPJ of a payment."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from rembug.demo.buying import nota_of, wages_of
from rembug.demo.ends import Paused
from rembug.execution.evidence import TwinSign, same_shop
from rembug.execution.rules import Spent, receipt_flags, tax_flags
from rembug.execution.services.receipts import nota_columns
from rembug.execution.withholding import Nota, dues, fits, relevant, threshold

if TYPE_CHECKING:
    from rembug.demo.works import WorkStory

STAYS = "Untuk belanja berikutnya."
TWINS_WHY = "Dua nota berbeda dari toko yang sama pada hari yang sama, sudah dilihat aslinya."
TAX_WHY = "Toko sudah menyetor pajaknya, buktinya dilampirkan di SPJ."


class Trail:
    """Receipts of a city by day and amount, so that the same paper again is seen as the act sees it."""

    def __init__(self) -> None:
        self.by_sum: dict[tuple[date, int], list[tuple[int, str]]] = defaultdict(list)

    def twins(self, day: date, amount: int, supplier: str) -> list[int]:
        """Earlier receipts of the same shop, day and amount."""
        return [key for key, other in self.by_sum[day, amount] if same_shop(other, supplier)]

    def keep(self, key: int, day: date, amount: int, supplier: str) -> None:
        self.by_sum[day, amount].append((key, supplier))


def spend(story: WorkStory, row: dict) -> None:
    """Buy line by line until the money of this payment is used; the last one bargains a little."""
    row["spent"] = 0
    last = row is story.tranches[-1]
    for n, left in enumerate(story.line_left):
        line = story.f.wish.lines[n]
        room = min(left, story.cash - story.tax)
        if line["item"].group == "upah":
            # Wages are paid by whole days.
            room = room // line["price"] * line["price"]
        if room < min(line["price"], 1000):
            continue
        if not story.clock.step(1, 4):
            raise Paused
        amount = _bargained(story, line, room, last)
        story.line_left[n] -= room
        _buy(story, row, n, amount)
    if story.tax:
        _deposit(story)


def _bargained(story: WorkStory, line: dict, room: int, last: bool) -> int:
    """Prices in a market are never those of a plan, but for wages, and for a few that copy the plan."""
    if line["item"].group == "upah" or story.rng.random() < 0.1:
        return room
    if not last and story.rng.random() < 0.5:
        return room
    return room * story.rng.randint(955, 997) // 1000 // 500 * 500 or room


def _buy(story: WorkStory, row: dict, n: int, amount: int) -> None:
    line, rng = story.f.wish.lines[n], story.rng
    item, book, market = line["item"], story.y.book, story.y.market
    if item.group == "upah":
        crew, days = story.crew, amount // line["price"]
        workers = market.workers(item, story.group.unit, story.group.key)
        _receipt(story, row, n, workers, wages_of(book, item, line["price"], days, crew))
        return
    place = story.y.town.units[story.f.unit.above("kecamatan")]
    seller = market.seller(item, story.f.unit, place, rng)
    limit = threshold(book, story.clock.day, seller.trade.purchase)
    # Now and then a purchase is cut in two, so that both stay below the limit of the tax.
    if limit < amount < 2 * limit and rng.random() < 0.04:
        half = amount // 2 // 500 * 500
        _receipt(story, row, n, seller.name, nota_of(book, item, seller, half))
        amount -= half
    _receipt(story, row, n, seller.name, nota_of(book, item, seller, amount))


def _receipt(story: WorkStory, row: dict, n: int, supplier: str, nota: Nota) -> None:
    line, book, day = story.f.wish.lines[n], story.y.book, story.clock.day
    nota, amount = relevant(book, day, nota), nota.amount
    due = dues(book, day, nota)
    right = sum(one.amount for one in due)
    # A seller who pays the tax itself is believed with its proof; the verifier is told.
    paid_by_seller = bool(right) and nota.ppn and story.rng.random() < 0.03
    tax = 0 if paid_by_seller else right
    who = story.done = story.seat("pokmas_treasurer")
    file = story.files.receipt(story.rng)
    told = {
        "supplier": supplier,
        "what": line["item"].name,
        "paid_on": day,
        "amount": amount,
        "tax": tax,
        "tax_due": right,
        "tax_reason": "seller_paid" if paid_by_seller else "",
        "tax_why": TAX_WHY if paid_by_seller else "",
    }
    flags = _flags(story, n, told, nota)
    twins = story.y.trail.twins(day, amount, supplier)
    key = story.t.add(
        "receipt",
        work_id=story.key,
        tranche_id=row["id"],
        line_id=story.f.lines[n],
        file_id=file,
        by_id=who[0],
        flags=flags + ([str(TwinSign.WORDS)] if twins else []),
        **told,
        **nota_columns(nota, due),
    )
    for other in twins:
        story.t.add("twin", receipt_id=key, other_id=other, sign=str(TwinSign.WORDS))
    story.y.trail.keep(key, day, amount, supplier)
    row.setdefault("receipts", []).append(key)
    row["spent"] += amount
    row["twins"] = row.get("twins", 0) + len(twins)
    story.receipts.append({"line": story.f.lines[n], **told})
    detail = {"tranche": row["number"], "amount": amount, "tax": tax, "tax_due": right}
    detail |= {"twins": len(twins)} if twins else {}
    detail["evidence"] = [story.files.sha[file]]
    digest = story.record(
        who, "receipt.added", f"execution.receipt:{key}", why=told["tax_why"], detail=detail
    )
    lines = [("spent", amount, 0), ("cash_pokmas", 0, amount - tax)]
    if tax:
        lines.append(("tax_owed", 0, tax))
    story.book("spend", f"spend:{key}", lines, line["item"].name, digest)
    story.cash -= amount - tax
    story.tax += tax
    if tax:
        story.settle("receipt.added")


def _flags(story: WorkStory, n: int, told: dict, nota: Nota) -> list[str]:
    """The same questions the act asks of a receipt."""
    line, book = story.f.wish.lines[n], story.y.book
    others = [
        Spent(one["line"], one["supplier"], one["paid_on"], one["amount"]) for one in story.receipts
    ]
    flags = receipt_flags(
        Spent(story.f.lines[n], told["supplier"], told["paid_on"], told["amount"]),
        others,
        line_amount=line["amount"],
        threshold=threshold(book, told["paid_on"], nota.group),
    )
    fitting = fits(book, nota.group, line["item"].group)
    return flags + tax_flags(tax=told["tax"], due=told["tax_due"], fits=fitting)


def _deposit(story: WorkStory) -> None:
    if not story.clock.step(0, 2):
        raise Paused
    who = story.done = story.seat("pokmas_treasurer")
    ntpn, amount, day = f"{story.rng.getrandbits(64):016X}", story.tax, story.clock.day
    key = story.t.add("tax", work_id=story.key, amount=amount, ntpn=ntpn, paid_on=day, by_id=who[0])
    detail = {"amount": amount, "ntpn": ntpn}
    digest = story.record(who, "tax.deposited", f"execution.taxdeposit:{key}", detail=detail)
    memo = f"Setor pajak, NTPN {ntpn}"
    story.move("tax", f"tax:{key}", "cash_pokmas", "tax_owed", amount, memo, digest)
    story.cash -= amount
    story.tax = 0
    story.settle("tax.deposited")


def account(story: WorkStory, row: dict) -> None:
    """The SPJ: sent with all its receipts, accepted with its papers; what no receipt shows is told."""
    number, spent, thing = row["number"], row["spent"], f"execution.tranche:{row['id']}"
    detail = {"number": number, "receipts": len(row.get("receipts", ())), "spent": spent}
    story.go(
        "spj.submitted",
        "pokmas_treasurer",
        (1, 8),
        thing=thing,
        phase="spj",
        dated=True,
        detail=detail,
    )
    row |= {"state": "reported", "reported_on": story.clock.day}
    _receipts(story, row, "submitted")
    story.settle("spj.submitted")
    last, left = row is story.tranches[-1], story.cash - story.tax
    detail = {"number": number, "spent": spent, "papers": _papers(story, row)}
    if left:
        detail["left"] = left
    why = [TWINS_WHY if row.get("twins") else "", STAYS if left and not last else ""]
    digest = story.go(
        "spj.accepted",
        "ppk",
        (0, 5),
        thing=thing,
        dated=True,
        why=" ".join(filter(None, why)),
        detail=detail,
    )
    row |= {"state": "accounted", "accounted_on": story.clock.day}
    if left:
        row |= {"left_amount": left, "left_why": "" if last else STAYS}
    _receipts(story, row, "accepted")
    if spent:
        memo, key = f"SPJ pencairan {number} diterima", f"account:{row['id']}"
        story.move("account", key, "spent", "accounted", spent, memo, digest)
    story.settle("spj.accepted")


def _papers(story: WorkStory, row: dict) -> list[str]:
    """Codes of the papers this SPJ needs: proof of tax only with tax, a list of wages only with wages."""
    book, keys = story.y.book, set(row.get("receipts", ()))
    first = story.t.rows["receipt"].next - len(story.receipts)
    own = [one for n, one in enumerate(story.receipts) if first + n in keys]
    there = {""} | ({"tax"} if any(one["tax"] for one in own) else set())
    lines = {story.f.lines[n]: line for n, line in enumerate(story.f.wish.lines)}
    if any(lines[one["line"]]["item"].group == "upah" for one in own):
        there.add("wages")
    return sorted(code for code in book.required.spj if book.paper_of[code].when in there)


def _receipts(story: WorkStory, row: dict, state: str) -> None:
    for key in row.get("receipts", ()):
        story.t.rows["receipt"].change(key, state=state)
