"""What happens to a finished paper."""
