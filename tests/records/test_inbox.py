"""The list of conversations: filtered, searched, and gone through a page at a time without losing or doubling one."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import inbox, schema
from records.engine import transaction
from records.inbox import Wanted
from records.models import FLAGS, Conversation
from tests.records.told import BEGAN, tell_story

pytestmark = pytest.mark.usefixtures("key")


def add(url: str, *rows: dict[str, object]) -> None:
    with transaction(url) as session:
        for number, row in enumerate(rows, 1):
            told = {"id": number, "sender_id": f"web-{number}", "channel": "web", "messages": 1, "updated_at": BEGAN}
            session.add(Conversation(**{**told, **row}))


def numbers(url: str, wanted: Wanted, limit: int = 50) -> list[int]:
    return [line.id for line in inbox.page(wanted, limit, url=url).lines]


def all_pages(url: str, wanted: Wanted, limit: int) -> list[int]:
    found: list[int] = []
    key = None
    for _ in range(100):
        page = inbox.page(Wanted(**{**wanted.__dict__, "after": key}), limit, url=url)
        found += [line.id for line in page.lines]
        key = page.next
        if key is None:
            return found
    raise AssertionError("the list has no end")


def test_the_nearest_date_comes_first_and_no_date_last(url: str) -> None:
    add(url, {}, {"next_date": date(2026, 12, 24)}, {"next_date": date(2026, 12, 1)})
    assert numbers(url, Wanted()) == [3, 2, 1]


def test_the_newest_comes_first_when_wanted(url: str) -> None:
    add(url, {}, {"updated_at": BEGAN + timedelta(hours=1)}, {"updated_at": BEGAN - timedelta(hours=1)})
    assert numbers(url, Wanted(order="newest")) == [2, 1, 3]


def test_what_nobody_wrote_in_or_what_was_erased_is_not_in_the_list(url: str) -> None:
    add(url, {"messages": 0}, {"purged_at": BEGAN}, {})
    assert numbers(url, Wanted()) == [3]


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        ({"status": "done"}, Wanted(status="done")),
        ({"route": "cdi_imr"}, Wanted(route="cdi_imr")),
        ({"channel": "sms"}, Wanted(channel="sms")),
        ({"language": "es"}, Wanted(language="es")),
        ({"assigned_to": 7}, Wanted(assigned_to=7)),
        *(({flag: True}, Wanted(flag=flag)) for flag in FLAGS),
    ],
)
def test_each_filter_keeps_what_fits(url: str, row: dict[str, object], wanted: Wanted) -> None:
    add(url, {}, row, {})
    assert numbers(url, wanted) == [2]
    assert inbox.count(wanted, url=url) == 1


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("kaiser", True),
        ("KAISER mri", True),
        ("den", True),
        ("october 5th", True),
        ("aetna", False),
        ("kaiser aetna", False),
        ("%", True),
        ("'; DROP TABLE conversations; --", False),
        ("Käiser", True),
        ("  ", True),
    ],
)
def test_words_that_a_person_wrote_are_found(url: str, words: str, found: bool) -> None:
    number = tell_story(url)
    assert numbers(url, Wanted(words=words)) == ([number] if found else [])


DAYS = st.one_of(st.none(), st.dates(date(2026, 11, 23), date(2026, 11, 27)))
ROWS = st.lists(st.tuples(DAYS, st.integers(0, 3)), max_size=12)


@given(rows=ROWS, limit=st.integers(1, 5), order=st.sampled_from(["date", "newest"]))
def test_pages_one_after_the_other_are_the_whole_list(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[date | None, int]], limit: int, order: str
) -> None:
    url = f"sqlite:///{tmp_path_factory.mktemp('pages') / 'fresh.sqlite3'}"
    schema.upgrade(url)
    add(url, *({"next_date": day, "updated_at": BEGAN + timedelta(minutes=at)} for day, at in rows))
    wanted = Wanted(order=order)  # type: ignore[arg-type]
    assert all_pages(url, wanted, limit) == numbers(url, wanted, 100)
    assert sorted(numbers(url, wanted, 100)) == list(range(1, len(rows) + 1))


def test_neighbours_are_those_of_the_list(url: str) -> None:
    add(url, {}, {"next_date": date(2026, 12, 24)}, {"next_date": date(2026, 12, 1)}, {})
    listed = numbers(url, Wanted())
    for at, number in enumerate(listed):
        before, after = inbox.neighbours(number, Wanted(), url=url)
        assert before == (listed[at - 1] if at else None)
        assert after == (listed[at + 1] if at + 1 < len(listed) else None)


def test_what_staff_do_is_no_sign_of_life_of_the_person(url: str) -> None:
    add(url, {})
    assert inbox.set_status(1, "done", by="ana", url=url)
    assert inbox.assign(1, 3, "rui", by="ana", url=url)
    line = inbox.line(1, url=url)
    assert line
    assert (line.status, line.assigned_to, line.updated_at) == ("done", 3, datetime.fromisoformat(BEGAN.isoformat()))


def test_a_conversation_that_is_not_there_cannot_be_changed(url: str) -> None:
    assert not inbox.set_status(99, "done", by="ana", url=url)
    assert inbox.neighbours(99, Wanted(), url=url) == (None, None)
