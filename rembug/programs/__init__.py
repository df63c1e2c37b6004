"""Programmes, their dated rulebooks, fiscal years, holidays and price standards: rules as data.

Public: rulebook.RuleBook, rules (ceiling_for, composition, item_faults, mandatory_faults,
price_state, tranche_amounts), models.Program, RuleSet, ProgramYear, Holiday, PriceItem,
services.open_year, calendar (due_on, holidays_between), pack.load_city.
"""
