"""Faktaark: what each factor is, why it matters, and what a group can talk about."""

from hmsbook.standard.schema import Sheet

SHEET = Sheet("factors", shown="link", landscape=False)
