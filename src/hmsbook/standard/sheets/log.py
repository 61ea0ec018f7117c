"""Logg: what hmsbook did, when and by whom."""

from hmsbook.standard.schema import Region, Sheet

LOG = Region("log", 2000, ("when", "who", "what", "version"))

SHEET = Sheet("log", regions=(LOG,), shown="used", landscape=False)
