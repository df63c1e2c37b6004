"""What stands on a page is found by typing it, however it is typed."""

import pytest

from rembug.core.folding import folded, tokens, words_of


def found(question: str, text: str) -> bool:
    """As the database answers: every word of the question stands in what was kept."""
    kept = folded(text)
    for word in words_of(question):
        whole = len(word) < 2 or any(sign.isdigit() for sign in word)
        asked = f" {word} " if whole else f" {word}" if len(word) == 2 else word
        if asked not in kept:
            return False
    return True


@pytest.mark.fault("report-10", "item-8")
@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Perbaikan musala Nurul Qur’an", "Nurul Qur'an"),
        ("Perbaikan musala Nurul Qur’an", "nurul quran"),
        ("Perbaikan musala Nurul Quran", "Qur`an"),
        ("Jum'at bersih", "Jum’at bersih"),
        ("Jum’at bersih", "jumat"),
        ("Café baca RT", "café"),
        ("Café baca RT", "CAFE"),
        ("Paving Gang Melati 2", "paving, melati"),
        ("Paving Gang Melati 2", "gg melati"),
        ("Paving Gg. Melati 2", "gang melati 02"),
        ("Talud Jl. Anggrek", "jalan anggrek"),
        ("RT-03 drainase", "RT03 drainase"),
        ("Drainase RT03", "rt 3"),
        ("Drainase RT 3", "RT-003"),
        ("Balai RW V", "rw 5"),
        ("Balai RW 05", "RW v"),
        ("Pos kamling RT 3", "rt tiga"),
        ("Pos kamling RT 12", "rt dua belas"),
        ("Pos kamling RT 21", "RT dua puluh satu"),
        ("Semen portland, 40 kg", "semen 40kg"),
    ],
)
def test_found_as_typed(text, question):
    assert found(question, text)


@pytest.mark.fault("screen-A18")
@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Paving RT 13", "rt 3"),
        ("Paving RT 03 RW 10", "rw 1"),
        ("Balai warga", "a"),
        ("Balai warga", "rga la"),
        ("Kursi 40 buah", "4"),
    ],
)
def test_no_noise(text, question):
    assert not found(question, text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("rt 03/05", ["rt", "3", "rw", "5"]),
        ("RT.03 / RW.05 Kel. Ngronggo", ["rt", "3", "rw", "5", "kelurahan", "ngronggo"]),
        ("rt xiv", ["rt", "14"]),
        ("rw ix", ["rw", "9"]),
        # Behind anything else a letter is a letter.
        ("blok v", ["blok", "v"]),
        ("000", ["0"]),
        ("", []),
    ],
)
def test_tokens(text, expected):
    assert tokens(text) == expected


def test_kept_words_fit_their_column():
    kept = folded("kata " * 5, " ".join(f"w{n}" for n in range(900)), longest=380)
    assert len(kept) <= 380 and kept.startswith(" kata ") and kept.endswith(" ")
    assert folded("", "  ") == ""
