"""Faults and the ledger: what was accepted is compared, id by id, with what the platform kept."""
