"""The contract of the event log: one suite, run against every implementation."""
