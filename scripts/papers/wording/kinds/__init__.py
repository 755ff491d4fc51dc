"""Each module defines `WORDS`, which computes the words of a kind; see papers/wording/words.py."""
