"""A few of the random sequences that `make soak` runs by the hundred thousand."""

from __future__ import annotations

from examples import examples
from hypothesis import HealthCheck
from ledger_sequences import Sequences

TestSequences = Sequences.TestCase
TestSequences.settings = examples(100, stateful_step_count=20, suppress_health_check=list(HealthCheck))
