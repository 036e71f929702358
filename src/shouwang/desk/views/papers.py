"""文书 Papers about a file: the notice, the certificate, the form of the person; each print is recorded."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from shouwang.desk.gate import DeskRequest, act
from shouwang.desk.words import PAPERS
from shouwang.journeys.paper_content import SUBJECT
from shouwang.journeys.person_paper import paper_pdf, print_file
from shouwang.journeys.serve_notice import issue_notice
from shouwang.kernel.errors import Refused
from shouwang.observation.queries import FileRow, files_by_ids
from shouwang.outreach.queries import PaperRow, paper, papers_of


def papers_told(request: DeskRequest, files: Sequence[UUID]) -> list[tuple[PaperRow, str]]:
    """Papers of these files in sight with their titles, newest first; none without the right to issue them."""
    sight = request.scope.only("paper.issue")
    rows = [row for file in files for row in papers_of(sight, SUBJECT, file)] if sight.grants else []
    return [(row, str(PAPERS.get(row.kind, row.kind))) for row in rows]


@act("paper.issue")
def notice(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """Issue the notice of an open file."""
    file = _file(request, file_id)
    issue_notice(file_id=file_id, scope=request.scope, by=request.actor, at=request.at)
    messages.success(request, gettext("The notice is issued; print it and have it signed for."))
    return redirect("person", person_id=file.person_id)


@act("paper.issue")
def print_form(request: DeskRequest, file_id: UUID) -> HttpResponse:
    """The person's file as the paper form, one A4 grid."""
    _file(request, file_id)
    return pdf_answer(print_file(request.scope, file_id, by=request.actor, at=request.at), gettext("File"))


@act("paper.issue")
def print_paper(request: DeskRequest, paper_id: UUID) -> HttpResponse:
    """A paper as it was issued."""
    held = paper(request.sight, paper_id)
    told = paper_pdf(request.scope, paper_id, by=request.actor, at=request.at)
    return pdf_answer(told, str(PAPERS.get(held.kind, held.kind)))


def _file(request: DeskRequest, file_id: UUID) -> FileRow:
    file = files_by_ids(request.sight, [file_id]).get(file_id)
    if file is None:
        raise Refused("file-not-found")
    return file


def pdf_answer(content: bytes, title: str) -> HttpResponse:
    """A PDF to be looked at in the browser, under its title."""
    answer = HttpResponse(content, content_type="application/pdf")
    answer["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(title)}.pdf"
    return answer
