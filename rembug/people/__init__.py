"""Persons, their appointments, what an office may do, what waits on whose desk, and the record of acts.

Public: models.Person, models.Office, authority (holds, within_reach, offices_of, vacant),
acts (record, Lines), desk (open_item, close_items, inbox), sending.once.
"""
