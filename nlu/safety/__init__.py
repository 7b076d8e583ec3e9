"""The safety screen: fixed rules that notice when somebody is in danger now, whatever the model thinks.

`screen` needs no model and loads in milliseconds; its rules are data in `nlu/patterns/safety.yml`. The rules
name a state (cannot breathe, wants to die) and the frames in which the same words are no danger: a denial
letter, a figure of speech, a denial, a supposition, a time long past.
"""

from nlu.safety.screening import Danger, screen

__all__ = ["Danger", "screen"]
