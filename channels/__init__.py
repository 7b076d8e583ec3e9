"""The doors that people come in by: connectors between a channel and Rasa, with their limits."""
