"""What every floor needs and no city owns: refusals, steps, rupiah, calendar, paging, pdf. No tables.

Public: refusal.Refused, steps.step, rupiah.Rupiah, calendar.add_working_days, paging.page_of, pdf.render.
"""
