"""What a rule answers: yes or no, and why, in codes that an interface puts into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Reason:
    """One ground of a decision: a kebab-case code and the values its sentence needs."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer of a question rule (`may_release`, …). Truthy when the thing may be done."""

    allowed: bool
    reasons: tuple[Reason, ...] = ()

    def __bool__(self) -> bool:
        return self.allowed

    @classmethod
    def yes(cls, *reasons: Reason) -> Decision:
        return cls(True, reasons)

    @classmethod
    def no(cls, *reasons: Reason) -> Decision:
        return cls(False, reasons)
