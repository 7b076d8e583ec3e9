"""How often somebody did something in the last minute."""

from __future__ import annotations

from channels.windows import Window


def test_who_has_done_nothing_for_a_minute_is_forgotten() -> None:
    window = Window(5)
    for second in range(120):
        window.count(f"somebody {second}", float(second))
    assert len(window) == 60
    assert window.count("somebody 119", 119.5) == 0


def test_the_wait_is_until_the_oldest_is_a_minute_ago() -> None:
    window = Window(2)
    assert [window.count("x", now) for now in (0.0, 10.0, 20.0, 59.0, 60.0)] == [0, 0, 40, 1, 0]


def test_what_is_let_in_after_exactly_a_minute_counts() -> None:
    window = Window(2)
    assert [window.count("x", now) for now in (0.0, 10.0, 60.0, 61.0)] == [0, 0, 0, 9]


def test_who_came_first_and_still_writes_keeps_nobody_else_in_memory() -> None:
    window = Window(5)
    for whose, now in (("first", 0.0), ("second", 1.0), ("first", 50.0), ("third", 62.0)):
        window.count(whose, now)
    assert len(window) == 2, "the second did nothing for a minute"
