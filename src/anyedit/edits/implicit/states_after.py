"""Causes after which a thing is in another state: what kinds say in `effects`, and states that speak for themselves."""

from __future__ import annotations

from anyedit.edits.implicit.cause import befalling
from anyedit.world.kinds import kind_of
from anyedit.world.scene import Item


def _effect(
    key: str,
    event: str,
    past: str,
    name: str | None = None,
    state_has: str = "",
    state_lacks: str = "\0",
    plant: bool | None = None,
) -> None:
    def new_state(item: Item) -> str | None:
        kind = kind_of(item.kind)
        state = kind.effects.get(key)
        usual = kind.states[0] if kind.states else None
        if plant is not None and plant != (kind.category == "plant"):
            return None
        if state is None or (item.state or usual) == state or state_has not in state or state_lacks in state:
            return None
        return state

    befalling(
        name or key,
        event,
        past,
        lambda scene, item: new_state(item) is not None,
        lambda scene, item: scene.changed(item.id, state=new_state(item)),
    )


def _state(
    name: str, event: str, past: str, before: tuple[str, ...], after: tuple[str, ...], unless: str = ""
) -> None:
    """From a state of `before` to the first of `after` that the kind knows, `unless` it has that effect."""

    def new_state(item: Item) -> str | None:
        states = kind_of(item.kind).states
        if unless in kind_of(item.kind).effects:
            return None
        now = item.state or (states[0] if states else None)
        return next((state for state in after if state in states), None) if now in before else None

    befalling(
        name,
        event,
        past,
        lambda scene, item: new_state(item) is not None,
        lambda scene, item: scene.changed(item.id, state=new_state(item)),
    )


_effect("light", "{object} is lit", "{object} has been lit")
_effect("melt", "{object} is left in the sun for hours", "{object} has stood in the sun for hours")
_effect(
    "water_missing", "{object} is not watered for weeks", "nobody has watered {object} for weeks", plant=True
)
_effect("water_missing", "{object} runs dry", "{object} has run dry", name="runs dry", plant=False)
_effect("burn_out", "{object} burns out", "{object} has burnt out")
_effect("eat", "someone eats {object}", "someone has eaten {object}")
_effect("deflate", "{object} loses its air", "{object} has lost its air")
_effect("grow", "{object} grows for a few weeks", "{object} has grown for a few weeks")
_effect("tire", "{object} gets tired", "{object} has got tired")
_effect("switch_off", "someone switches {object} off", "someone has switched {object} off")
_effect("switch_on", "someone switches {object} on", "someone has switched {object} on", state_lacks="light")
_effect(
    "switch_on",
    "the lights of {object} are turned on",
    "the lights of {object} have been turned on",
    name="lights on",
    state_has="light",
)
_effect("wind", "a strong wind reaches {object}", "a strong wind has reached {object}")
_effect("storm", "a storm threatens {object}", "a storm has come up around {object}")
_effect("take_off", "{object} takes off", "{object} has taken off")
_effect("open", "someone opens {object}", "someone has opened {object}")
_effect("close", "someone closes {object}", "someone has closed {object}")
_effect("pop", "someone pricks {object} with a needle", "someone has pricked {object} with a needle")
_effect("pierce", "a thorn pierces {object}", "a thorn has pierced {object}")
_effect("burst", "{object} bursts", "{object} has burst")
_effect("calm", "the wind around {object} dies down", "the wind around {object} has died down")
_effect("shoot", "someone shoots an arrow at {object}", "someone has shot an arrow at {object}")
_effect("scramble", "a child plays with {object}", "a child has played with {object}")
_effect("wait", "we wait a minute at {object}", "we have waited a minute at {object}")
for _name, _event, _past, _before, _after, _unless in (
    (
        "blown out",
        "someone blows {object} out",
        "someone has blown {object} out",
        ("lit", "burning"),
        ("unlit",),
        "-",
    ),
    (
        "opened",
        "someone opens {object}",
        "someone has opened {object}",
        ("closed", "shut"),
        ("open",),
        "open",
    ),
    (
        "closed",
        "someone closes {object}",
        "someone has closed {object}",
        ("open",),
        ("closed", "shut"),
        "close",
    ),
    (
        "bulb fails",
        "the bulb of {object} fails",
        "the bulb of {object} has failed",
        ("on",),
        ("off",),
        "switch_off",
    ),
    ("turned on", "{object} is turned on", "{object} has been turned on", ("off",), ("on",), "switch_on"),
    ("hoisted", "{object} is hoisted", "{object} has been hoisted", ("lowered",), ("raised",), "-"),
    (
        "tired",
        "{object} gets tired",
        "{object} has got tired",
        ("standing", "walking", "running", "jumping"),
        ("lying", "sleeping", "sitting"),
        "tire",
    ),
):
    _state(_name, _event, _past, _before, _after, _unless)
