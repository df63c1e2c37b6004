"""What residents may write about an activity, how long and how often. Plain values in, reasons out; no tables."""

from __future__ import annotations

from django.utils.translation import gettext

from rembug.core.privacy import entry_faults
from rembug.core.refusal import Reason

# Of one browser; and of one network, which all telephones of a carrier in a kampung may share.
COMMENTS_PER_HOUR = 5
COMMENTS_PER_NETWORK = 120
LONGEST_COMMENT = 1000


def comment_faults(
    text: str, name: str, sent_last_hour: int, around_last_hour: int = 0
) -> list[str]:
    """Every reason why a resident's comment cannot be taken."""
    faults = []
    if len(text.strip()) < 3:
        faults.append(gettext("Tulis tanggapan Anda."))
    if len(text) > LONGEST_COMMENT:
        faults.append(gettext("Paling panjang %d huruf. Ringkas sedikit.") % LONGEST_COMMENT)
    if len(name) > 60:
        faults.append(gettext("Nama paling panjang 60 huruf, atau kosongkan."))
    for field, said in (("text", text), ("name", name)):
        faults += [Reason(words, field) for words in entry_faults(said, everybody=True)]
    if sent_last_hour >= COMMENTS_PER_HOUR:
        faults.append(
            gettext("Sudah %d tanggapan dalam satu jam dari ponsel ini. Coba lagi nanti.")
            % COMMENTS_PER_HOUR
        )
    elif around_last_hour >= COMMENTS_PER_NETWORK:
        faults.append(
            gettext("Terlalu banyak tanggapan dari jaringan ini. Coba lagi satu jam lagi.")
        )
    return faults
