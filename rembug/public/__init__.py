"""The open face of a city, without login: find my RT, places, activities, map, notice-board sheet.

It only reads, except for a comment, which is an act of execution. Every page lives on at most eight
queries; pages of visitors are kept by cache.kept until the city's stamp changes.
"""
