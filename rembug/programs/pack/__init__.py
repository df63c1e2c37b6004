"""A city's folder becomes rows of the database: all of it or nothing, and twice changes nothing."""

from rembug.programs.pack.files import PackFault, PackFaults
from rembug.programs.pack.writing import Summary, load_city, read_pack

__all__ = ["PackFault", "PackFaults", "Summary", "load_city", "read_pack"]
