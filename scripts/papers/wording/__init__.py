"""Model -> the text of one kind of paper; never opens a file."""
