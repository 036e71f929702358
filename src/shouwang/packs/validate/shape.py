"""The shape of a pack: what keeps a text from being one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import ValidationError

from shouwang.packs.schema import Pack
from shouwang.packs.validate.problems import Problem


def schema_problems(text: str) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack in a JSON text, or what keeps it from being one."""
    try:
        return Pack.model_validate_json(text), ()
    except ValidationError as invalid:
        return None, tuple(
            _from_pydantic(error["loc"], error["type"], error.get("ctx") or {}, error["msg"])
            for error in invalid.errors(include_url=False, include_input=False)
        )


def _from_pydantic(
    loc: tuple[int | str, ...], kind: str, context: Mapping[str, object], message: str
) -> Problem:
    path = _path(loc)
    if kind.startswith("condition-"):
        inner = str(context.get("path", ""))
        full = f"{path}.{inner}" if inner else path
        return Problem(full, kind, {k: v for k, v in context.items() if k != "path"})
    codes = {"missing": "entry-missing", "extra_forbidden": "entry-unknown"}
    return Problem(path, codes.get(kind, "entry-wrong"), {"reason": message})


def _path(loc: Iterable[int | str]) -> str:
    told = ""
    for step in loc:
        told += f"[{step}]" if isinstance(step, int) else f".{step}" if told else str(step)
    return told
