"""The tables: foreign keys look down, personal fields are declared, whoever reads says for whom."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from shouwang.journal.scoped import ScopedManager, ScopedQuerySet
from shouwang.kernel.errors import Unscoped
from tests.contracts.source import floor_of

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("shouwang.") and not model._meta.auto_created
]


def _name(model: type[models.Model]) -> str:
    return model._meta.label


def _room(model: type[models.Model]) -> str:
    return model.__module__.split(".")[1]


def _links(model: type[models.Model]) -> list[models.ForeignKey]:  # type: ignore[type-arg]
    return [f for f in (*model._meta.fields, *model._meta.many_to_many) if f.remote_field is not None]


@pytest.mark.parametrize("model", OURS, ids=_name)
def test_a_foreign_key_looks_down_and_leaves_no_name_behind(model: type[models.Model]) -> None:
    for link in _links(model):
        target = link.related_model
        assert link.remote_field.related_name == "+", f"{link}: related_name"
        assert isinstance(target, type), link
        if not target.__module__.startswith("shouwang."):
            continue
        same, below = _room(target) == _room(model), floor_of(_room(target)) > floor_of(_room(model))
        assert same or below, f"{link} looks up to {_room(target)}"


PERSONAL_WORDS = {
    *("name", "head_name", "telephone", "phone", "address", "address_key", "door", "birth_date", "sex"),
    *("sealed", "digest", "tail_digest", "email", "old_sealed", "new_sealed", "sort_key", "initials"),
    *("contact", "symptoms", "passport", "national_id"),
}
"""Field names that hold something about a human being unless `PUBLIC` says otherwise."""

NOT_PERSONAL = {
    "places.Place.name": "the name of a place",
    "ledgers.ExportReceipt.digest": "the hash of a file",
    "places.PlaceAlias.name": "another name of a place",
    "screening.Post.name": "the name of a checkpoint",
    "screening.Sweep.name": "what a round is called",
    "screening.DoorVisit.door": "a link to the door of the round",
    "screening.SweepPerson.door": "a link to the door of the round",
    "observation.RoundSheet.symptoms": "the columns printed on the sheet, of the pack",
    "workforce.TeamTarget.name": "the name of a site, a post or a firm",
}
"""Fields with such a name that are not personal, and why."""


def _personal(model: type[models.Model]) -> dict[str, str]:
    declared: dict[str, str] = getattr(model, "PERSONAL", {})
    return declared


@pytest.mark.parametrize("model", OURS, ids=_name)
def test_personal_fields_are_declared_with_class_and_retention(model: type[models.Model]) -> None:
    fields = {f.name for f in model._meta.fields}
    declared = _personal(model)
    assert set(declared) <= fields, f"declared, but not there: {set(declared) - fields}"
    for field, text in declared.items():
        kind, _, retention = text.partition(";")
        assert kind.strip(), f"{field}: no class"
        assert retention.strip(), f"{field}: no retention"
    silent = {
        field
        for field in fields & PERSONAL_WORDS - set(declared)
        if f"{_name(model)}.{field}" not in NOT_PERSONAL
    }
    assert not silent, f"{_name(model)}: say class and retention in PERSONAL: {sorted(silent)}"


@pytest.mark.parametrize("model", OURS, ids=_name)
def test_the_docstring_of_a_table_begins_with_the_term_of_the_field(model: type[models.Model]) -> None:
    first = (model.__doc__ or "").strip().splitlines()[0]
    assert any("一" <= character <= "鿿" for character in first.split(":")[0].split(" ")[0]), first


def _area_column(model: type[models.Model]) -> str | None:
    column: str = getattr(model, "AREA_COLUMN", "area")
    here: type[models.Model] = model
    for step in column.split("__"):
        field = {f.name: f for f in here._meta.fields}.get(step)
        if field is None or field.null:
            return None
        here = field.related_model if isinstance(field.related_model, type) else here
    return column


def _is_scoped(model: type[models.Model]) -> bool:
    return isinstance(model._default_manager, ScopedManager)


def _hangs_on_a_scoped_row(model: type[models.Model]) -> bool:
    """Reached only through a row that has been reached through a scope: an identifier hangs on its person."""
    return any(
        isinstance(link.related_model, type) and _is_scoped(link.related_model) and not link.null
        for link in _links(model)
    )


@pytest.mark.parametrize("model", OURS, ids=_name)
def test_a_table_is_scoped_or_hangs_on_one_that_is_or_says_why_not(model: type[models.Model]) -> None:
    if _is_scoped(model):
        assert _area_column(model), f"{_name(model)} has no area column"
        return
    if why := getattr(model, "UNSCOPED", ""):
        assert len(why) > 10
        return
    assert not _area_column(model), f"{_name(model)} has an area but not the ScopedManager"
    assert _hangs_on_a_scoped_row(model), (
        f"{_name(model)}: no area, hangs on nothing scoped, no UNSCOPED = 'why'"
    )


SCOPED = [model for model in OURS if _is_scoped(model)]


@pytest.mark.django_db
@pytest.mark.parametrize("model", SCOPED, ids=_name)
def test_reading_without_a_scope_raises(model: type[models.Model]) -> None:
    everything = model._default_manager.all()
    assert isinstance(everything, ScopedQuerySet)
    for read in (
        lambda: list(everything),
        lambda: list(everything.values_list("pk")),
        lambda: list(everything.values("pk")[:1]),
        lambda: everything.first(),
        lambda: everything.get(pk=None),
        lambda: everything.count(),
        lambda: everything.exists(),
        lambda: everything.in_bulk(),
        lambda: list(everything.iterator()),
        lambda: everything.aggregate(n=models.Count("pk")),
        lambda: everything.delete(),
        lambda: bool(everything),
        lambda: len(everything),
        lambda: list(everything.filter(pk=None).order_by("pk").distinct()),
        lambda: list(model._default_manager.within(_nobody()).filter(pk__in=everything)),
    ):
        with pytest.raises(Unscoped):
            read()


@pytest.mark.django_db
@pytest.mark.parametrize("model", SCOPED, ids=_name)
def test_a_scope_without_grants_sees_no_row(model: type[models.Model]) -> None:
    assert not model._default_manager.within(_nobody()).exists()


def _nobody():  # type: ignore[no-untyped-def]
    from shouwang.kernel.scope import Scope

    return Scope("nobody", ())
