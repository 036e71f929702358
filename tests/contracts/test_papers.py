"""One red head for every paper: what an office puts above its papers looks alike on all of them."""

from __future__ import annotations

from tests.contracts.source import PACKAGE

RED = 'rgb("#c8101c")'


def test_only_one_template_sets_a_red_head() -> None:
    templates = {str(path.relative_to(PACKAGE)): path.read_text() for path in PACKAGE.rglob("*.typ")}
    assert len(templates) > 10
    red = [name for name, text in templates.items() if RED in text or "fill: red" in text]
    assert red == ["outreach/typst/masthead.typ"]
    used = {name for name, text in templates.items() if "masthead.typ" in text}
    assert used == {"outreach/typst/common.typ", "oversight/typst/redhead.typ"}
