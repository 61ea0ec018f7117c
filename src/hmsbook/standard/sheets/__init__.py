"""One module a sheet: what stands on it."""
