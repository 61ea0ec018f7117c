"""What the tests of hmsbook share: a real spreadsheet program, validators and pictures."""
