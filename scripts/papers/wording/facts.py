"""Figures by name, for the narrative of a paper: {{ schedule.status.completed }} and so on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping


class Facts(Mapping[str, str]):
    """Name -> words. A figure is counted and worded when it is named, and only then: there are many, and few are named."""

    def __init__(self, words: Mapping[str, str | Callable[[], str]]):
        self._words = dict(words)

    def __getitem__(self, name: str) -> str:
        words = self._words[name]
        return words if isinstance(words, str) else words()

    def __iter__(self) -> Iterator[str]:
        return iter(self._words)

    def __len__(self) -> int:
        return len(self._words)

    def __contains__(self, name: object) -> bool:
        return name in self._words

    def __or__(self, other: Facts | Mapping[str, str | Callable[[], str]]) -> Facts:
        return Facts(self._words | (other._words if isinstance(other, Facts) else dict(other)))
