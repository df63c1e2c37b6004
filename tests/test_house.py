"""The house stands: floors, rooms, data that can be distributed, guards in the database, documents."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import get_commands
from django.db import connection
from django.db.models import ForeignKey, ManyToManyField, UniqueConstraint

from rembug.people.rules import ROLE_SEATS
from rembug.regions.models import City
from rembug.regions.scope import CityForeignKey, CityLink, CityModel

ROOT = Path(__file__).resolve().parent.parent
CODE = ROOT / "rembug"
MODELS = [m for m in apps.get_models() if m.__module__.startswith("rembug.")]
CITY_MODELS = [m for m in MODELS if issubclass(m, CityModel)]


def sources(pattern: str = "*.py") -> list[Path]:
    """Our own code without tests and migrations."""
    return [
        path
        for path in CODE.rglob(pattern)
        if not {"tests", "migrations", "build"} & set(path.relative_to(CODE).parts)
    ]


# ---- floors and rooms ---------------------------------------------------------------------------


def test_imports_go_down_the_stairs(monkeypatch, capsys):
    from importlinter.cli import lint_imports

    monkeypatch.chdir(ROOT)
    assert lint_imports() == 0, capsys.readouterr().out


def test_foreign_keys_point_down():
    floors = "demo public integrity execution planning programs ledger people files regions core"
    height = {app: n for n, app in enumerate(reversed(floors.split()))}
    for model in MODELS:
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey):
                target = field.remote_field.model._meta.app_label
                assert height[model._meta.app_label] >= height[target], f"{model}.{field.name}"


# What rules.py became too long for is just as pure.
PURE = [
    *sources("rules.py"),
    *sources("execution/seats.py"),
    *sources("execution/gates.py"),
    *sources("execution/withholding.py"),
    *sources("execution/days.py"),
    *sources("execution/endings.py"),
    *sources("execution/volumes.py"),
]


@pytest.mark.parametrize("path", PURE, ids=lambda p: f"{p.parent.name}.{p.stem}")
def test_rules_know_no_table(path):
    """Plain values in, reasons out: `rules.py` imports no models module but the names of choices."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith(".models"):
            allowed = {"TextChoices", "UnitKind", "CODE_DEPTH", "reaches", "IntegerChoices"}
            assert {alias.name for alias in node.names} <= allowed, path


def test_no_room_is_called_utils():
    names = {path.stem for path in sources()}
    assert not names & {"utils", "helpers", "managers", "handlers", "base", "common", "misc"}


def test_every_app_says_what_it_owns():
    for config in apps.get_app_configs():
        if config.name.startswith("rembug."):
            tree = ast.parse((Path(config.path) / "__init__.py").read_text())
            assert ast.get_docstring(tree), config.name


def test_files_stay_readable():
    long = {str(p.relative_to(ROOT)): len(p.read_text().splitlines()) for p in sources()}
    assert {name: lines for name, lines in long.items() if lines > 600} == {}


def test_no_city_and_no_programme_is_named_in_code():
    names = re.compile(r"\b(kediri|bontang|prodamas|prolita)\b", re.IGNORECASE)
    for path in [*sources(), *sources("*.html"), *(ROOT / "frontend").rglob("*.[ct]ss*")]:
        assert not names.search(path.read_text()), path


def test_nothing_is_left_open_in_code():
    open_ends = re.compile(r"TODO|FIXME|NotImplemented|XXX")
    for path in [*sources(), *sources("*.html")]:
        assert not open_ends.search(path.read_text()), path


def test_public_functions_say_what_they_mean():
    missing = []
    for path in sources():
        if path.name not in ("rules.py", "acts.py", "desk.py", "authority.py") and (
            "services" not in str(path)
        ):
            continue
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                if not ast.get_docstring(node) and len(node.body) > 3:
                    missing.append(f"{path.relative_to(ROOT)}:{node.name}")
    assert missing == []


# ---- data that can be distributed ---------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_table_belongs_to_a_city(model):
    assert model is City or issubclass(model, CityModel)


@pytest.mark.parametrize("model", CITY_MODELS, ids=lambda m: m._meta.label)
def test_links_inside_a_city_match_the_city(model):
    links = {c.column for c in model._meta.constraints if isinstance(c, CityLink)}
    for field in model._meta.concrete_fields:
        if isinstance(field, ForeignKey) and issubclass(field.remote_field.model, CityModel):
            assert isinstance(field, CityForeignKey), field
            assert field.column in links, f"{field} has no composite key"
    assert not [f for f in model._meta.get_fields() if isinstance(f, ManyToManyField)]


@pytest.mark.parametrize("model", CITY_MODELS, ids=lambda m: m._meta.label)
def test_unique_and_index_begin_with_the_city(model):
    for constraint in model._meta.constraints:
        if isinstance(constraint, UniqueConstraint):
            fields = constraint.fields or [one.name for one in constraint.expressions]
            assert fields[0] == "city", constraint.name
    for index in model._meta.indexes:
        assert index.fields[0] == "city", index.name
    unique = [f.name for f in model._meta.concrete_fields if f.unique and not f.primary_key]
    assert unique == []


# ---- guards in the database ----------------------------------------------------------------------

GUARDED = {"people_act", "ledger_entry", "ledger_entryline"}


def test_what_is_written_once_is_guarded_by_the_database(db):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT DISTINCT tbl_name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute("SELECT DISTINCT event_object_table FROM information_schema.triggers")
        assert {row[0] for row in cursor.fetchall()} >= GUARDED


# ---- documents -------------------------------------------------------------------------------------


def documents() -> str:
    return "\n".join(path.read_text() for path in (ROOT / "docs").rglob("*.md"))


def test_every_command_is_documented():
    ours = [name for name, app in get_commands().items() if app.startswith("rembug.")]
    text = (ROOT / "docs" / "operations.md").read_text()
    assert [n for n in ours if f"rembug {n.replace('_', '-')}" not in text] == []


def test_every_setting_is_documented():
    text = (ROOT / "docs" / "operations.md").read_text()
    used = set(re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', (CODE / "settings.py").read_text()))
    assert used - set(re.findall(r"`([A-Z_]+)`", text)) == set()


def test_every_role_has_its_manual():
    text = "\n".join(path.read_text() for path in (ROOT / "docs" / "panduan").glob("*.md"))
    assert [role for role in ROLE_SEATS if f"`{role}`" not in text] == []


def test_every_rule_of_a_book_is_documented():
    from rembug.programs.rulebook import RuleBook

    text = (ROOT / "docs" / "format-kota.md").read_text()
    assert [name for name in RuleBook.__dataclass_fields__ if f"`{name}`" not in text] == []


def test_the_house_is_described_as_it_stands():
    text = (ROOT / "docs" / "house.md").read_text()
    for config in apps.get_app_configs():
        if config.name.startswith("rembug."):
            assert f"{config.label}/" in text, config.label


def test_documents_link_to_things_that_exist():
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text()):
            assert (path.parent / target).exists(), f"{path.name}: {target}"
