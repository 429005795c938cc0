"""Standalone: inference, ingest and gateway in one process, on an embedded log and SQLite. Wiring only."""
