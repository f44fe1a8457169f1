"""Where scenes take place: `ENVIRONMENTS` by name, each with its geometry, lights and surroundings values."""

from anyedit.world.environments import (  # noqa: F401  (they register themselves)
    grounds,
    harbour,
    homes,
    outdoor,
    streets,
    studio,
    workplaces,
)
from anyedit.world.environments.base import (
    AREAS,
    ENVIRONMENTS,
    SCALES,
    Environment,
    EnvPart,
    environment_of,
)

__all__ = ["AREAS", "ENVIRONMENTS", "SCALES", "EnvPart", "Environment", "environment_of"]
