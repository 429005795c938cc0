"""Registers the demo fleet, so that its machines stand in their production lines before they have said a word."""

import httpx
from fastapi import FastAPI

from gateway.settings import GatewaySettings
from ingest.settings import IngestSettings
from models.fleet import Fleet
from models.profile import Profile


async def register_demo(app: FastAPI, settings: GatewaySettings, demo: IngestSettings, profile: Profile) -> None:
    """Register the machines that ingest will simulate, through the gateway's own door, as a plant system would.

    `app` is the gateway, already running. Nothing to do without a fleet.
    """
    if not demo.fleet:
        return
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://gateway") as client:
        for member in Fleet(profile, demo.fleet, demo.fleet_seed).members:
            facts = {"equipment": profile.name, "product_type": member.product_type, "line": member.line}
            (await client.put(f"{settings.prefix}/machines/{member.machine_id}", json=facts)).raise_for_status()
