"""The command line: parses, asks the actions, and prints in plain words."""
