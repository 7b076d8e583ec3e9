"""Stock Rasa, built from this project's data and run beside ours, so that both are measured in one run.

`project` writes and trains it, `serving` runs it with its own REST channel and its own action server.
"""
