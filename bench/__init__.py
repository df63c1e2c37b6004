"""Measures the figures people rely on. Run with `make bench`; every line is one figure.

`python -m bench [name ...]` measures only some of: fresh, full, pages, kept, weight.
"""
