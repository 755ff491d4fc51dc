"""Edits made in a Word copy of a paper, brought back to the inputs."""
