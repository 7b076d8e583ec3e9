"""Telling staff of new consultation requests, by e-mail and by webhook, until they know."""
