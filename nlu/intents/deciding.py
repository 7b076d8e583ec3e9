"""The last word on an intent: what the model thinks, set against what the message was found to say."""

from __future__ import annotations

from collections.abc import Collection

from nlu.intents.endings import is_meant
from nlu.intents.model import Prediction

TELLING = ("report_denial", "give_details", "correct_fact", "complaint_billing_or_service")
# A message that tells facts of a case is never a mere courtesy, a bare answer or beside the point.
NOT_WITH_FACTS = frozenset({"greet", "thank", "goodbye", "out_of_scope", "abusive", "affirm", "deny"})
QUESTION = "ask_"
DANGERS = frozenset({"medical_emergency", "crisis_self_harm"})
DANGER_TOLD = "immediate_danger"
# The rules of the safety screen and the ear find danger; the intent model alone must be this sure.
SURE_OF_DANGER = 0.9
SURE_ENOUGH = 0.5
# Wishes that are all that a message wants.
ALONE = frozenset(
    {
        "why",
        "more",
        "papers",
        "skip",
        "change_contact",
        "back",
        "unclear",
        "robot",
        "privacy",
        "cancel_call",
        "identifiers",
        "loss",
    }
)
REMINDERS = frozenset({"remind", "remind_off", "remind_status"})
# A first telling says what the plan did. A message with facts that does not, or that the model thinks a fifth as
# likely to be an addition (chosen on the messages for development), adds details: both go into the form alike.
FIRST_TELLING, ADDING = TELLING[:2]
WHAT_THE_PLAN_DID = frozenset({"decision", "denial_reasons"})
ADDING_SHARE = 0.2


def decided(
    prediction: Prediction, facts: Collection[str], wish: str | None = None, text: str | None = None
) -> Prediction:
    """The prediction to act on. `facts` names the facts that the message states: with any, what was told must not
    be lost, so that an unsure telling or question is taken as it is, and everything else as a telling. A `wish`
    of the talk itself ("skip", "tell me more") has no intent: the actions see it. One that can stand beside an
    intent ("I am so scared, call me") leaves it as it is. What ends or erases something has to be in the `text`."""
    likeliest = prediction.ranking[0][0] if prediction.ranking else ""
    if text is not None and not is_meant(likeliest, text):
        return _telling(prediction) if facts else Prediction(prediction.ranking, answered=False)
    if wish in REMINDERS and likeliest not in DANGERS:
        return _telling(prediction)  # it goes into the form, which asks for a number where it needs one
    if wish in ALONE and not likeliest.startswith((QUESTION, *sorted(DANGERS))):
        return Prediction(prediction.ranking, answered=False)
    if likeliest in DANGERS and DANGER_TOLD in facts:
        return _telling(prediction)  # "nobody is dying": had it been a yes, the rules would have spoken
    if likeliest in DANGERS and prediction.confidence < SURE_OF_DANGER:
        return _telling(prediction) if facts else Prediction(prediction.ranking, answered=False)
    if facts and likeliest == FIRST_TELLING and _only_adds(prediction, facts):
        return _first(ADDING, prediction)
    if not facts or (prediction.answered and likeliest not in NOT_WITH_FACTS):
        return prediction
    if likeliest in TELLING or likeliest.startswith(QUESTION):
        return Prediction(prediction.ranking, answered=True)
    return _telling(prediction)


def _only_adds(prediction: Prediction, facts: Collection[str]) -> bool:
    shares = dict(prediction.ranking)
    return WHAT_THE_PLAN_DID.isdisjoint(facts) or shares.get(ADDING, 0) > ADDING_SHARE * shares[FIRST_TELLING]


def _telling(prediction: Prediction) -> Prediction:
    """The likeliest way of telling, first in the ranking; adding a detail when the model saw none."""
    return _first(next((name for name, _ in prediction.ranking if name in TELLING), ADDING), prediction)


def _first(name: str, prediction: Prediction) -> Prediction:
    """The same ranking with `name` first, sure enough to act on."""
    share = max(dict(prediction.ranking).get(name, 0.0), SURE_ENOUGH)
    rest = [one for one in prediction.ranking if one[0] != name]
    return Prediction(((name, share), *rest[:2]), answered=True)
