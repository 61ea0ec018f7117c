"""The tests of hmsbook."""
