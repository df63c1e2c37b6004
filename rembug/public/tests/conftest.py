import pytest

from rembug.public.tests.stage import set_stage


@pytest.fixture
def staged(cast):
    return set_stage(cast)


@pytest.fixture
def page(client):
    """The words of a page of the test city, and that it opened."""

    def read(path: str, status: int = 200, **told) -> str:
        answer = client.get(f"/uji/{path}", **told)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.content.decode()

    return read
