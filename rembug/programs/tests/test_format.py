"""The page that tells how to make a city's folder names every setting, role, gate and file."""

from dataclasses import fields

import pytest

from rembug.people.rules import ROLE_SEATS
from rembug.programs import rulebook
from rembug.programs.pack import reading
from rembug.programs.rulebook import GATES, ICONS, PROPOSAL_STEPS, RuleBook
from rembug.programs.tests.conftest import FILES, ROOT

PAGE = (ROOT / "docs" / "format-kota.md").read_text()


def parts(cls: type) -> set[type]:
    """A dataclass and all it is made of."""
    inner = {each.metadata["of"] for each in fields(cls)} - {None}
    return {cls}.union(*(parts(part) for part in inner))


# In one order on every test worker.
ALL = sorted(
    {*parts(RuleBook), *parts(reading.Identity), reading.ProgramHead, reading.RuleSetHead},
    key=lambda cls: cls.__name__,
)


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_every_setting_is_described(cls):
    missing = [
        each.name
        for each in fields(cls)
        if f"| `{each.name}` |" not in PAGE or str(each.metadata["meaning"]) not in PAGE
    ]
    assert not missing


def test_every_role_gate_desk_icon_and_file_is_named():
    names = [*ROLE_SEATS, *GATES, *PROPOSAL_STEPS, *ICONS]
    names += [name for name in FILES if "/" not in name]
    assert [name for name in names if f"`{name}`" not in PAGE] == []


def test_the_rulebook_has_no_part_without_a_reader():
    dataclasses = {
        each for each in vars(rulebook).values() if hasattr(each, "__dataclass_fields__")
    }
    assert dataclasses == parts(RuleBook)
