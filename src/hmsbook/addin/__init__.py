"""The Excel add-in, made from the list of buttons, the words and the VBA text in `macros`."""
