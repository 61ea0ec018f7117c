"""The rules of the standard: pure functions from a book and its summary to problems, one function a rule."""
