"""One turn of a conversation at a time: in one process, in several that share Redis, and while Redis is away."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import read_endpoint_config

import settings
from channels import locks
from channels.locks import ConversationLocks
from channels.rates import Rates
from channels.refusal import RefusedError
from cli import services
from settings import ROOT, Settings
from tests.channels.asking import asked

needs_redis = pytest.mark.skipif("redis-server" in services.lacking(), reason="Redis is not installed")


@pytest.fixture
def redis(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[services.Service]:
    with services.redis(tmp_path) as service:
        monkeypatch.setenv("IMR_REDIS_URL", f"redis://127.0.0.1:{service.port}/0")
        monkeypatch.setenv("IMR_SECRET_KEY", "k" * 32)
        settings.clear_settings()
        yield service
    settings.clear_settings()


async def hold(store: LockStore, name: str, log: list[str], seconds: float = 0.05) -> None:
    async with store.lock("web-1"):
        log.append(f"{name} begins")
        await asyncio.sleep(seconds)
        log.append(f"{name} ends")


def is_in_turn(log: list[str]) -> bool:
    return all(log[at].split()[0] == log[at + 1].split()[0] for at in range(0, len(log), 2))


def test_endpoints_yml_names_our_locks() -> None:
    store = LockStore.create(read_endpoint_config(str(ROOT / "endpoints.yml"), "lock_store"))
    assert isinstance(store, ConversationLocks)


def test_turns_of_one_conversation_follow_each_other_in_one_process() -> None:
    store, log = ConversationLocks(), []

    async def all_at_once() -> None:
        await asyncio.gather(*(hold(store, str(number), log) for number in range(4)))

    asyncio.run(all_at_once())
    assert is_in_turn(log)


def test_another_conversation_does_not_wait() -> None:
    async def both() -> None:
        store = ConversationLocks()
        async with store.lock("web-1"), asyncio.timeout(1), store.lock("web-2"):
            pass

    asyncio.run(both())


@needs_redis
def test_turns_of_one_conversation_follow_each_other_over_two_processes(redis: services.Service) -> None:
    async def in_two() -> list[str]:
        log: list[str] = []
        stores = [ConversationLocks(), ConversationLocks()]  # what two processes have
        await asyncio.gather(*(hold(stores[number % 2], str(number), log) for number in range(6)))
        return log

    assert is_in_turn(asyncio.run(in_two()))


@needs_redis
def test_the_lock_of_a_slow_turn_is_made_longer(redis: services.Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "RENEWED_AFTER", 0.1)

    async def slow() -> list[str]:
        log: list[str] = []
        one, other = ConversationLocks(), ConversationLocks()

        async def slowly() -> None:
            async with one.lock("web-1", lock_lifetime=0.3):
                log.append("slow begins")
                await asyncio.sleep(1)
                log.append("slow ends")

        first = asyncio.create_task(slowly())
        await asyncio.sleep(0.05)
        await hold(other, "next", log)
        await first
        return log

    assert asyncio.run(slow())[:2] == ["slow begins", "slow ends"]


@needs_redis
def test_the_lock_of_a_process_that_died_is_gone_after_a_moment(redis: services.Service) -> None:
    async def after_a_death() -> list[str]:
        log: list[str] = []
        dead, alive = ConversationLocks(), ConversationLocks()
        assert await dead._hold_everywhere("web-1", 0.3, 0.02)
        await hold(alive, "alive", log)
        return log

    assert asyncio.run(after_a_death()) == ["alive begins", "alive ends"]


@needs_redis
def test_who_holds_a_conversation_for_too_long_is_not_waited_for(
    redis: services.Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locks, "LONGEST_WAIT", 0.2)

    async def impatient() -> None:
        holder, other = ConversationLocks(), ConversationLocks()
        async with holder.lock("web-1"):
            with pytest.raises(LockError):
                await hold(other, "other", [])

    asyncio.run(impatient())


@needs_redis
def test_without_redis_turns_go_on(redis: services.Service) -> None:
    async def through_an_outage() -> list[str]:
        store, log = ConversationLocks(), []
        await hold(store, "before", log)
        redis.stop()
        await hold(store, "without", log)
        redis.start()
        await hold(store, "again", log)
        return log

    assert asyncio.run(through_an_outage())[2:4] == ["without begins", "without ends"]


@needs_redis
def test_requests_are_counted_over_all_processes_and_without_redis_by_each(redis: services.Service) -> None:
    async def count() -> None:
        current = Settings(rate_session=3, rate_address=0, rate_mint=0)
        one, other = Rates(current), Rates(current)
        for rates in (one, other, one):
            await rates.request(asked(), "web-1")
        with pytest.raises(RefusedError) as refused:
            await other.request(asked(), "web-1")
        assert refused.value.retry_after in range(58, 61)
        await other.request(asked(), "web-2")
        redis.stop()
        for _ in range(3):
            await other.request(asked(), "web-1")
        with pytest.raises(RefusedError):
            await other.request(asked(), "web-1")

    asyncio.run(count())


@needs_redis
def test_neither_an_address_nor_a_conversation_lies_open_in_redis(redis: services.Service) -> None:
    from redis import Redis

    async def leave_traces() -> None:
        await Rates(Settings(rate_session=3, rate_address=3)).request(asked("192.0.2.77"), "web-of-somebody")
        store = ConversationLocks()
        async with store.lock("web-of-somebody"):
            kept.extend(key.decode() for key in Redis(port=redis.port).keys("*"))

    kept: list[str] = []
    asyncio.run(leave_traces())
    assert len(kept) == 3
    assert not [key for key in kept if "192.0.2" in key or "somebody" in key]
