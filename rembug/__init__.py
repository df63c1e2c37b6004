"""Rembug: the open platform on which an Indonesian city runs its neighbourhood (RT) grant."""
