"""How files are written, kept, cached and shared between processes."""
