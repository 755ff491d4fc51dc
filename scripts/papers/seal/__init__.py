"""Lists of digests of everything built, the record of what it was built from, and their verification."""
