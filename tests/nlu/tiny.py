"""A very small set of labelled messages, for tests that need a model and not a good one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from nlu.ear import Ear
from nlu.ear import training as ear_training
from nlu.ear.training import Line
from nlu.encoder import Encoder, open_encoder
from nlu.intents import IntentModel, prepared
from nlu.intents.examples import Examples
from nlu.intents.training import train

MESSAGES = {
    "report_denial": [
        "my health plan refused the surgery my doctor asked for",
        "they denied my mri",
        "Anthem will not pay for the infusion",
        "the insurance said no to my daughter's therapy",
        "I got a letter that my treatment is not approved",
        "Blue Shield turned down the scan of my knee",
        "claim rejected, not medically necessary they say",
        "the plan cut my physical therapy visits",
    ],
    "ask_deadline": [
        "how long do I have to appeal",
        "what is the last day to file",
        "is it too late for me",
        "by when must the form be there",
        "when does my time run out",
        "deadline?",
        "how many days are left",
        "until when can I send the request",
    ],
    "greet": [
        "hello",
        "hi there",
        "good morning",
        "hey",
        "hello, anybody there?",
        "good evening",
        "hi",
        "hiya",
    ],
    "thank": [
        "thank you",
        "thanks a lot",
        "thx",
        "many thanks for your help",
        "that was helpful, thank you",
        "ty!",
        "I am very grateful",
        "thanks so much",
    ],
    "affirm": ["yes", "yeah", "correct", "that is right", "yep", "exactly", "sure", "yes, that's it"],
    "deny": ["no", "nope", "not at all", "that is wrong", "no, it isn't", "never", "nah", "no way"],
}
TEXTS = [text for texts in MESSAGES.values() for text in texts]
INTENTS = [intent for intent, texts in MESSAGES.items() for _ in texts]


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """One encoder for all tests of a run."""
    return open_encoder()


@lru_cache(maxsize=1)
def examples() -> Examples:
    """The messages with their encoder features."""
    return Examples.of(TEXTS, encoder().features([prepared(text) for text in TEXTS]), INTENTS)


@lru_cache(maxsize=1)
def model() -> IntentModel:
    """A model of them."""
    return train(examples())


EMERGENCIES = [
    "my husband is on the floor and does not breathe",
    "she is bleeding a lot and it will not stop",
    "dad's face is drooping and he cannot speak",
    "the baby turned blue",
    "his lips are grey and he is not waking up",
    "my chest hurts and my arm is numb",
    "she swallowed something and is choking",
    "he had a seizure and still is not awake",
]
FAREWELLS = [
    "I do not want to live any more",
    "this is my last night",
    "I have said goodbye to everybody, I am ready to go",
    "my son wrote that he will end it",
    "I will not be a burden much longer",
    "there is no tomorrow for me",
    "I know how I am going to do it",
    "she gave her things away and says she is done living",
]
LOOKALIKES = [
    "they denied my husband's breathing machine",
    "she had bleeding last year and is fine now",
    "the stroke unit was not covered",
    "our baby is well and home",
    "this plan is killing me",
    "I give up, this is my last letter to them",
    "goodbye and thank you",
    "they will not pay for his seizure medicine",
]


def danger_lines() -> list[Line]:
    """A few lines of each kind for the ear, and the other messages as ordinary talk."""
    told = (("medical_emergency", EMERGENCIES), ("self_harm", FAREWELLS), ("none", LOOKALIKES))
    hard = [Line(text, label, True) for label, texts in told for text in texts]
    return hard + [Line(text, "none", False) for text in TEXTS]


@lru_cache(maxsize=1)
def ear() -> Ear:
    """A very small ear."""
    told = danger_lines()
    features: np.ndarray = encoder().features([prepared(line.text) for line in told])
    return ear_training.train(told, features)


def danger_files(folder: Path) -> None:
    """The same lines as files, in a project's folder."""
    for part, kept in (("by_rule", slice(0, 4)), ("by_ear", slice(4, None))):
        (folder / part).mkdir(parents=True)
        for name, texts in (("medical_emergency", EMERGENCIES), ("self_harm", FAREWELLS), ("lookalikes", LOOKALIKES)):
            (folder / part / f"{name}.txt").write_text("\n".join(texts[kept]) + "\n")


def training_file() -> str:
    """The messages as a Rasa training file."""
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in MESSAGES.items()
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)
