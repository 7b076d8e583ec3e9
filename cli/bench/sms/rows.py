"""The rows of the table, each a measurement of its own; `Row` is what it is told as."""

from __future__ import annotations

import asyncio
import random
import secrets
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx

from cli.bench.sms.town import STORIES, Texters, Town, rehearse, settled
from cli.talking import is_ready
from sandbox.signing import signature
from sandbox.twilio import MESSAGE, STATUS

COPIES = 100
BAD = 1000
A_SECOND = 20
SECONDS = 30
CONVERSATIONS = 200
KILL_AFTER = (0.1, 5.0)  # seconds, once everything is up
ARRIVING = 0.8  # seconds between the beginnings of two conversations
KILLED = ("channels.server", "-m web")
SECRETS = 1000
SEED = 6


class Row(NamedTuple):
    """What was measured, what is wanted, and what came of it."""

    name: str
    target: str
    measured: str
    is_met: bool


async def same_message_many_times(place: Town) -> Row:
    """One message, delivered again and again to two processes at once."""
    people, phone = Texters(place), place.person()
    form = place.form(phone, STORIES[0][0])
    begun = place.count("events", "type_name = 'user'")
    with place.second_rasa() as other:
        places = (place.assistant.url, other)
        at_once = (people.deliver(phone, form["Body"], form["MessageSid"], places[at % 2]) for at in range(COPIES))
        statuses = await asyncio.gather(*at_once)
        await settled(place)
        await asyncio.sleep(2)
    await people.close()
    turns = place.count("events", "type_name = 'user'") - begun
    answers = len([one for one in place.answers(phone) if "So far" in one])
    taken = sum(status == httpx.codes.OK for status in statuses)
    measured = f"{turns} turn, {answers} answer ({taken} of {COPIES} acknowledged)"
    return Row(f"same MessageSid {COPIES} times at once, two processes", "1 turn, 1 answer", measured,
               (turns, answers, taken) == (1, 1, COPIES))  # fmt: skip


def wrongly_signed(place: Town) -> Iterator[tuple[str, dict[str, str], dict[str, str]]]:
    """Path, form and headers of requests that Twilio never sent."""
    chance = random.Random(SEED)
    for at in range(BAD):
        form = place.form(place.person(), "let me in")
        right = place.signed(form)["X-Twilio-Signature"]
        kind = at % 5
        if kind == 0:  # one bit of the signature
            flipped = bytearray(right.encode())
            flipped[chance.randrange(len(flipped) - 2)] ^= 1 << chance.randrange(3)
            yield MESSAGE, form, {"X-Twilio-Signature": flipped.decode("latin-1")}
        elif kind == 1:  # signed for another address
            yield MESSAGE, form, {"X-Twilio-Signature": signature(place.account.token, "https://evil.example", form)}
        elif kind == 2:  # not signed, with headers that claim to be somebody
            yield MESSAGE, form, {"X-Forwarded-Host": "texts.example.org", "X-Forwarded-Proto": "https"}
        elif kind == 3:  # signed for one path, posted to the other
            yield (STATUS if at % 2 else MESSAGE), form, place.signed(form, MESSAGE if at % 2 else STATUS)
        else:  # changed after it was signed
            yield MESSAGE, {**form, "Body": form["Body"] + "!"}, {"X-Twilio-Signature": right}


async def bad_signatures(place: Town) -> Row:
    """Requests that Twilio did not sign."""
    before = place.count("texts_in") + place.count("texts_out") + place.count("events")
    async with httpx.AsyncClient(base_url=place.assistant.url, timeout=15, trust_env=False) as http:
        statuses = []
        for path, form, headers in wrongly_signed(place):
            statuses.append((await http.post(path, data=form, headers=headers)).status_code)
    refused = statuses.count(403)
    events = place.count("texts_in") + place.count("texts_out") + place.count("events") - before
    return Row(f"{BAD:,} bad signatures", f"{BAD:,} refused, 0 events", f"{refused:,} refused, {events} events",
               refused == BAD and not events)  # fmt: skip


async def acknowledgement(place: Town) -> Row:
    """Many people write at a steady pace while the assistant answers them."""
    people = Texters(place)
    begun = time.monotonic()
    sent = []
    for at in range(A_SECOND * SECONDS):
        await asyncio.sleep(max(0.0, begun + at / A_SECOND - time.monotonic()))
        sent.append(asyncio.create_task(people.deliver(place.person(), STORIES[at % 3][0])))
    await asyncio.gather(*sent)
    took = sorted(people.taken)
    await settled(place)
    last = time.monotonic() - begun
    await people.close()
    p50, p99 = (took[int(len(took) * share)] * 1000 for share in (0.5, 0.99))
    measured = f"p50 {p50:.0f}, p99 {p99:.0f} ms of {len(took)}; all answered {last - SECONDS:.0f} s after the last"
    return Row(f"acknowledgement at {A_SECOND} messages a second", "p99 under 300 ms", measured, p99 < 300)


