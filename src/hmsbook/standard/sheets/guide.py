"""Veiledning: how the workbook is used, month by month."""

from hmsbook.standard.schema import Sheet

SHEET = Sheet("guide", landscape=False)
