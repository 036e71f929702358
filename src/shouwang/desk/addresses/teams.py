"""Addresses of teams: staffing proposals, rosters, who serves where, standing in for whoever is ill."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import pasted, rosters, serving, staffing, target_team, workers

urlpatterns = [
    path("staff/", staffing.propose, name="staff"),
    path("staff/<uuid:proposal_id>/", staffing.staffing, name="staffing"),
    path("staff/<uuid:proposal_id>/accept/", staffing.accept, name="staffing-accept"),
    path("staff/<uuid:proposal_id>/drop/", staffing.drop, name="staffing-drop"),
    path("assignments/<uuid:assignment_id>/fix/", staffing.fix, name="assignment-fix"),
    path("rosters/", rosters.roster_list, name="rosters"),
    path("rosters/<uuid:roster_id>/", rosters.roster_page, name="roster"),
    path("rosters/<uuid:roster_id>/give/", rosters.give, name="roster-give"),
    path("rosters/<uuid:roster_id>/fill/", rosters.fill, name="roster-fill"),
    path("rosters/<uuid:roster_id>/close/", rosters.close, name="roster-close"),
    path("shifts/<uuid:shift_id>/begin/", rosters.begin, name="roster-begin"),
    path("shifts/<uuid:shift_id>/hand/", rosters.hand, name="roster-hand"),
    path("shifts/<uuid:shift_id>/note/", rosters.note, name="roster-note"),
    path("shifts/<uuid:shift_id>/cancel/", rosters.cancel, name="roster-cancel"),
    path("serving/", serving.serving, name="serving"),
    path("serving/send/", pasted.people, name="serving-send"),
    path("serving/put/", serving.put, name="serving-put"),
    path("teams/<uuid:team_id>/", target_team.team, name="team"),
    path("teams/<uuid:team_id>/assign/", target_team.assign, name="team-assign"),
    path("teams/<uuid:team_id>/leave/", target_team.leave, name="team-leave"),
    path("teams/<uuid:team_id>/unit/", target_team.unit, name="team-unit"),
    path("teams/<uuid:team_id>/watch/", target_team.watch, name="team-watch"),
    path("teams/<uuid:team_id>/off/", target_team.take_off, name="team-off"),
    path("households/<uuid:household_id>/guard/", target_team.guard, name="household-guard"),
    path("workers/<uuid:worker_id>/away/", workers.away, name="worker-away"),
    path("workers/<uuid:worker_id>/back/", workers.back, name="worker-back"),
]
