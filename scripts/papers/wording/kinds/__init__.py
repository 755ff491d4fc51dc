"""One module for each kind of paper, which defines `KIND`; see papers/wording/kind.py."""
