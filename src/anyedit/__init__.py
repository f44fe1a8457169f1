"""anyedit: build instruction-based image-editing datasets, train editors on them, measure editors.

Everything the command `anyedit` does is here in Python; heavy parts are imported on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = [
    "audit_gates",
    "build",
    "calibrate",
    "carriers",
    "compare",
    "contact_sheet",
    "doctor",
    "edit",
    "export",
    "export_anysd",
    "export_decisions",
    "fidelity",
    "import_anysd",
    "import_published",
    "install_carriers",
    "list_types",
    "load_recipe",
    "open_studio",
    "reproduce",
    "run_suite",
    "score",
    "tables",
    "train",
    "train_part",
    "why",
]

if TYPE_CHECKING:
    from anyedit.bench.comparing import compare
    from anyedit.bench.report import tables
    from anyedit.bench.run import run_suite
    from anyedit.bench.scoring import score
    from anyedit.inspection import carriers, doctor, install_carriers, list_types, why
    from anyedit.models.convert import export_anysd, import_anysd
    from anyedit.models.editing import edit
    from anyedit.pipeline.audit.report import audit_gates
    from anyedit.pipeline.build import build
    from anyedit.pipeline.calibrate import calibrate
    from anyedit.pipeline.fidelity import fidelity
    from anyedit.pipeline.reproduce import reproduce
    from anyedit.recipe import load_recipe
    from anyedit.store.contact import contact_sheet
    from anyedit.store.export import export
    from anyedit.store.importing import import_published
    from anyedit.studio.decisions import export_decisions
    from anyedit.studio.serve import open_studio
    from anyedit.training.foundation.recipe import train_part
    from anyedit.training.loop import train

_HOMES = {
    "audit_gates": "anyedit.pipeline.audit.report",
    "build": "anyedit.pipeline.build",
    "contact_sheet": "anyedit.store.contact",
    "calibrate": "anyedit.pipeline.calibrate",
    "carriers": "anyedit.inspection",
    "compare": "anyedit.bench.comparing",
    "doctor": "anyedit.inspection",
    "edit": "anyedit.models.editing",
    "export": "anyedit.store.export",
    "export_anysd": "anyedit.models.convert",
    "export_decisions": "anyedit.studio.decisions",
    "fidelity": "anyedit.pipeline.fidelity",
    "import_anysd": "anyedit.models.convert",
    "import_published": "anyedit.store.importing",
    "install_carriers": "anyedit.inspection",
    "list_types": "anyedit.inspection",  # not `types`: that is a module of ours
    "load_recipe": "anyedit.recipe",
    "open_studio": "anyedit.studio.serve",
    "reproduce": "anyedit.pipeline.reproduce",
    "run_suite": "anyedit.bench.run",
    "score": "anyedit.bench.scoring",
    "tables": "anyedit.bench.report",
    "train": "anyedit.training.loop",
    "train_part": "anyedit.training.foundation.recipe",
    "why": "anyedit.inspection",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'anyedit' has no attribute '{name}'")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
