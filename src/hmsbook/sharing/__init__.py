"""Pure: what may leave the building in a copy, and what a copy would give away."""
