"""Between tasks memory goes back, and what stays is not looked through again."""

from __future__ import annotations

import gc
import weakref

from anyedit.pipeline.freed import give_back


class Ring:
    """Something that only a collection can free."""

    def __init__(self) -> None:
        self.itself = self


def test_what_a_task_leaves_in_a_ring_is_freed_and_what_stays_is_set_aside() -> None:
    kept = [Ring()]
    give_back()
    aside = gc.get_freeze_count()
    assert aside > 1000  # the libraries at least
    assert all(one is not kept[0] for one in gc.get_objects())  # not looked at again
    left = Ring()
    gone = weakref.ref(left)
    del left
    give_back()
    assert gone() is None
    gc.unfreeze()
