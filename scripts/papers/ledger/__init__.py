"""The record of issued papers: what was numbered, packed, issued, revised, withdrawn, frozen and corrected."""
