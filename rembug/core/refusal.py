"""How an act says no: with every reason at once, in words the person understands."""


class Refused(Exception):
    """An act cannot be done now. `reasons` are full sentences that say what to do next.

    `fields` optionally maps a form field name to the reasons that belong to it.
    """

    def __init__(self, reasons: list[str] | str, fields: dict[str, list[str]] | None = None):
        self.reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        self.fields = fields or {}
        super().__init__("; ".join(str(reason) for reason in self.reasons))


def refuse_if(reasons: list[str]) -> None:
    """Raise Refused when there is at least one reason."""
    if reasons:
        raise Refused(reasons)
