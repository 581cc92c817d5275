"""The web application, as a table of contents. Nothing imports this module but what serves it."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType

from flask import Flask, Response, g, request
from werkzeug.middleware.proxy_fix import ProxyFix

from engine import errors
from web.access import csrf, guard, sessions
from web.context import logs
from web.context.request import Visit
from web.context.trusts import Trusts
from web.context.utc import utc_now
from web.errors import answer_failures, answer_refusals
from web.pages import health, home
from web.pages.cases import correct, start
from web.pages.cases import pages as cases
from web.pages.monitoring import attention
from web.pages.monitoring import pages as monitoring
from web.pages.procedures import pages as procedures
from web.pages.signin import account, demo
from web.pages.signin import pages as signin
from web.pages.tasks import actions, assign, evidence, messages
from web.pages.tasks import pages as tasks
from web.pages.trust import calendars, cover, imports, people, person, reminders, roles, schools
from web.parts.filters import add_filters
from web.site import headers, jinja, limits

PAGES = tuple(
    module.pages
    for module in (
        home,
        tasks,
        assign,
        evidence,
        start,
        messages,
        actions,
        cases,
        correct,
        procedures,
        monitoring,
        attention,
        people,
        person,
        schools,
        imports,
        calendars,
        cover,
        reminders,
        roles,
        signin,
        account,
        demo,
        health,
    )
)

STATUS: dict[type[errors.Refused], int] = {
    errors.Refused: 409,
    errors.SignedOut: 401,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.AlreadyDone: 409,
    errors.AlreadyClaimed: 409,
    errors.AlreadyPublished: 409,
    errors.AlreadyHolds: 409,
    errors.AlreadyKnown: 409,
    errors.CaseMovedOn: 409,
    errors.CaseNotOpen: 409,
    errors.CaseStuck: 409,
    errors.ExpressionStopped: 409,
    errors.WordRefused: 409,
    errors.WouldCloseMany: 409,
    errors.LinkUsed: 410,
    errors.TooLarge: 413,
    errors.BadAnswers: 422,
    errors.BadDetails: 422,
    errors.BadFile: 422,
    errors.BadProcedure: 422,
    errors.NeedsAReason: 422,
    errors.StaleForm: 422,
    errors.UnknownAnswers: 422,
    errors.WrongPassword: 422,
    errors.TooManyTries: 429,
    errors.Unavailable: 503,
}

FORM_BYTES = 2 * 1024 * 1024  # of typed text in one form; files have a limit of their own
FORM_PARTS = 4000


class House(Flask):
    """Flask with strict templates and a log that repeats nothing personal."""

    request_class = limits.CuttingRequest
    jinja_environment = jinja.HouseEnvironment  # type: ignore[assignment]

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """Where it went wrong, without what was said."""
        if exc_info[1] is not None:
            logs.say_failure("error", exc_info[1], id=g.visit.id if "visit" in g else "-")


def create_app(trusts: Trusts, clock: Callable[[], datetime] = utc_now) -> Flask:
    """The application for these trusts. clock: what each request takes for now."""
    app = House(__name__, static_folder="static", template_folder="templates")
    app.config.update(
        FILE_BYTES=trusts.default.settings.upload_bytes,
        MAX_CONTENT_LENGTH=limits.TIMES * trusts.default.settings.upload_bytes + FORM_BYTES,
        MAX_FORM_MEMORY_SIZE=FORM_BYTES,
        MAX_FORM_PARTS=FORM_PARTS,
        SESSION_COOKIE_NAME="unused",
    )
    hashes = jinja.read_hashes(Path(app.static_folder or ""))
    logs.watch(app)
    app.before_request(_choose_trust(trusts, clock))
    app.before_request(limits.clean_path)
    app.before_request(csrf.check)
    app.before_request(guard.check)
    app.after_request(headers.protect)
    app.after_request(sessions.send_cookie)
    app.after_request(lambda response: _static(response, hashes))
    for pages in PAGES:
        app.register_blueprint(pages)
    guard.open_to_all(app.view_functions["static"])
    jinja.furnish(app, hashes)
    add_filters(app)
    answer_refusals(app, STATUS)
    answer_failures(app)
    proxies = trusts.default.settings.trusted_proxies
    if proxies:  # their word on address, scheme and host is taken, nobody else's
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]
    return app


def _choose_trust(trusts: Trusts, clock: Callable[[], datetime]) -> Callable[[], None]:
    """The first thing done for a request: by its host name it belongs to a trust."""

    def choose() -> None:
        here = trusts.default if request.path == health.PATH else trusts.choose(request.host)
        g.visit = Visit(secrets.token_hex(8), here, clock())
        g.visit.cookie = sessions.cookie_from_request(here.settings.https)

    return choose


def _static(response: Response, hashes: dict[str, str]) -> Response:
    return headers.cache_static(response, hashes) if request.endpoint == "static" else response
