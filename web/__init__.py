"""The web app: the only public port. Pages, health, and the way to Rasa's channels."""
