"""The acts of execution, by noun: pokmas, contracts, tranches, reports, receipts, holds, closing, comments.

Every act takes `by` first, checks authority, locks the work, applies the rules, changes, books,
records and moves the desk in one transaction. It raises PermissionDenied, or Refused with every reason.
`at` is the moment it counts for (default: now).
"""
