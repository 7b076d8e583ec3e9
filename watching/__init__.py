"""Watching over what runs: logs without words of people, numbers for a dashboard, a number for each request.

Imports no other room, so that every room may use it.
"""
