"""Tables that follow from the code. What code cannot say (what a thing is good for) stands here in words, keyed by the
code's own names: a name without words, or words without a name, is an error, so neither can go stale unseen.
"""

from __future__ import annotations

from collections.abc import Callable

import about_bench
import about_engines
import about_models
import about_package
import about_types
import words

FACTS: dict[str, Callable[[], str]] = {
    "parts of a type": about_types.parts_of_a_type,
    "rule of the example": lambda: words.part_of_a_file(
        "examples/focus_change/anyedit_focus_change.py", "rule", "python"
    ),
    "entry point of the example": lambda: words.part_of_a_file(
        "examples/focus_change/pyproject.toml", "entry", "toml"
    ),
    "gates of all types": about_types.gates_of_all_types,
    "photograph types": about_types.photograph_types,
    "photograph types with weights": about_types.photograph_types_with_weights,
    "types without fidelity": about_types.types_without_fidelity,
    "engines by role": about_engines.engines_by_role,
    "huggingface engines": about_engines.huggingface_engines,
    "openai settings": about_engines.openai_settings,
    "small networks": about_engines.small_networks,
    "weight carriers": about_engines.weight_carriers,
    "source layouts": about_engines.source_layouts,
    "checkpoint error": about_models.checkpoint_error,
    "guidance scales": about_models.guidance_scales,
    "UNet items": about_models.unet_items,
    "training stages": about_models.training_stages,
    "suites": about_bench.suites,
    "editors": about_bench.editors,
    "protocols": about_bench.protocols,
    "released scripts": about_bench.released_scripts,
    "recipe keys": about_package.recipe_keys,
    "extras": about_package.extras,
    "studio keys": about_package.studio_keys,
    "numbers": about_package.numbers,
    "what runs where": about_package.what_runs_where,
}
