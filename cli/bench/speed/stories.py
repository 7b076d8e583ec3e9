"""What people say in a benchmark: whole conversations, line by line."""

from __future__ import annotations

from datetime import date

DAY = date(2026, 11, 23)
Story = tuple[str, ...]
STORIES: tuple[Story, ...] = (
    (
        "Kaiser denied my back MRI, the letter is dated October 5th and says it's not medically necessary. "
        "I haven't appealed or anything.",
        "no, nobody is in danger and it can wait",
        "we buy it ourselves through covered california",
        "yes my orthopedist ordered it",
        "how long does all this take?",
        "actually I filed a grievance on October 12 and they turned me down, letter of Nov 2",
        "thank you",
    ),
    (
        "my mom has a Molina medi-cal plan and they cut her home health hours, notice dated November 9",
        "she is safe, it is not urgent",
        "they say not medically necessary",
        "no we have not appealed yet",
        "her doctor ordered the hours",
        "no we did not ask for a state hearing",
        "what papers do I need?",
    ),
    (
        "Anthem PPO through my job says my chemo drug is experimental",
        "my oncologist says it cannot wait",
        "it is self funded, my employer pays the claims",
        "the letter is from November 16",
        "not appealed",
        "do I need a lawyer?",
        "ok bye",
    ),
)
