"""How figures of an indicator are combined; apart, as the register asks it without pydantic."""

from __future__ import annotations

# measure -> over economies and over years, where plan.yaml does not say
_COMBINED = {"count": ("sum", "sum"), "number": ("sum", "latest"), "percent": ("average", "latest")}


def over_economies(measure: str, stated: str | None) -> str:
    """Return how the figures of a year become that of the group: sum or average. `stated` is from plan.yaml."""
    return stated or _COMBINED[measure][0]


def over_years(measure: str, stated: str | None) -> str:
    """Return how the figures of several years become one: sum, latest or average. `stated` is from plan.yaml."""
    return stated or _COMBINED[measure][1]
