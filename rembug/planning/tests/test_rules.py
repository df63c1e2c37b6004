"""What makes meetings, cost lines and proposals acceptable, by table."""

import pytest

from rembug.core.bounds import MOST_COST
from rembug.core.numbers import volume
from rembug.planning.rules import (
    Attendee,
    CostLine,
    Point,
    attendance_faults,
    attendees,
    conflict,
    decision_faults,
    digest,
    line_amount,
    line_faults,
    point_faults,
    quorum_advice,
    quote_count,
    show_volume,
    stale,
    submit_faults,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Budi\nSiti", [("Budi", ""), ("Siti", "")]),
        ("1\tBudi Santoso\tL\n2\tSiti Aminah\tP", [("Budi Santoso", "m"), ("Siti Aminah", "f")]),
        ("Budi (L), Siti (P); Tono", [("Budi", "m"), ("Siti", "f"), ("Tono", "")]),
        ("Siti Aminah, S.Pd, P", [("Siti Aminah, S.Pd", "f")]),
        ("3. Joko, laki-laki", [("Joko", "m")]),
        (" \n\t\n; ,", []),
        ("L\nBudi", [("L", ""), ("Budi", "")]),
    ],
)
def test_names_are_read_as_people_paste_them(text, expected):
    assert [(one.name, one.sex) for one in attendees(text)] == expected


def test_a_very_long_name_is_cut_not_fatal():
    assert len(attendees("x" * 500)[0].name) == 120


THREE = [Attendee("Budi", "m"), Attendee("Tono", "m"), Attendee("Siti", "f")]


@pytest.mark.parametrize(
    ("men", "women", "names", "reason", "faults"),
    [
        (0, 0, [], "", 1),
        (2, 1, [], "", 0),
        (2, 1, THREE, "", 0),
        (3, 1, THREE, "", 1),
        (3, 1, THREE, "Satu orang pulang lebih dulu", 0),
        (1, 2, THREE, "", 1),
        (1, 2, [Attendee("Budi"), Attendee("Tono"), Attendee("Siti")], "", 0),
    ],
)
def test_counts_and_names_agree_or_are_explained(men, women, names, reason, faults):
    assert len(attendance_faults(men, women, names, reason)) == faults


@pytest.mark.parametrize(
    ("points", "faults"),
    [
        ([], 1),
        ([Point("infra", "Paving", "decided")], 0),
        ([Point("infra", "Paving", "deferred")], 1),
        ([Point("infra", "Paving", "deferred", reason="Tunggu izin")], 0),
        ([Point("", " ", "maybe", cost=-1)], 4),
        ([Point("infra", "", "decided"), Point("other", "x", "decided")], 2),
    ],
)
def test_every_point_is_told_what_it_lacks(points, faults):
    assert len(point_faults(points, {"infra", "social"})) == faults


@pytest.mark.parametrize(
    ("text", "milli"),
    [("12", 12_000), ("2,5", 2_500), ("1.600", 1_600_000), ("0,125", 125), ("1.234,5", 1_234_500)],
)
def test_volumes_are_read_the_indonesian_way(text, milli):
    assert volume(text) == milli
    assert volume(show_volume(milli)) == milli


@pytest.mark.parametrize(
    "text", ["", "1.5", "-3", "0", "0,000", "abc", "1e5", "٣", "0,0001", "9" * 16]
)
def test_a_volume_that_is_none_is_refused_in_words(text):
    with pytest.raises(ValueError, match=r"[a-z]+"):
        volume(text)


@pytest.mark.parametrize(
    ("milli", "price", "amount"),
    [
        (1_000, 500, 500),
        (1_500, 333, 500),
        (125, 1, 0),
        # Half a rupiah goes up, a thousandth less goes down.
        (500, 1, 1),
        (499, 1, 0),
        (1_500, 1, 2),
        (1_499, 1, 1),
        (400_000, 80_000, 32_000_000),
    ],
)
def test_amounts_are_whole_rupiah(milli, price, amount):
    assert line_amount(milli, price) == amount


