"""Redlines: Word files with the changes between two papers as tracked changes."""
