"""`./imr bench turn`, `growth`, `start`, `train`, `memory`: how fast and how large, with `--baseline` beside stock
Rasa.

Both sides run at the same time and take turns under load, so that what else the machine does meets both alike; what
counts are the ratios. Everything is on loopback, and bounded in time.
"""
