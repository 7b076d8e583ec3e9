"""Rasa's custom actions: they turn slots into CaseFacts, ask `imr_logic`, and put its answer into messages.

No law here and no sentences: figures come from `imr_logic/law`, words from `language/`.
"""
