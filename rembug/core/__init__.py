"""What every floor needs and no city owns: refusals, steps, numbers, signs, calendar, paging, pdf. No tables.

Public: refusal.Refused, steps.step, rupiah.Rupiah, numbers.rupiah (and count, volume,
percent, degrees), paper_numbers.as_typed, signs.dropped, calendar.add_working_days, paging.page_of, pdf.render.
"""
