"""The add-in on this machine: put where Excel finds it, looked after, taken away; and what support asks."""
