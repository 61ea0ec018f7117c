"""One module a sheet that needs more than its tables."""
