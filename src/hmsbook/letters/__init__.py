"""Letters about a workbook: what they say, and to whom."""
