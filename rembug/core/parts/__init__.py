"""The small parts pages are made of, as functions that give HTML. Templates use them as tags.

The parts a page shows by the hundred are plain string functions, because a nested template for each would cost more
than the page. Every text that comes from outside passes through `esc`.
"""
