"""From cells as found to records: headers recognised in any language, every odd cell reported, nothing guessed."""
