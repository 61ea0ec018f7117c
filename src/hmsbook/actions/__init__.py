"""One function a command: they return results, and print nothing."""
