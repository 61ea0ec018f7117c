"""What the numbers say: records and numbers in, frozen results out, no words and no files."""
