"""A few of the random sequences that `make soak` runs by the hundred thousand."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from ledger_sequences import Sequences

TestSequences = Sequences.TestCase
TestSequences.settings = settings(
    max_examples=200, stateful_step_count=20, suppress_health_check=list(HealthCheck)
)
