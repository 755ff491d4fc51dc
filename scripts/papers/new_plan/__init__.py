"""The folder of a new plan: what is known from the last one, and marks for what people have to write."""
