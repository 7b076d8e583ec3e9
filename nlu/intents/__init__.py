"""What the person wants from a message: one of the intents of the training data, or no answer when unsure.

Only NumPy is needed to predict; `nlu.intents.training` (scikit-learn) is imported where a model is made.
"""

from __future__ import annotations

from nlu.intents.model import FALLBACK, IntentModel, ModelFilesError, Prediction
from nlu.intents.spelling import prepared

__all__ = ["FALLBACK", "IntentModel", "ModelFilesError", "Prediction", "prepared"]
