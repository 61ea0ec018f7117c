"""Kort fortalt: in copies for leaders and for everyone, what they need to know on a page."""

from hmsbook.standard.schema import Region, Sheet

DIGEST = Region("digest", 160, ("text", "detail", "who", "when"))

SHEET = Sheet("digest", regions=(DIGEST,), shown="copy", landscape=False)
