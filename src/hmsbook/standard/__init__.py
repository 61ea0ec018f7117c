"""The standard: the one declaration of sheets, tables, columns and owned regions that all else follows."""
