"""Built-in lists and weights are loaded once, by the first that asks; no fork falls into the middle of it.

A process that is forked while another thread loads would wait for that thread, which it has not got.
"""

from __future__ import annotations

import os
from _thread import RLock

#: Held while what is built in is loaded.
LOADING = RLock()

if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=LOADING.acquire, after_in_parent=LOADING.release, after_in_child=LOADING.release)
