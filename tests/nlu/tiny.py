"""A very small set of labelled messages, for tests that need a model and not a good one."""

from __future__ import annotations

from functools import lru_cache

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


def training_file() -> str:
    """The messages as a Rasa training file."""
    blocks = [
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {text}\n" for text in texts)
        for intent, texts in MESSAGES.items()
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)
