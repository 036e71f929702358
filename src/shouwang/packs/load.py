"""Reading packs (TOML, YAML, canonical JSON), the packs that ship, content hashes."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Hashable
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import yaml

from shouwang.kernel.canon import canonical, content_hash
from shouwang.kernel.errors import Refused
from shouwang.packs.schema import Pack
from shouwang.packs.validate import Problem, schema_problems, validate

MAX_BYTES = 1_000_000
"""A pack is a text of some pages; anything larger is refused unread."""


class PackInvalid(Refused):
    """The text is not a pack that may be used; `problems` name every entry at fault."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("pack-invalid", first=str(problems[0]), count=len(problems))
        self.problems = problems


def load_pack(source: Path | bytes) -> Pack:
    """The pack in a file or in its bytes. Raises `PackInvalid` for errors; warnings do not stop it."""
    raw = read_raw(source)
    pack, problems = check_raw(raw)
    errors = tuple(problem for problem in problems if problem.severity == "error")
    if pack is None or errors:
        raise PackInvalid(errors)
    return pack


def check_raw(raw: object) -> tuple[Pack | None, tuple[Problem, ...]]:
    """The pack in plain data, if its shape is right, and every problem found, warnings included."""
    pack, problems = schema_problems(canonical(raw))
    return (None, problems) if pack is None else (pack, validate(pack))


def read_raw(source: Path | bytes) -> dict[str, Any]:
    """The plain data of a pack's TOML, YAML or JSON. Raises `PackInvalid` when it is none of them."""
    raw = parse_text(source.read_bytes() if isinstance(source, Path) else source)
    if not isinstance(raw, dict):
        raise PackInvalid((Problem("", "pack-unreadable", {"reason": "no table"}),))
    return raw


def parse_text(data: bytes) -> Any:
    """TOML, YAML or JSON as plain data: text keys, days as ISO text. Raises `PackInvalid`."""
    if len(data) > MAX_BYTES:
        raise PackInvalid((Problem("", "pack-too-large", {"bytes": len(data)}),))
    try:
        return _plain(_toml_or_yaml(data.decode("utf-8-sig")))
    except (UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise PackInvalid((Problem("", "pack-unreadable", {"reason": str(error)[:300]}),)) from error


def dump(pack: Pack) -> dict[str, Any]:
    """The plain data of a pack, without defaults: what is hashed and stored."""
    return pack.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def pack_hash(pack: Pack) -> str:
    """SHA-256 of the canonical content: the same policy has the same hash, however its file is written."""
    return content_hash(dump(pack))


def from_canonical(raw: dict[str, Any]) -> Pack:
    """The pack of a stored `dump`. It was validated when stored; only its shape is checked again."""
    return Pack.model_validate_json(canonical(raw))


def builtin_ids() -> tuple[str, ...]:
    """Ids of the packs that ship with the product."""
    return tuple(sorted(entry.name for entry in _data().iterdir() if entry.joinpath("pack.toml").is_file()))


@cache
def builtin(pack_id: str) -> Pack:
    """A pack that ships with the product. Raises `Refused("pack-unknown")`."""
    return load_pack(builtin_source(pack_id))


def builtin_source(pack_id: str) -> bytes:
    """The text of a shipped pack as its author wrote it."""
    if pack_id not in builtin_ids():
        raise Refused("pack-unknown", pack=pack_id)
    return _data().joinpath(pack_id, "pack.toml").read_bytes()


def data_folder(pack_id: str) -> Traversable:
    """The folder of a shipped pack: `pack.toml` and `cases/`."""
    return _data().joinpath(pack_id)


def _data() -> Traversable:
    return files("shouwang.packs").joinpath("data")


def _toml_or_yaml(text: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as toml_error:
        if re.search(r"^\s*\[\[?[\w.-]+\]\]?\s*$", text, re.MULTILINE):
            raise toml_error
        return yaml.load(text, Loader=_PackLoader)  # noqa: S506 - a SafeLoader with fewer types


def _plain(value: object) -> Any:
    """Tables with text keys only; days and clock times as text."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date | datetime) else value


class _PackLoader(yaml.SafeLoader):
    """YAML without its surprises: no aliases, no duplicate keys, `on`/`no` are text, 12:00 is not 720."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not used in packs")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key.value for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.YAMLError(f"a key is given twice: {sorted(k for k in keys if keys.count(k) > 1)[0]}")
        return super().construct_mapping(node, deep)


_PackLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9][0-9]*)$", "-0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:null|~)$", "n~"),
):
    _PackLoader.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))
