"""Rasa graph components: thin wrappers that put what the other parts of `nlu` find on Rasa's messages."""
