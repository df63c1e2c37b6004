"""A living city for trying out: years of meetings, proposals, money, reports, photos and comments.

Everything here is invented and the same for the same seed. It is written through the acts
themselves or their bulk twins, under the same rules, and `rembug audit` is clean afterwards.
Public: city.live (fill one city), the command `rembug demo`.
"""
