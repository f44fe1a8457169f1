"""What a recipe asks for, held against what its source, its engines and the edit types can do: before any work."""

from __future__ import annotations

from collections.abc import Iterable

from anyedit.edits import edit_types, type_of
from anyedit.edits.instructed import Instructable
from anyedit.edits.judged import checks_of, gates_of
from anyedit.engines.toolbox import played
from anyedit.engines.tools import ROLES
from anyedit.errors import AnyEditError, RecipeError, nearest
from anyedit.recipe import PairSource, PhotoSource, Recipe, WorldSource


def known_engines(recipe: Recipe) -> None:
    """The source's options need engines; say which are missing before any work."""
    source = recipe.source
    if not isinstance(source, PhotoSource):
        return
    from anyedit.engines.toolbox import tools

    known = tools(recipe.engines)
    for asked, role in ((source.recaption != "never", "describe"), (source.counterfactual > 0, "generate")):
        if asked and not known.has(role):
            key = "recaption" if role == "describe" else "counterfactual"
            raise RecipeError(f"source.{key} needs an engine of the role '{role}'; name one: engines.{role}")


def possible_types(recipe: Recipe) -> tuple[str, ...]:
    """The types that the recipe's kind of source can serve."""
    source = recipe.source
    if isinstance(source, PairSource):
        return tuple(edit_types())
    roles = played(recipe.engines)
    return tuple(
        name
        for name, kind in edit_types().items()
        if isinstance(source, WorldSource)
        # An editor is told in words, so it serves every type for which a language model finds words.
        or (recipe.route_of(name) == "instruct" and recipe.instructions.writer == "llm")
        or (
            kind.serves_photographs(None if recipe.route_of(name) == "instruct" else roles)
            and getattr(kind, "given", "") in ("", getattr(source, "gives", ""))
        )
    )


def served_types(recipe: Recipe) -> tuple[str, ...]:
    """`possible_types`; a type of the recipe's that lacks an engine is named with the engine. Raises RecipeError."""
    roles = played(recipe.engines)
    for name in recipe.types:
        kind = edit_types().get(name)
        lacking = [role for role in kind.asks if role not in roles] if kind is not None else []
        told = recipe.route_of(name) == "instruct"
        if lacking and isinstance(recipe.source, PhotoSource) and not told and recipe.types[name] > 0:
            ways = " and ".join(f"engines.{role} ({ROLES[role][1]})" for role in lacking)
            raise RecipeError(
                f"recipe '{recipe.name}': {name} of photographs needs {ways}; name one, or take {name} out of types"
            )
    return possible_types(recipe)


def known_gates(recipe: Recipe) -> None:
    """A limit for a rule that no type has would do nothing; say so before any work."""
    for key in recipe.gates:
        name, _, rule = key.partition(".")
        try:
            kind = type_of(name)
        except AnyEditError as error:
            raise RecipeError(f"gates: '{key}': {error}; a key is 'type.rule'") from None
        if recipe.route_of(kind.name) == "instruct":
            kind = Instructable(kind)
        rules = {known.name for known in (*checks_of(kind, recipe.presets), *gates_of(kind, recipe.presets))}
        if rule not in rules:
            raise RecipeError(f"gates: {name} has no rule '{rule}'{nearest(rule, rules)}")


def not_applied(recipe: Recipe, types: Iterable[str]) -> dict[str, list[str]]:
    """Rule -> the roles that no engine of the recipe plays, without which nothing measures it: it rejects nothing."""
    from anyedit.engines.toolbox import tools

    found: dict[str, list[str]] = {}
    roles = tools(recipe.engines).measuring
    for kind in map(type_of, types):
        for rule in (*checks_of(kind, recipe.presets), *gates_of(kind, recipe.presets)):
            if lacking := rule.lacking(roles):
                found[rule.name] = list(lacking)
    return dict(sorted(found.items()))


def asked_engines(recipe: Recipe) -> None:
    """A mistake in an engine's settings must not be found after an hour of work; making an engine loads no weights."""
    from anyedit.engines.toolbox import tools

    for further in ({}, *recipe.candidates.engines):
        made = tools({**recipe.engines, **further})
        made.versions()
    needed = {
        "write": recipe.instructions.writer == "llm",
        "judge": "judge" in recipe.presets or recipe.candidates.rewrite,
        "perceptual": "perceptual" in recipe.presets,
    }
    routes = recipe.route.values() if isinstance(recipe.route, dict) else (recipe.route,)
    needed["follow"] = "instruct" in routes
    for role, asked in needed.items():
        if asked and not tools(recipe.engines).has(role):
            raise RecipeError(
                f"engines: the recipe needs an engine for the role '{role}'; name one: engines.{role}"
            )
