"""From cells as found to records: headers in any language, every odd cell reported, nothing guessed."""
