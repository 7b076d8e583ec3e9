"""The last word on an intent: what the model thinks, set against what the message was found to say."""

from __future__ import annotations

from collections.abc import Collection

from nlu.intents.model import Prediction

TELLING = ("report_denial", "give_details", "correct_fact", "complaint_billing_or_service")
# A message that tells facts of a case is never a mere courtesy, a bare answer or beside the point.
NOT_WITH_FACTS = frozenset({"greet", "thank", "goodbye", "out_of_scope", "abusive", "affirm", "deny"})
QUESTION = "ask_"
DANGERS = frozenset({"medical_emergency", "crisis_self_harm"})
# The rules of the safety screen find danger; the model alone must be this sure.
SURE_OF_DANGER = 0.9
SURE_ENOUGH = 0.5


def decided(prediction: Prediction, facts: Collection[str]) -> Prediction:
    """The prediction to act on. `facts` names the facts that the message states: with any, what was told must not
    be lost, so that an unsure telling or question is taken as it is, and everything else as a telling."""
    likeliest = prediction.ranking[0][0] if prediction.ranking else ""
    if likeliest in DANGERS and prediction.confidence < SURE_OF_DANGER:
        return Prediction(prediction.ranking, answered=False)
    if not facts or (prediction.answered and likeliest not in NOT_WITH_FACTS):
        return prediction
    if likeliest in TELLING or likeliest.startswith(QUESTION):
        return Prediction(prediction.ranking, answered=True)
    return _telling(prediction)


def _telling(prediction: Prediction) -> Prediction:
    """The likeliest way of telling, first in the ranking; adding a detail when the model saw none."""
    likely = [(name, share) for name, share in prediction.ranking if name in TELLING]
    name, share = likely[0] if likely else (TELLING[1], SURE_ENOUGH)
    rest = [one for one in prediction.ranking if one[0] != name]
    return Prediction(((name, max(share, SURE_ENOUGH)), *rest[:2]), answered=True)
