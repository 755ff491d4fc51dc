"""References between inputs: a value must name something that exists, and an ID must be used once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from papers.problems import Place, Problems, did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection


def check_known(
    value: str,
    values: Collection[str],
    place: Place,
    what: str,
    unread: bool,
    problems: Problems,
    otherwise: str = "Correct it.",
) -> None:
    """Report a problem of kind unknown-`what` unless `value` is one of `values`.

    `unread` says whether the value may name something that could not be read (see `Unread`): then the
    reference is unknown and nothing is reported. `otherwise` says what to do where no value is similar.
    """
    if value not in values and not unread:
        todo = did_you_mean(value, values, otherwise)
        article = "an" if what[0] in "aeiou" else "a"
        expected = f"one of {', '.join(values)}" if values else f"{article} {what} that exists; there is none"
        problems.add(place, f"unknown-{what}", quoted(value), expected, todo)


def check_once(
    value: str, seen: set[str], place: Place, problems: Problems, todo: str = "Delete one of them."
) -> None:
    """Report a problem of kind doubled if `value` is in `seen`; add it to `seen`."""
    if value in seen:
        problems.add(place, "doubled", f"{quoted(value)} again", "each once", todo)
    seen.add(value)
