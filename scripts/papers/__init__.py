"""The package behind the pipeline: five rooms, imports only towards the left (reading, model, wording, word, issuing)."""
