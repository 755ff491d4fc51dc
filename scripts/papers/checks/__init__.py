"""The checks of finished papers: words, open text, accessibility, consistency and validity."""