@pytest.mark.parametrize(
    ("milli", "text"),
    [(1_000, "1"), (1_500, "1,5"), (1_050, "1,05"), (1_005, "1,005"), (10_000_000, "10.000")],
)
def test_a_volume_is_shown_without_empty_decimals(milli, text):
    assert show_volume(milli) == text


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Toko A 150.000; Toko B 155.000\nToko C 149.000", 3), ("belum ada; nanti", 0)],
)
def test_quotes_are_counted_by_their_figures(text, count):
    assert quote_count(text) == count


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({}, 0),
        ({"name": ""}, 1),
        ({"measure": " "}, 1),
        ({"group": "lain"}, 1),
        ({"volume": 0, "price": 0}, 2),
        ({"price": 10**13}, 1),
        ({"volume": 1, "price": 1}, 1),
        # Rp100 is the least, and the largest sum the books hold is the most.
        ({"volume": 1_000, "price": 100}, 0),
        ({"volume": 1_000, "price": 99}, 1),
        ({"volume": 1_000, "price": MOST_COST}, 0),
        ({"volume": 1_000, "price": MOST_COST + 1}, 1),
        ({"volume": 0}, 1),
        ({"price": 0}, 1),
    ],
)
def test_lines_are_told_what_they_lack(change, faults):
    sound = {"name": "Semen", "measure": "zak", "group": "bahan", "volume": 900_000, "price": 5}
    line = CostLine(**{**sound, **change})
    assert len(line_faults([line], ["bahan", "upah"])) == faults


SOUND = {"editable": True, "minutes_signed": True, "activities": 1, "total": 5, "available": 5}


@pytest.mark.parametrize(
    ("change", "count"),
    [
        ({}, 0),
        ({"editable": False, "minutes_signed": False}, 1),
        ({"minutes_signed": False}, 1),
        ({"minutes_signed": False, "meeting_held": False}, 1),
        ({"activities": 0}, 1),
        ({"total": 6}, 1),
        ({"empty": ["A"], "off_list": ["A", "B"], "blocking": ["c"], "minutes_signed": False}, 5),
    ],
)
def test_every_reason_against_submitting_comes_at_once(change, count):
    assert len(submit_faults(**SOUND | change)) == count


@pytest.mark.parametrize(
    ("decision", "why", "count"),
    [
        ("pass", "", 0),
        ("return", "", 1),
        ("return", "kurang", 1),
        ("return", "Volume paving tidak cocok dengan gambar.", 0),
        ("reject", "   ", 1),
        ("maybe", "x" * 20, 1),
    ],
)
def test_a_return_says_why(decision, why, count):
    assert len(decision_faults(decision, why)) == count


RT = "99.71.01.1001.001.001"


@pytest.mark.parametrize(
    ("offices", "blocked"),
    [
        ([], False),
        ([("rw_head", "99.71.01.1001.001", 0)], False),
        ([("rt_secretary", RT, 0)], True),
        ([("rt_head", RT[:-1] + "2", 0)], False),
        ([("pokmas_head", "99.71.01.1001", 7)], True),
        ([("pokmas_head", "99.71.01.1002", 7)], False),
        # A code that merely begins with the same digits is another place.
        ([("pokmas_head", "99.71.01.100", 7)], False),
    ],
)
def test_nobody_judges_their_own_board_or_pokmas(offices, blocked):
    assert bool(conflict(offices, RT)) is blocked


def test_a_stale_page_is_known_by_its_version():
    assert not stale(None, 4) and not stale(4, 4) and stale(3, 4)


def test_a_digest_does_not_depend_on_the_order_of_keys():
    assert digest({"a": 1, "b": [2]}) == digest({"b": [2], "a": 1}) != digest({"a": 1, "b": [3]})


@pytest.mark.parametrize(
    ("present", "households", "percent", "said"),
    [(30, 60, 50, False), (29, 60, 50, True), (0, 60, 0, False), (31, 61, 50, False)],
)
def test_a_thin_meeting_is_advice(present, households, percent, said):
    assert bool(quorum_advice(present, households, percent)) is said
