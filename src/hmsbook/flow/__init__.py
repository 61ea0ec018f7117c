"""From records and results to the values of the cells hmsbook owns; pure, the same for files and Excel."""
