"""Reads the `simulation` section of an equipment profile."""

from models.equipment import Simulation, Spread
from models.profile_document import Part


def read_simulation(part: Part, types: tuple[str, ...]) -> Simulation:
    """The constants of the simulated process. Raises ProfileError with file, line and key."""
    speed = part["speed"]
    simulation = Simulation(
        series_rows=part["series_rows"].integer(),
        type_shares=part["type_shares"].number_for_each(types),
        air_temperature=_spread(part["air_temperature"]),
        temperature_rise=_spread(part["temperature_rise"]),
        torque=_spread(part["torque"]),
        speed_typical=speed["typical"].number(),
        speed_exponent=speed["exponent"].number(),
        speed_noise_sd=speed["noise_sd"].number(),
        speed_clip=speed["clip"].range(),
        wear_per_part=part["wear_per_part"].number_for_each(types),
        tool_life=part["tool_life"].range(),
        tool_failure_share=part["tool_failure_share"].number(),
        random_failure_share=part["random_failure_share"].number(),
    )
    if abs(sum(simulation.type_shares) - 1.0) > 1e-9:
        raise part["type_shares"].refuse("must add up to 1")
    speed.close()
    part.close()
    return simulation


def _spread(part: Part) -> Spread:
    spread = Spread(part["mean"].number(), part["sd"].number())
    part.close()
    return spread
