"""From the residents' meeting to the budget: rembug, five-year list, yearly proposal, RAB, verification.

Public: models, rules, permissions, review (a proposal held against the book), books (which rules hold
for a year), services.meetings, services.lists, services.proposals, services.verification,
services.budget, services.reviews (ceilings, review, content_digest).
"""
