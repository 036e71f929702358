"""A town's own wording and looks of its papers, and its logo: appended, never changed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.ids import uuid7
from shouwang.outreach import queries, rules, typeset
from shouwang.outreach.models import Logo, PaperTemplate

PERMISSION = "paper.template"
LINE = 40
"""Characters of a red head, an office, a line for the seal at most."""


@transaction.atomic
def save_template(
    *,
    kind: rules.PaperKind,
    area: str,
    title: str,
    body: str,
    style: rules.Style,
    reason: str,
    by: Actor,
    at: datetime,
) -> UUID:
    """Make the next version of a place's wording and looks of one kind of paper; it holds from now on.

    Papers already issued keep theirs. A blank title and body leave the wording to the pack. Refuses
    `reason-missing`, `style-too-long`, `logo-not-found`, and the codes of `rules.read_wording`.
    """
    if not reason.strip():
        raise Refused("reason-missing")
    if max(len(style.office), len(style.red_head), len(style.seal_line)) > LINE:
        raise Refused("style-too-long", most=LINE)
    wording = rules.read_wording(kind, title, body) if title.strip() or body.strip() else None
    logos = Logo.objects.unscoped("of the place itself")
    if style.logo and not logos.filter(area=area, sha256=style.logo).exists():
        raise Refused("logo-not-found")
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"paper-template {area} {kind}"])
    made = PaperTemplate.objects.unscoped("the next version").create(
        **{"id": uuid7(), "area": area, "kind": str(kind)},
        **{"version": queries.last_version(area, kind) + 1, "at": at, "by_id": by.id, "by_name": by.name},
        title=wording.title if wording else "",
        body="\n".join(wording.paragraphs) if wording else "",
        office=style.office.strip(),
        seal_line=style.seal_line.strip(),
        red_head=style.red_head.strip(),
        logo=style.logo,
        reason=reason.strip(),
    )
    append_event(
        verb="outreach.template.saved",
        subject=("paper-template", made.id),
        area=area,
        by=by,
        at=at,
        payload={"kind": str(kind), "version": made.version, "reason": made.reason},
    )
    return made.id


@transaction.atomic
def add_logo(*, area: str, raw: bytes, by: Actor, at: datetime) -> str:
    """Keep a picture for the papers of a place; returns its digest. The same picture again is the same.

    Refuses the codes of `rules.read_picture`, and `logo-damaged` where it cannot be set in print.
    """
    found = rules.read_picture(raw)
    typeset.try_picture(raw, at=at)
    digest = hashlib.sha256(raw).hexdigest()
    logos = Logo.objects.unscoped("of the place itself")
    if logos.filter(area=area, sha256=digest).exists():
        return digest
    logos.create(
        **{"id": uuid7(), "area": area, "sha256": digest, "media": found.media, "width": found.width},
        **{"height": found.height, "raw": raw, "by_id": by.id, "by_name": by.name, "at": at},
    )
    append_event(
        verb="outreach.logo.added",
        subject=("place", area),
        area=area,
        by=by,
        at=at,
        payload={"digest": digest, "media": found.media, "bytes": len(raw)},
    )
    return digest
