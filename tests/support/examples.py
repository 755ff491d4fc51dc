"""How many examples a property is tried with: those that a test names, or a fifth of them in `make test`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

_ALL, _QUICK = 100, 20


def load_profile(quick: bool) -> None:
    """Set the number of examples, and no limit of time: a busy machine is not the program's fault."""
    number = _QUICK if quick else _ALL
    untimed = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
    settings.register_profile("tests", max_examples=number, **untimed)
    settings.load_profile("tests")


def examples(number: int, **more) -> settings:
    """Return settings for `number` examples, where hypothesis by itself tries 100; fewer in `make test`."""
    return settings(max_examples=max(1, number * settings.default.max_examples // _ALL), **more)
