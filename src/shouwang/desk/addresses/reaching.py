"""Addresses of reaching people: calls, appointments, workers away, arrivals."""

from __future__ import annotations

from django.urls import path

from shouwang.desk.views import arrivals, away, calls

urlpatterns = [
    path("calls/", calls.calls, name="calls"),
    path("calls/next/", calls.call_next, name="call-next"),
    path("calls/list/", calls.call_list, name="call-list"),
    path("reach/<uuid:reach_id>/", calls.one, name="reach"),
    path("reach/<uuid:reach_id>/attempt/", calls.attempt, name="reach-attempt"),
    path("reach/<uuid:reach_id>/appointment/", calls.appoint, name="reach-appointment"),
    path("reach/<uuid:reach_id>/leave/", calls.leave, name="reach-leave"),
    path("reach/<uuid:reach_id>/number/", calls.number, name="reach-number"),
    path("appointments/<uuid:appointment_id>/end/", calls.appointment_end, name="appointment-end"),
    path("people/<uuid:person_id>/statement/", calls.statement, name="statement"),
    path("away/", away.away, name="away"),
    path("away/add/", away.add, name="away-add"),
    path("away/register/", away.from_register, name="away-register"),
    path("away/<uuid:person_id>/say/", away.say, name="away-say"),
    path("arrivals/", arrivals.arrivals, name="arrivals"),
    path("arrivals/posts/", arrivals.add_post, name="post-add"),
    path("arrivals/posts/<uuid:post_id>/", arrivals.register, name="arrival-register"),
    path("arrivals/<uuid:arrival_id>/meet/", arrivals.meet, name="arrival-meet"),
]
