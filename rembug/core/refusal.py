"""How an act says no: with every reason at once, in words the person understands."""

from __future__ import annotations


class Reason(str):
    """A reason about one thing that was told: `field` names it as the act does, so that a page can lead there."""

    field: str

    def __new__(cls, words: str, field: str) -> Reason:
        reason = super().__new__(cls, words)
        reason.field = field
        return reason


class Refused(Exception):
    """An act cannot be done now. `reasons` are full sentences that say what to do next."""

    def __init__(self, reasons: list[str] | str):
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        super().__init__("; ".join(str(reason) for reason in self.reasons))


def refuse_if(reasons: list[str]) -> None:
    """Raise Refused when there is at least one reason."""
    if reasons:
        raise Refused(reasons)
