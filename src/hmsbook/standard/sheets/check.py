"""Kontroll: what is wrong, where, and how to mend it."""

from hmsbook.standard.schema import Region, Sheet

PROBLEMS = Region("problems", 200, ("severity", "code", "sheet", "cell", "text", "fix"))
MORE = Region("problems_more", 1, ("text",))

SHEET = Sheet("check", regions=(PROBLEMS, MORE), shown="used")
