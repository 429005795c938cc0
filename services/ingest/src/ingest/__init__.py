"""Ingest: the doors for readings. Identity, units, ranges and event time are checked here; nothing is scored."""
