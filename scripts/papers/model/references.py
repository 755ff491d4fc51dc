"""References between inputs: a value that has to name something that exists, and names that have to be unique."""

from __future__ import annotations

from papers.problems import Place, Problems, did_you_mean, quoted


def check_known(value: str, values: list[str], place: Place, what: str, problems: Problems) -> None:
    """`value` is one of `values`, or a problem of kind unknown-`what`."""
    if value not in values:
        todo = did_you_mean(value, values, "Correct it.")
        expected = f"one of {', '.join(values)}" if values else f"a {what} that exists; there is none"
        problems.add(place, f"unknown-{what}", quoted(value), expected, todo)
