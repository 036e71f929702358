"""Addresses of papers: the list, one paper, notices for doors, templates."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import paper_service, paper_templates

urlpatterns = [
    path("papers/", paper_service.papers, name="papers"),
    path("papers/doors/", paper_service.doors, name="paper-doors"),
    path("papers/templates/", paper_templates.every, name="paper-templates"),
    path("papers/templates/logo/", paper_templates.upload, name="paper-logo"),
    path("papers/templates/<slug:kind>/", paper_templates.edit, name="paper-template"),
    path("papers/templates/<slug:kind>/preview/", paper_templates.preview, name="paper-preview"),
    path("papers/templates/<slug:kind>/picture.png", paper_templates.picture, name="paper-picture"),
    path("papers/<uuid:paper_id>/", paper_service.one, name="paper"),
    path("papers/<uuid:paper_id>/serve/", paper_service.serve, name="paper-serve"),
    path("papers/<uuid:paper_id>/revoke/", paper_service.take_back, name="paper-revoke"),
    path("papers/<uuid:paper_id>/reissue/", paper_service.again, name="paper-reissue"),
    path("files/<uuid:file_id>/pledge/", paper_service.pledge, name="file-pledge"),
]
