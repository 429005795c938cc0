"""The gateway's database: the only place that speaks SQL. Functions take a `Store` and raise `StoreAway`."""

from gateway.store.engine import Store, StoreAway
from gateway.store.postgres import Limits

__all__ = ["Limits", "Store", "StoreAway"]
