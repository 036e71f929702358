"""One shape for every room: no clock, actions alike, nothing too long, everything says what it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.contracts.source import (
    PACKAGE,
    actions_files,
    docstrings,
    floors,
    named,
    python_files,
    room_of,
    tracked,
    tree,
)

READS_CLOCKS = {"jobs", "desk", "fieldapi", "public", "demo", "cli", "config"}
UUID7 = PACKAGE / "kernel" / "ids.py"
_CLOCK_CALLS = {"now", "today", "utcnow", "localtime", "time_ns", "localdate", "gmtime"}
_CLOCK_NAMES = {"Now", "TransactionNow", "CurrentDate"}
_CLOCK_SQL = re.compile(
    r"\b(now\s*\(\s*\)|current_(date|time|timestamp)\b|(clock|statement|transaction)_timestamp)", re.I
)


def clock_readings(module: ast.Module) -> Iterator[int]:
    """Lines at which code asks what time it is: in Python, through the ORM or in SQL."""
    described = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            on_time = isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "time"
            if name in _CLOCK_CALLS | _CLOCK_NAMES or (on_time and name in {"time", "monotonic"}):
                yield node.lineno
        elif isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node.value.lineno
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) in described:
                continue
            if _CLOCK_SQL.search(node.value) and "uuid_send(" not in node.value:  # a UUIDv7 made in SQL
                yield node.lineno


def test_the_domain_never_asks_what_time_it_is() -> None:
    found = [
        f"{named(path)}:{line}"
        for path in python_files()
        if room_of(path) not in READS_CLOCKS and path != UUID7
        for line in clock_readings(tree(path))
    ]
    assert not found, "time is passed in (BRIEF, Time): " + ", ".join(found)


@pytest.mark.parametrize(
    "line",
    [
        "datetime.now(UTC)",
        "timezone.now()",
        "date.today()",
        "time.time()",
        "x.filter(at__lte=Now())",
        "cursor.execute('select now()')",
        "cursor.execute('... where due < CURRENT_TIMESTAMP')",
        "models.DateTimeField(auto_now_add=True)",
        "settings.CLOCK.now()",
    ],
)
def test_a_planted_clock_is_found(line: str) -> None:
    assert list(clock_readings(ast.parse(line)))


def _functions(module: ast.Module) -> dict[str, ast.FunctionDef]:
    return {node.name: node for node in module.body if isinstance(node, ast.FunctionDef)}


def _called(function: ast.FunctionDef) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            called = node.func
            found.add(called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""))
    return found


def appending() -> set[str]:
    """Names of the functions that append an event, themselves or through another one."""
    calls: dict[str, set[str]] = {}
    for path in python_files():
        for name, function in _functions(tree(path)).items():
            calls.setdefault(name, set()).update(_called(function))
    found = {"append_event"}
    while more := {name for name, called in calls.items() if called & found} - found:
        found |= more
    return found


def _is_part(function: ast.FunctionDef) -> bool:
    """A piece of another action says so: "inside the caller's action"."""
    return "inside the caller's action" in (ast.get_docstring(function) or "")


def _opens_a_transaction(function: ast.FunctionDef) -> bool:
    return any(ast.unparse(node) in {"transaction.atomic", "atomic"} for node in ast.walk(function))


def torn() -> set[str]:
    """Names of functions that append outside a transaction of their own: themselves, or by what they call."""
    functions = [f for path in actions_files() for f in _functions(tree(path)).values()]
    loose = {"append_event"}
    while (
        more := {
            f.name
            for f in functions
            if not _opens_a_transaction(f) and _called(f) & loose and not _is_part(f)
        }
        - loose
    ):
        loose |= more
    return loose


def _wrong_with(function: ast.FunctionDef, appends: set[str], loose: set[str]) -> Iterator[str]:
    arguments = function.args
    keywords = {a.arg for a in arguments.kwonlyargs}
    if arguments.args or arguments.posonlyargs or arguments.vararg:
        yield "takes positional arguments"
    if missing := {"by", "at"} - keywords:
        yield f"does not take {', '.join(sorted(missing))}"
    if function.name in loose:
        yield "is not atomic"
    if function.name not in appends:
        yield "appends no event"


def _offered(path: Path) -> set[str]:
    """Public names of an actions or queries module; of a package, what its `__init__` offers."""
    if path.name in {"actions.py", "queries.py"}:
        return {name for name in _functions(tree(path)) if not name.startswith("_")}
    front = tree(path.parent / "__init__.py")
    return {
        alias.asname or alias.name
        for node in ast.walk(front)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"shouwang.{room_of(path)}.")
        for alias in node.names
    }


def _public_actions() -> list[tuple[str, ast.FunctionDef]]:
    return [
        (f"{named(path)}: {name}", function)
        for path in actions_files()
        if room_of(path) != "journal"  # the journal's own action is the event
        for name, function in _functions(tree(path)).items()
        if name in _offered(path) and not _is_part(function)
    ]


def test_an_action_is_keyword_only_atomic_and_journaled() -> None:
    appends, loose = appending(), torn()
    wrong = [f"{where} {what}" for where, f in _public_actions() for what in _wrong_with(f, appends, loose)]
    assert _public_actions()
    assert not wrong, "\n".join(wrong)


def test_a_part_of_an_action_leaves_the_transaction_and_the_event_to_its_caller() -> None:
    for path in actions_files():
        for name, function in _functions(tree(path)).items():
            if _is_part(function):
                assert "append_event" not in _called(function), f"{named(path)}: {name}"
                assert not function.args.vararg, f"{named(path)}: {name}"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("@transaction.atomic\ndef do(x, *, by, at): append_event()", "takes positional arguments"),
        ("@transaction.atomic\ndef do(*, by): append_event()", "does not take at"),
        ("def do(*, by, at): append_event()", "is not atomic"),
        ("@transaction.atomic\ndef do(*, by, at): pass", "appends no event"),
    ],
)
def test_a_planted_action_out_of_shape_is_found(text: str, what: str) -> None:
    function = ast.parse(text).body[0]
    assert isinstance(function, ast.FunctionDef)
    appends = {"do"} if "append_event" in text else set()
    loose = {"do"} if "atomic" not in text else set()
    assert list(_wrong_with(function, appends, loose)) == [what]


def test_queries_of_scoped_rooms_take_the_scope_first() -> None:
    """The first argument is `scope`; what is read to build one, or alike for everyone, says why it is not."""
    wrong = []
    for path in python_files():
        inside = path.relative_to(PACKAGE).parts
        if len(inside) < 2 or inside[1].removesuffix(".py") != "queries":
            continue
        for name, function in _functions(tree(path)).items():
            first = [*function.args.posonlyargs, *function.args.args][:1]
            if name not in _offered(path) or _says_why_unscoped(function):
                continue
            if first and (first[0].arg == "scope" or _is_row(first[0], path)):
                continue
            wrong.append(f"{named(path)}: {name}")
    assert not wrong, "no scope, and no word why in the docstring: " + ", ".join(wrong)


def _says_why_unscoped(function: ast.FunctionDef) -> bool:
    return bool(re.search(r"\b(un)?scope[ds]?\b|verify`", ast.get_docstring(function) or "", re.I))


def _is_row(argument: ast.arg, path: Path) -> bool:
    """A row already in hand was reached through a scope."""
    room = PACKAGE / room_of(path)
    models = [room / "models.py", *room.glob("models/*.py")]
    tables = {n.name for p in models if p.exists() for n in tree(p).body if isinstance(n, ast.ClassDef)}
    return argument.annotation is not None and ast.unparse(argument.annotation) in tables


FORBIDDEN_NAMES = {"utils", "helpers", "services", "managers", "signals", "util", "helper", "common", "misc"}


def test_no_module_is_named_for_having_no_place() -> None:
    named_so = [named(p) for p in python_files() if {p.stem, *p.parent.parts} & FORBIDDEN_NAMES]
    assert not named_so


FILE_LINES, FUNCTION_LINES = 500, 60
_LENGTH_COUNTS = {".py", ".ts", ".vue", ".html", ".css"}


def test_no_file_is_over_500_lines() -> None:
    long = [
        f"{named(path)} ({lines})"
        for path in tracked()
        if path.suffix in _LENGTH_COUNTS and "migrations" not in path.parts
        if (lines := path.read_text(errors="replace").count("\n")) > FILE_LINES
    ]
    assert not long, ", ".join(long)


def test_no_function_is_over_60_lines() -> None:
    long = [
        f"{named(path)}: {node.name} ({node.end_lineno - node.lineno + 1})"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno
        and node.end_lineno - node.lineno >= FUNCTION_LINES
    ]
    assert not long, ", ".join(long)


def _describes_itself(node: ast.stmt) -> bool:
    """A docstring, or a `description` that people read (roles)."""
    if isinstance(node, ast.ClassDef) and any(
        isinstance(s, ast.Assign) and "description" in {getattr(t, "id", "") for t in s.targets}
        for s in node.body
    ):
        return True
    return isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef) and bool(
        ast.get_docstring(node)
    )


def test_every_module_public_class_and_function_says_what_it_is() -> None:
    silent = []
    for path in python_files():
        if path.name in {"apps.py", "__init__.py"} and not tree(path).body:
            continue
        if path.name != "apps.py" and not ast.get_docstring(tree(path)):
            silent.append(named(path))
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                continue
            if node.name.startswith("_") or path.name == "apps.py" or _describes_itself(node):
                continue
            silent.append(f"{named(path)}: {node.name}")
    assert not silent, "\n".join(silent)


def test_a_refusal_has_a_kebab_case_code() -> None:
    wrong = []
    for path in python_files():
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refused" and node.args):
                continue
            code = node.args[0]
            if isinstance(code, ast.Constant) and not re.fullmatch(
                r"[a-z][a-z0-9]*(-[a-z0-9]+)+", str(code.value)
            ):
                wrong.append(f"{named(path)}:{node.lineno} {code.value!r}")
    assert not wrong, ", ".join(wrong)


def test_every_room_of_the_source_has_a_floor() -> None:
    rooms = {p.name for p in PACKAGE.iterdir() if (p / "__init__.py").exists()}
    assert rooms == {room for layer in floors() for room in layer}


def test_no_signal_connects_rooms_behind_the_readers_back() -> None:
    found = [
        f"{named(path)}:{node.lineno}"
        for path in python_files()
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("signals")
    ]
    assert not found


_MACHINE = re.compile(r"/(work|root|opt/pypi|Users|home/[a-z]+)/|file:///")


def test_no_tracked_file_names_a_path_of_a_machine() -> None:
    found = []
    for path in tracked():
        if path == Path(__file__).resolve() or path.suffix in {".xlsx", ".gz", ".png", ".woff2", ".pdf"}:
            continue
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
            if _MACHINE.search(line):
                found.append(f"{named(path)}:{number}")
    assert not found, ", ".join(found[:20])
