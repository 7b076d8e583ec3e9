"""A stand-in for Twilio on this machine, for tests and for trying text messages without an account.

It speaks Twilio's HTTP: it takes messages by the REST API, signs what it posts, and can be down, slow, forgetful or
repetitive on request. The assistant does not know it: they meet over HTTP only. Of the assistant's code it uses the
account in the settings, and how segments are counted.
"""
