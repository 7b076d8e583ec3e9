"""How often one may write: counted by conversation and by network, each minute for itself."""

from __future__ import annotations

import pytest

from channels.rates import Rates, address_of
from channels.refusal import RefusedError
from settings import Settings
from tests.channels.asking import asked


class Clock:
    """A clock that a test moves on."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def rates(clock: Clock | None = None, session: int = 0, address: int = 0, mint: int = 0) -> Rates:
    return Rates(Settings(rate_session=session, rate_address=address, rate_mint=mint), clock or Clock())


async def test_a_conversation_may_write_so_often_in_a_minute_and_is_told_when_it_may_again() -> None:
    counted = rates(session=3)
    for _ in range(3):
        await counted.request(asked(), "web-1")
    with pytest.raises(RefusedError) as refused:
        await counted.request(asked(), "web-1")
    await counted.request(asked(), "web-2")
    assert (refused.value.status, refused.value.code) == (429, "too_often")
    assert refused.value.headers() == {"Retry-After": "60"}


async def test_after_a_minute_one_may_write_again(clock: Clock) -> None:
    counted = rates(clock, session=1)
    await counted.request(asked(), "web-1")
    clock.now += 60
    await counted.request(asked(), "web-1")


async def test_what_was_refused_does_not_make_the_wait_longer(clock: Clock) -> None:
    counted = rates(clock, session=1)
    await counted.request(asked(), "web-1")
    for _ in range(5):
        clock.now += 10
        with pytest.raises(RefusedError):
            await counted.request(asked(), "web-1")
    clock.now += 10
    await counted.request(asked(), "web-1")


async def test_many_conversations_of_one_network_are_counted_together() -> None:
    counted = rates(address=2)
    await counted.request(asked("192.0.2.1"), "web-1")
    await counted.request(asked("192.0.2.1"), "web-2")
    await counted.request(asked("192.0.2.9"), "web-3")
    with pytest.raises(RefusedError):
        await counted.request(asked("192.0.2.1"), "web-4")


async def test_new_conversations_have_a_limit_of_their_own() -> None:
    counted = rates(mint=1)
    await counted.mint(asked())
    await counted.request(asked(), "web-1")
    with pytest.raises(RefusedError):
        await counted.mint(asked())


async def test_nought_is_no_limit() -> None:
    counted = rates()
    for _ in range(200):
        await counted.request(asked(), "web-1")
        await counted.mint(asked())


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("192.0.2.1", None, "192.0.2.1"),
        ("127.0.0.1", "198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "10.9.8.7, 198.51.100.7", "198.51.100.7"),
        ("127.0.0.1", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("127.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("127.0.0.1", "nonsense", "127.0.0.1"),
        ("127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_a_network_is_an_address_or_the_whole_of_a_household(peer: str, forwarded: str | None, network: str) -> None:
    headers = {} if forwarded is None else {"x_forwarded_for": forwarded}
    assert address_of(asked(peer, **headers)) == network


async def test_a_wait_is_told_in_whole_seconds_and_never_too_short(clock: Clock) -> None:
    counted = rates(clock, session=1)
    await counted.request(asked(), "web-1")
    clock.now += 59.5
    with pytest.raises(RefusedError) as refused:
        await counted.request(asked(), "web-1")
    assert refused.value.headers() == {"Retry-After": "1"}
