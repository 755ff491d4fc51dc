"""Looking at files that others sent before they go into inputs/: the verb check."""
