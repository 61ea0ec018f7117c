"""The words people see, in the languages that are shipped, from the text files."""
