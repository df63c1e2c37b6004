"""Fixtures for all tests: where real data lies, a small city, and the people in it."""

import os
from pathlib import Path

import pytest

pytest_plugins = ["tests.cast"]
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
ROOT = Path(__file__).resolve().parent


def real_data() -> Path | None:
    """The folder of real data, when somebody has put it beside the project."""
    for folder in (os.environ.get("REMBUG_DATA"), ROOT.parent / "shared" / "data"):
        if folder and Path(folder).is_dir():
            return Path(folder)
    return None


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Real data, or the test is skipped with a word."""
    folder = real_data()
    if folder is None:
        pytest.skip("data nyata tidak ada di sini (REMBUG_DATA)")
    return folder


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    """Every test writes its files into a folder of its own."""
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _plain_hasher(settings):
    """Argon2 is slow on purpose; tests of the login itself set it back."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _own_language(settings):
    """A page asked for in English leaves its language behind for the next test."""
    from django.utils import translation

    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture(autouse=True)
def _empty_cache():
    from django.core.cache import caches

    for name in caches:
        caches[name].clear()


@pytest.fixture(scope="session", autouse=True)
def _emptied_past_the_guards():
    """After a test with real transactions Django empties every table. PostgreSQL truncates, which
    row triggers do not see; SQLite deletes, so there the guards are taken down for that moment."""
    from django.db.backends.sqlite3.base import DatabaseOperations

    plain = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **options):
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            guards = cursor.fetchall()
        lift = [f"DROP TRIGGER {name}" for name, _sql in guards]
        return [*lift, *plain(self, style, tables, **options), *(sql for _name, sql in guards)]

    DatabaseOperations.sql_flush = sql_flush
    yield
    DatabaseOperations.sql_flush = plain


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request):
    """Several checkouts may test on one server: REMBUG_TEST_DB names the test database."""
    from django.conf import settings as configured

    name = os.environ.get("REMBUG_TEST_DB")
    if name and "postgresql" in configured.DATABASES["default"]["ENGINE"]:
        configured.DATABASES["default"].setdefault("TEST", {})["NAME"] = name
    if worker := getattr(request.config, "workerinput", None):
        from django.test.utils import get_unique_databases_and_mirrors  # noqa: F401
        from pytest_django.fixtures import _set_suffix_to_test_databases

        _set_suffix_to_test_databases(suffix=worker["workerid"])


def pytest_collection_modifyitems(config, items):
    """Tests marked `postgres` say why they are skipped on SQLite."""
    from django.conf import settings as configured

    if "postgresql" in configured.DATABASES["default"]["ENGINE"]:
        return
    skip = pytest.mark.skip(reason="perlu PostgreSQL (DATABASE_URL)")
    for item in items:
        if "postgres" in item.keywords:
            item.add_marker(skip)