async def killed(place: Town, conversations: int) -> Row:
    """Processes die at any moment, and start again, while people text."""
    calm = [await rehearse(place, story) for story in STORIES]
    people = Texters(place)
    phones = [place.person() for _ in range(conversations)]
    stopping = asyncio.Event()
    killer = asyncio.create_task(_kill_now_and_then(place, stopping))

    async def arrive_and_talk(at: int) -> None:
        await asyncio.sleep(at * ARRIVING)
        await people.talk(phones[at], STORIES[at % len(STORIES)], calm[at % len(STORIES)][1])

    await asyncio.gather(*map(arrive_and_talk, range(conversations)))
    stopping.set()
    kills = await killer
    await settled(place)
    await asyncio.sleep(2)
    await people.close()
    same, lost, twice = _compare(place, phones, [answers for answers, _ in calm])
    measured = f"{kills} kills; {same} of {conversations} exactly as in peace, {lost} lost, {twice} twice"
    return Row(f"killed (-9) at any point of {conversations} conversations", "none lost, none twice", measured,
               same == conversations)  # fmt: skip


async def _kill_now_and_then(place: Town, stopping: asyncio.Event) -> int:
    """Kill one process or another, at any moment at which all of them are there. Returns how many were killed."""
    chance = random.Random(SEED)
    kills = 0
    while not stopping.is_set():
        while not await asyncio.to_thread(is_ready, place.assistant.url):
            await asyncio.sleep(0.2)
        await asyncio.sleep(chance.uniform(*KILL_AFTER))
        for process in place.processes(chance.choice(KILLED)):
            process.send_signal(signal.SIGKILL)
            kills += 1
    return kills


def _compare(place: Town, phones: list[str], calm: list[list[str]]) -> tuple[int, int, int]:
    """How many talks went as in peace, and how many messages are too few or too many in the others."""
    same = lost = twice = 0
    for at, phone in enumerate(phones):
        wanted, came = calm[at % len(calm)], place.answers(phone)
        same += came == wanted
        if came != wanted:
            print(f"in peace: {wanted}\nand here: {came}", file=sys.stderr)
        lost += sum(max(wanted.count(one) - came.count(one), 0) for one in set(wanted))
        twice += sum(max(came.count(one) - wanted.count(one), 0) for one in set(came))
    return same, lost, twice


async def twilio_down(place: Town) -> Row:
    """Twilio takes nothing for a while; then it takes all, and some answers get lost on the line."""
    story = STORIES[0][:3]
    calm, _ = await rehearse(place, story)
    people, phones = Texters(place), [place.person() for _ in range(40)]
    place.phone.inside.behave({"failure": "down", "failures": -1})
    for words in story:
        await asyncio.gather(*(people.deliver(phone, words) for phone in phones))
        while place.count("texts_in", "state = 'waiting'"):
            await asyncio.sleep(0.2)
    await asyncio.sleep(10)
    during = sum(len(place.answers(phone)) for phone in phones)
    place.phone.inside.behave({"failure": "lost_answer", "failures": 20})
    await settled(place, 600)
    place.phone.inside.behave({"failure": "", "failures": 0})
    await people.close()
    right = sum(place.answers(phone) == calm for phone in phones)
    measured = f"{during} while it was down; then {right} of {len(phones)} conversations whole and in order"
    return Row("Twilio down for a while, then 20 answers lost on the line", "all go out, in order", measured,
               right == len(phones) and not during)  # fmt: skip


async def nothing_in_clear(place: Town) -> Row:
    """Numbers and ids that name people, sent through the channel, then looked for in everything that is kept."""
    chance = random.Random(SEED)
    people = Texters(place)
    told: list[str] = []
    for _ in range(SECRETS // 20):
        batch = []
        for _ in range(20):
            phone, number = place.person(), f"SM{secrets.token_hex(16)}"
            ssn = f"{chance.randint(100, 665)}-{chance.randint(10, 99)}-{chance.randint(1000, 9999)}"
            member = f"XEA{chance.randint(10**8, 10**9 - 1)}"
            told += [phone, phone[2:], f"({phone[2:5]}) {phone[5:8]}-{phone[8:]}", number, ssn, member]
            words = f"Kaiser said no to my scan. My ssn is {ssn} and my member id is {member}"
            batch.append(people.deliver(phone, words, number))
        await asyncio.gather(*batch)
    await settled(place, 600)
    await people.close()
    found = sum(_found_in(path, told) for path in sorted(place.assistant.folder.rglob("*")) if path.is_file())
    async with httpx.AsyncClient(base_url=place.assistant.url, trust_env=False) as http:
        told_by_health = (await http.get("/healthz")).text
    found += sum(one in told_by_health for one in told)
    return Row(f"{SECRETS:,} numbers and ids, then a search of logs and database", "0 found in clear",
               f"{found} found of {len(told):,}", not found)  # fmt: skip


def _found_in(path: Path, told: list[str]) -> int:
    content = path.read_bytes()
    return sum(one.encode() in content for one in told)
