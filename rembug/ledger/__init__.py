"""The city's money: funds, entries that never change, balances that cannot go below zero, tax arithmetic.

Knows no proposal and no photograph; `subject` is a number that a higher floor understands.
Public: services (Line, Draft, open_fund, post, post_many, reverse, move, close_fund),
reading (balance, balances, ladders_by_unit, ladders_by_subject), recount.audit, rules, tax.
"""
