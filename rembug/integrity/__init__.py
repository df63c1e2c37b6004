"""Checks that read everything a city holds and say what contradicts what. They change nothing.

Public: checks.CHECKS, checks.run; the command `rembug audit`.
"""
