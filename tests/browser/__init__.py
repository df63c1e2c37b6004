"""Journeys in a real browser, against a real server with a city of its own."""
