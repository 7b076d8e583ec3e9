"""Short links: they lead to one conversation for a time, and the database gives nobody a link."""

from __future__ import annotations

from datetime import timedelta

import pytest

import settings
from records import links, short_links, texters
from records.engine import transaction
from records.models import now
from settings import Settings

pytestmark = pytest.mark.usefixtures("key")


@pytest.fixture
def current(url: str) -> Settings:
    return settings.settings().model_copy(update={"database_url": url})


def test_a_code_leads_to_its_conversation(url: str, current: Settings) -> None:
    code = short_links.mint("sms-1", url=url)
    assert short_links.opened(code, current=current).sender_id == "sms-1"
    assert short_links.path(code) == f"/p/{code}"
    assert len(code) == 12


def test_a_code_is_good_for_the_hours_of_the_settings(url: str, current: Settings) -> None:
    code = short_links.mint("sms-1", url=url)
    almost, over = (now() + timedelta(hours=current.link_hours, minutes=minutes) for minutes in (-1, 1))
    assert short_links.opened(code, at=almost, current=current)
    with pytest.raises(links.BadLink, match="too old"):
        short_links.opened(code, at=over, current=current)


@pytest.mark.parametrize("code", ["", "x", "bcdfghjkmnpq", "../../../etc", "%", "b" * 500, "BCDFGHJKLMNP\n"])
def test_any_other_code_leads_nowhere(code: str, current: Settings) -> None:
    with pytest.raises(links.BadLink):
        short_links.opened(code, current=current)


def test_the_database_has_no_code(url: str) -> None:
    code = short_links.mint("sms-1", url=url)
    with transaction(url) as session:
        assert code not in str(session.execute("select * from short_links").all())


def test_old_ones_go_and_so_do_those_of_an_erased_conversation(url: str, current: Settings) -> None:
    kept, mine = (short_links.mint(one, url=url) for one in ("sms-1", "sms-2"))
    short_links.mint("sms-1", at=now() - timedelta(hours=current.link_hours + 1), url=url)
    assert short_links.drop_old(now(), current=current) == 1
    texters.erase("sms-2", url=url)
    assert short_links.opened(kept, current=current)
    with pytest.raises(links.BadLink):
        short_links.opened(mine, current=current)
