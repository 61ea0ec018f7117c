"""Three-way merge of what came back: pure, from books to the book that holds what all of them did."""
