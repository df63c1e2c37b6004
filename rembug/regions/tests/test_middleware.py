"""What the middleware lets in."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("kegiatan/?q=%00", 200),
        ("kegiatan/?q=a%00b&wilayah=%00&bidang=%00", 200),
        ("peta/?wilayah=%00", 200),
        ("rt/%00/", 404),
        ("%00/", 404),
    ],
)
def test_a_nul_in_an_address_breaks_no_page(client, cast, address, status):
    """PostgreSQL refuses it inside any text, so it must not get as far as a query."""
    assert client.get(f"/{cast.city.slug}/{address}").status_code == status
