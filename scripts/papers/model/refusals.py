"""How a number or a place is refused: one sentence with what was found, what was wanted, and why."""


class NumberError(ValueError):
    """A number or a place that cannot be used; its text is one sentence for an officer."""

    def __init__(self, found: str, wanted: str, why: str):
        super().__init__(found, wanted, why)  # all three, so that the error survives pickling
        self.found, self.wanted, self.why = found, wanted, why

    def __str__(self) -> str:
        return f"Found {self.found}, wanted {self.wanted}, because {self.why}."


def quoted(value: object) -> str:
    """The value between quotation marks, shortened, with unprintable characters spelled out."""
    text = str(value) if len(str(value)) <= 60 else str(value)[:60] + "..."
    return f'"{text}"' if text.isprintable() else ascii(text)


def require_text(value: object, wanted: str) -> str:
    """The value if it is text; else NumberError, for a spreadsheet or YAML may have made a number of it."""
    if not isinstance(value, str):
        why = "a spreadsheet or a YAML file changes such a value (015 becomes 13) unless it is quoted as text"
        raise NumberError(f"{quoted(value)}, which is not text", wanted, why)
    return value
