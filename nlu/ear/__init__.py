"""The learned ear: a small model that hears danger in words which no fixed rule of `nlu.safety` knows.

It stands behind the rules and can only add to them. What it alone hears is never taken as certain: help is named at
once and the person is asked. Only NumPy is needed to hear; `nlu.ear.training` makes the model.
"""

from __future__ import annotations

from nlu.ear.ear import Ear, Heard

__all__ = ["Ear", "Heard"]
