"""Registers the demo fleet, so that its machines stand in their production lines before they have said a word."""

from collections.abc import Sequence

import httpx
from fastapi import FastAPI

from ingest.settings import IngestSettings
from models.fleet import Fleet, Member
from models.profile import load_profile


def demo_members(equipment: str, settings: IngestSettings) -> Sequence[Member]:
    """The machines that ingest will simulate; none without a fleet. Raises ProfileError."""
    return Fleet(load_profile(equipment), settings.fleet, settings.fleet_seed).members if settings.fleet else ()


async def register_demo(gateway: FastAPI, prefix: str, equipment: str, members: Sequence[Member]) -> None:
    """Register `members` through the gateway's own door, as a person or a plant system would."""
    transport = httpx.ASGITransport(app=gateway)
    async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as client:
        for member in members:
            facts = {"equipment": equipment, "product_type": member.product_type, "line": member.line}
            (await client.put(f"{prefix}/machines/{member.machine_id}", json=facts)).raise_for_status()
