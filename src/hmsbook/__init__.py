"""hmsbook: one standard workbook for those who work systematically with the working environment."""

__version__ = "0.1.0"
