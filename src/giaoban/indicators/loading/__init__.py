"""Bringing in what ships with the product: the catalogue of indicators and sheets, and the statistics office's figures.

Both go through the verbs of the room, can be run again, and write only what differs.
"""

from giaoban.indicators.loading.catalogue import Loaded, load_catalogue
from giaoban.indicators.loading.gso import import_gso

__all__ = ["Loaded", "import_gso", "load_catalogue"]
