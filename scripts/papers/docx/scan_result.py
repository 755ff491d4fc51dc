"""What a scan of a file from outside finds, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field

# An error refuses the file. With a warning the paper is made, and stays out of outputs/public until the warning is
# accepted. A note needs nothing to be done.
ERROR, WARNING, NOTE, NOT_RUN = "error", "warning", "note", "not-run"
MOST_ALIKE = 20  # findings with one code that are listed


@dataclass(frozen=True)
class ScanFinding:
    """Something found in a file. `severity`: error, warning, note or not-run. `place`: where in the file, in words."""

    code: str
    severity: str
    place: str
    found: str
    expected: str
    todo: str


@dataclass
class ScanResult:
    """What was found in a file, and what intake compares with the paper's entry in its meeting's file.

    `languages`: language -> characters in it. `first_page`: its lines.
    """

    findings: list[ScanFinding] = field(default_factory=list)
    languages: dict[str, int] = field(default_factory=dict)
    first_page: list[str] = field(default_factory=list)

    def __post_init__(self):
        self._seen: dict[str, set[tuple[str, str]]] = {}

    def add(self, code: str, severity: str, place: str, found: str, expected: str, todo: str) -> None:
        """Add a finding, unless there is the same already. Of one code, only the first MOST_ALIKE are listed."""
        seen = self._seen.setdefault(code, set())
        if (place, found) in seen or len(seen) > MOST_ALIKE:
            return
        seen.add((place, found))
        if len(seen) > MOST_ALIKE:
            place, found = "", f"more than {MOST_ALIKE} places like these"
        self.findings.append(ScanFinding(code, severity, place, found, expected, todo))

    def is_full(self, code: str) -> bool:
        """Whether no more findings with this code are listed, so that none has to be made."""
        return len(self._seen.get(code, ())) > MOST_ALIKE

    def not_run(self, what: str, why: str) -> None:
        self.add("not-run", NOT_RUN, "", f"{what} not checked ({why})", "it checked", "Fix that first.")
