"""The 25 edit types, one file each, found by folder. `edit_types()` lists them in canonical order."""

from __future__ import annotations

from anyedit.edits.base import Case, EditType, Outcome, Rule, edit_types, type_of

__all__ = ["Case", "EditType", "Outcome", "Rule", "edit_types", "type_of"]
