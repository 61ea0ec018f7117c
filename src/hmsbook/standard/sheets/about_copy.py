"""Om kopien: in copies only, what the copy is, what is asked of whoever gets it, and what was left out."""

from hmsbook.standard.schema import Region, Sheet

ABOUT = Region("about_copy", 40, ("what", "text"))

SHEET = Sheet("about_copy", regions=(ABOUT,), shown="copy", landscape=False)
