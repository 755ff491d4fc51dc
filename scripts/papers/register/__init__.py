"""The register of papers: one page that works from disk and from any web server, and the same as files."""
