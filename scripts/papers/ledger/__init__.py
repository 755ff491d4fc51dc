"""The record of issued papers: what was numbered, issued, revised, withdrawn, frozen and corrected."""
