"""Facts in what people write, found by rules that can be explained: every fact has its words and its rule.

`read` is the whole of it; it needs no model and knows no clock: `today` is passed in.
"""

from nlu.facts.reader import read

__all__ = ["read"]
