"""No token of a form ever stands in an address: addresses are logged, copied, printed and sent on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.contracts.source import PACKAGE, named

TOKEN = '<input type="hidden" name="csrfmiddlewaretoken">'
INCLUDE = re.compile(r"""{%\s*include\s+["']([^"']+)["'][^%]*%}""")
ELEMENT = re.compile(r"""{%\s*element form\b[^%]*method="(\w+)"[^%]*%}(.*){%\s*endelement\s*%}""", re.S)
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.S)


@cache
def templates() -> dict[str, Path]:
    """Every template by the name it is included with."""
    folders = [folder for folder in PACKAGE.rglob("templates") if folder.is_dir()]
    return {str(path.relative_to(folder)): path for folder in folders for path in folder.rglob("*.html")}


def plain(text: str, depth: int = 0) -> str:
    """A template with what it includes in its place, its token as the field it becomes, and no tags."""
    assert depth < 9, "templates include each other in a ring"

    def put_in(found: re.Match[str]) -> str:
        part = templates().get(found[1])
        return plain(part.read_text(), depth + 1) if part else ""

    whole = ELEMENT.sub(r'<form method="\1">\2</form>', INCLUDE.sub(put_in, text))
    return TAG.sub("", whole.replace("{% csrf_token %}", TOKEN))


class _Forms(HTMLParser):
    """Forms of a page: how they are sent, whether they hold the token, and how else their buttons send them."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.method = ""
        self.methods: set[str] = set()
        self.has_token = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            if self.method:
                self.faults.append("a form stands in a form")
            self.method = said.get("method", "get").lower()
            self.methods = {self.method} | ({"get"} if "hx-get" in said else set())
            self.has_token = False
        if "formmethod" in said:
            self.methods.add(said["formmethod"].lower())
        if said.get("name") == "csrfmiddlewaretoken":
            self.has_token = True
            if not self.method or said.get("form"):
                self.faults.append("the token stands outside its form")
        if any("csrf" in said.get(name, "") for name in ("href", "action", "formaction", "src", "hx-get")):
            self.faults.append("an address names the token")

    def handle_endtag(self, tag: str) -> None:
        if tag != "form":
            return
        if self.has_token and "get" in self.methods:
            self.faults.append("a form with the token is sent by GET")
        if "post" in self.methods and not self.has_token:
            self.faults.append("a form is sent by POST without the token")
        self.method = ""


def faults(text: str) -> Iterator[str]:
    page = _Forms()
    page.feed(plain(text))
    page.close()
    yield from page.faults


def test_no_form_puts_its_token_into_an_address() -> None:
    found = [f"{named(path)}: {fault}" for path in templates().values() for fault in faults(path.read_text())]
    assert len(templates()) > 100
    assert found == []


@pytest.mark.parametrize(
    "planted",
    [
        '<form method="get">{% csrf_token %}<button>去</button></form>',
        "<form>{% csrf_token %}</form>",
        '<form method="post">{% csrf_token %}<button formmethod="get">再排</button></form>',
        '<form method="get"><button formmethod="post">上纸</button>{% csrf_token %}</form>',
        '<form method="post" hx-get="/x">{% csrf_token %}</form>',
        '<form method="get">{% include "desk/parts/language.html" %}</form>',
        '<form method="post"></form>',
        '<a href="?csrfmiddlewaretoken={{ csrf_token }}">x</a>',
    ],
)
def test_a_planted_token_is_found(planted: str) -> None:
    assert list(faults(planted))
