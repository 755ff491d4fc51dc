"""Files -> rows that know the cell or line they came from."""
