"""The Excel add-in: made as a file, put where Excel finds it, taken away; and what support asks."""
