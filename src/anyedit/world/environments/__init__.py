"""Where scenes take place: `ENVIRONMENTS` by name, each with its geometry, lights and surroundings values."""

from anyedit.world.environments import indoor, outdoor, studio, town  # noqa: F401  (they register themselves)
from anyedit.world.environments.base import (
    AREAS,
    ENVIRONMENTS,
    SCALES,
    Environment,
    EnvPart,
    environment_of,
)

__all__ = ["AREAS", "ENVIRONMENTS", "SCALES", "EnvPart", "Environment", "environment_of"]
