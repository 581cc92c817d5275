"""Needs attention: what got stuck, for those who can do something about it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.commands import post
from engine.commands.cases import attention as commands
from storage.database import reading, transaction
from web.access import guard
from web.pages.cases.known import find
from web.pages.monitoring.attention_view import attention
from web.site.page import back_to, database, me, now, page

pages = Blueprint("attention", __name__)


@pages.get("/attention")
@guard.allowed(policy.may_see_attention)
def index() -> ResponseReturnValue:
    """Jobs that gave up, cases that got stuck, tasks of roles that nobody holds."""
    with reading(database()) as connection:
        found = attention(connection, me(), now(), request.args)
    return page("monitoring/attention/index.html", found=found, done=request.args.get("done", ""))


@pages.post("/attention/jobs/<uuid:job_id>/retry")
@guard.allowed(policy.may_see_attention)
def retry(job_id: UUID) -> ResponseReturnValue:
    """Let a job that gave up try again."""
    with transaction(database()) as store:
        commands.try_again(store, me(), job_id, now())
    return back_to("attention.index", done="job")


@pages.post("/attention/cases/<uuid:case_id>/look-again")
@guard.allowed(policy.may_see_attention)
def look_again(case_id: UUID) -> ResponseReturnValue:
    """Let a case go on, from the list. Whoever looks after Headway may do so without reading the case."""
    with transaction(database()) as store:
        commands.let_go_on(store, me(), case_id, now())
    return back_to("attention.index", done="case")


@pages.post("/attention/messages/<uuid:message_id>/give")
@guard.allowed(policy.may_see_attention)
def give(message_id: UUID) -> ResponseReturnValue:
    """Give a message that nobody waited for to a case."""
    with transaction(database()) as store:
        case_id = find(store, me(), request.form.get("ref", "").strip().upper())
        post.give(store, me(), message_id, case_id, now())
    return back_to("attention.index", done="given")


@pages.post("/attention/messages/<uuid:message_id>/drop")
@guard.allowed(policy.may_see_attention)
def drop(message_id: UUID) -> ResponseReturnValue:
    """Let a message go that nobody waited for."""
    with transaction(database()) as store:
        post.drop(store, me(), message_id, now())
    return back_to("attention.index", done="dropped")
