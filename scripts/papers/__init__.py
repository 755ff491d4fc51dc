"""Makes the numbered papers of a forum from its inputs and its Word templates; docs/architecture.md has the picture."""
