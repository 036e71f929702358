"""Refusals: the one error the domain raises at a person.

A refusal has a kebab-case code, the same in Python, the API and TypeScript, and parameters. The
sentence that a person reads is made at the interface, in that person's language.
"""

from __future__ import annotations


class Refused(Exception):
    """The action was not done, and nothing of it was written.

    `code` is kebab-case and stable; `params` are the plain values that the sentence needs (row, field, …).
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        if not self.params:
            return self.code
        told = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code} ({told})"


class Unscoped(RuntimeError):
    """A scoped table was read without saying for whom. Always a programming error (ARCHITECTURE, idea 4)."""
