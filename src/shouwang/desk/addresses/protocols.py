"""Addresses of laboratory tests, of hand-overs between site and home, of discharges and the quorum."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import crossing, laboratory, quorum, results

urlpatterns = [
    path("tests/", laboratory.listed, name="tests"),
    path("tests/send/", laboratory.send, name="tests-send"),
    path("tests/results/", results.results, name="tests-results"),
    path("tests/file/", results.from_file, name="tests-file"),
    path("tests/facts/<uuid:fact_id>/correct/", results.correct, name="test-correct"),
    path("files/<uuid:file_id>/sample/", laboratory.sample, name="test-sample"),
    path("files/<uuid:file_id>/settle/", crossing.settle, name="file-settle"),
    path("files/<uuid:file_id>/home/", crossing.ask, name="file-ask-home"),
    path("files/<uuid:file_id>/send-on/", crossing.send, name="file-send-on"),
    path("hand-overs/", crossing.listed, name="hand-overs"),
    path("hand-overs/<uuid:request_id>/", crossing.answer, name="hand-over-answer"),
    path("people/<uuid:person_id>/discharge/", crossing.discharge, name="discharge"),
    path("quorum/", quorum.gaps, name="quorum"),
]
