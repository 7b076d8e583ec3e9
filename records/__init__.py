"""Conversations and cases in the database: models, migrations, Rasa's tracker store."""
