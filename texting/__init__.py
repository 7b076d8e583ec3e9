"""Text messages: what is read of them at the door, how answers are worded for a phone, and how they go out.

Nothing here knows the dialogue: `channels/sms.py` hands messages to Rasa, this room does all the rest.
"""
