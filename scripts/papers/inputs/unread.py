"""What exists among the inputs and could not be read: it makes a reference unknown instead of wrong."""

from __future__ import annotations

from typing import Literal

What = Literal[
    "document",
    "ledger",
    "meeting",
    "plan",
    "recommendations",
    "record",
    "return",
    "rotation",
    "schedule",
    "session",
    "tabling",
    "terms",
    "workplan",
]


# Of these, each plan has its own.
OF_A_PLAN: tuple[What, ...] = ("plan", "return", "schedule", "session", "workplan")


class Unread:
    """The inputs that exist and could not be read, or not completely, each with its problem reported.

    A name that refers to another input is one of three:

    known    the model has what it names: the reference is checked
    unknown  what it names is in this collection, or may be: nothing is reported about the reference, as it
             only follows from the problem that was reported
    wrong    neither: the reference is a problem

    Readers and builders of the model call `add` where they report a problem and leave something out; code
    that misses something asks `has` or `any` before it reports that. Names: a meeting's code, the folder of
    a plan, the id of a document, the meeting of a record, the name of an edition, work plan or session, the file of recommendations without
    its ending, a return as 2019/per.xlsx, a paper in tabling.yaml; "" for an input that a forum has once.

    A plan has a collection of its own, `within` that of its forum: what is added to it is also in the
    forum's, and it has what belongs to no plan from there.
    """

    def __init__(self, within: Unread | None = None) -> None:
        self.within = within
        self._names: dict[What, set[str]] = {}

    def add(self, what: What, name: object = "") -> None:
        """Add an input by its name."""
        self._names.setdefault(what, set()).add(str(name))
        if self.within:
            self.within.add(what, name)

    def has(self, what: What, name: object = "") -> bool:
        """Return whether the input of this name is one that could not be read."""
        return str(name) in self.names(what)

    def any(self, what: What) -> bool:
        """Return whether any input of this sort could not be read."""
        return bool(self.names(what))

    def as_data(self) -> dict[str, list[str]]:
        """Return sort -> names, for model.json, which is only written where there are none."""
        return {what: sorted(names) for what, names in sorted(self._names.items())}

    def names(self, what: What) -> set[str]:
        """Return the names of the inputs of one sort that could not be read."""
        if self.within and what not in OF_A_PLAN:
            return self.within.names(what)
        return self._names.get(what, set())
