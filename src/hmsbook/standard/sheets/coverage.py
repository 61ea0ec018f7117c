"""Dekning: factors against challenges, indicators and measures, as a prompt for the group."""

from hmsbook.standard.schema import Region, Sheet

FACTORS = Region("coverage", 10, ("factor", "challenges", "indicators", "measures", "prompt"))
LAW = Region("coverage_law", 4, ("factor", "challenges", "indicators", "measures", "prompt"))

SHEET = Sheet("coverage", regions=(FACTORS, LAW), shown="link")
