"""What the practice that runs this says of itself, in its settings or the console; nothing where it says none."""

from __future__ import annotations

from actions.words import phrase
from records.practice import practice


def name() -> str:
    """The practice's name, or words for it."""
    return practice().practice_name or phrase("contact", "the_practice")


def prices() -> str:
    """What the practice charges, in its own words."""
    charged = practice().practice_prices
    if not charged:
        return phrase("topics", "ask_cost", "ask_practice")
    return phrase("topics", "ask_cost", "practice", practice=name(), prices=charged)


def how_to_reach() -> list[str]:
    """Hours, prices, booking link and phone, each in one sentence."""
    said = practice()
    lines = {
        "hours": said.practice_hours and phrase("contact", "hours", hours=said.practice_hours),
        "prices": said.practice_prices and phrase("contact", "prices", prices=said.practice_prices),
        "booking": said.booking_url and phrase("contact", "booking", url=said.booking_url),
        "phone": said.practice_phone and phrase("contact", "phone", phone=said.practice_phone),
    }
    return [line for line in lines.values() if line]
