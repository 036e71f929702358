"""Putting a Word template in the stead of the built-in one."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction

from shouwang.journal.actions import append_event
from shouwang.kernel.actor import Actor
from shouwang.kernel.errors import Refused
from shouwang.kernel.scope import Scope
from shouwang.oversight.forms import Laid, check_template
from shouwang.oversight.models import ReportTemplate


@transaction.atomic
def set_template(
    *, scope: Scope, area: str, form: str, content: bytes, sample: Laid, by: Actor, at: datetime
) -> str:
    """Keep a docx as the template of a form from now on; empty `content` puts the built-in one back.

    It is tried with `sample` first. Reports closed before keep printing by the one that stood then. Returns
    the hash. Refuses `place-not-found`, `template-too-large`, `template-unusable`.
    """
    if not area or not scope.allows("report.close", area):
        raise Refused("place-not-found", area=area)
    if content:
        check_template(content, sample)
    digest = hashlib.sha256(content).hexdigest()
    row = ReportTemplate.objects.create(
        **{"area": area, "form": form, "content": content, "hash": digest},
        **{"by_id": by.id, "by_name": by.name, "at": at},
    )
    append_event(
        verb="oversight.template.set",
        subject=("template", row.id),
        area=area,
        by=by,
        at=at,
        payload={"form": form, "hash": digest, "built_in": not content},
    )
    return digest
