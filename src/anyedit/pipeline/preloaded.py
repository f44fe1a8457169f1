"""What every worker needs, imported once: workers are forks of a process that has imported this and nothing else.

Nothing here starts threads of ours, which would not survive a fork: Mitsuba, the denoiser and the text reader's
networks are loaded by each worker.
"""

import gc
from contextlib import suppress

import anyedit.pipeline.task
import anyedit.world.layout
import anyedit.world.render  # noqa: F401
from anyedit.edits import edit_types
from anyedit.world.kinds import kinds

with suppress(ImportError):
    import rapidocr  # noqa: F401
edit_types()
kinds()
gc.collect()
gc.freeze()  # no collection looks at these again, so their pages stay shared
