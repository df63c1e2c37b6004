"""What the middleware lets in."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["kegiatan/?q=%00", "kegiatan/?wilayah=%00", "rt/%00/", "%00/"])
def test_a_nul_in_an_address_is_no_question_at_all(client, cast, address):
    """PostgreSQL refuses it inside any text, so it must not get as far as a query."""
    assert client.get(f"/{cast.city.slug}/{address}").status_code == 400
