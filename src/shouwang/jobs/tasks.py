"""Background tasks. Each is thin: it calls one journey or action with the instant of the tick.

No queue survives `kill -9` by itself; what is owed are rows (alerts with their next climb), claimed and
swept by the tick, so that a lost job is harmless (STACK.md, background).
"""

from __future__ import annotations
