"""Every refusal and failure as a page: a sentence, a status, and nothing typed lost."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from engine import errors
from web.access import csrf, throttle
from web.context.request import visit, visit_or_none
from web.pages.signin import pages
from web.parts.dates import moment_in_words
from web.site import carried
from web.site import limits as bodies
from web.site.page import frame

HEADINGS = {
    400: "Something was wrong with that request",
    401: "Sign in to go on",
    403: "You cannot do this",
    404: "Page not found",
    405: "This page cannot be used like that",
    409: "This has changed in the meantime",
    410: "This link does not work any more",
    413: "That is too large",
    422: "Something needs another look",
    429: "Too many tries",
    500: "Sorry, something went wrong",
    503: "Headway is not available for a moment",
}
SENTENCES = {
    400: "Your browser sent something that Headway cannot read. Go back and try again.",
    404: "If you typed the address, check that it is right. If you followed a link, what it led to may have gone.",
    405: "Go back, and use the buttons and links on the page.",
    500: "This is our fault, not yours. Your last step was not carried out; what was saved before is safe.",
}


def answer_refusals(app: Flask, status: Mapping[type[errors.Refused], int]) -> None:
    """Turn whatever the engine refuses into a page with its sentence."""

    def answer(error: errors.Refused) -> ResponseReturnValue:
        return refused(error, status_of(error, status))

    app.register_error_handler(errors.Refused, answer)


def status_of(error: errors.Refused, status: Mapping[type[errors.Refused], int]) -> int:
    """The status of the refusal, or of the nearest kind it belongs to."""
    return next(status[kind] for kind in type(error).__mro__ if kind in status)


def answer_failures(app: Flask) -> None:
    """Turn what the web server's own rules refuse, and our own faults, into pages."""
    app.register_error_handler(HTTPException, _failed)


def refused(error: errors.Refused, status: int) -> ResponseReturnValue:
    """A refusal as a page, or as JSON for a script of ours."""
    if _wants_json():
        return jsonify(sentence=error.sentence), status
    if isinstance(error, errors.SignedOut):
        return pages.signed_out(error.sentence)
    if isinstance(error, errors.StaleForm):
        return _again(error.sentence, status, "Send it again", carry=csrf.from_our_page())
    if isinstance(error, errors.Unavailable):
        return (*_again(error.sentence, status, "Try again", carry=True), {"Retry-After": "5"})
    page = _page(status, error.sentence, _details(error))
    if isinstance(error, errors.TooManyTries):
        return (*page, {"Retry-After": str(int(throttle.WINDOW.total_seconds()))})
    return page


def _failed(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status in range(300, 400):
        return error  # a redirect of the router's, such as a missing slash
    if status == 413:
        return _page(status, _too_large(), ())
    if _wants_json():
        return jsonify(sentence=HEADINGS.get(status, HEADINGS[500])), status
    here = visit_or_none()
    more = (f"If you tell somebody about it, say the number {here.id}.",) if here and status >= 500 else ()
    page = _page(status, SENTENCES.get(status, SENTENCES[400] if status < 500 else SENTENCES[500]), more)
    allowed = error.get_headers() if status == 405 else []
    return (*page, [(name, value) for name, value in allowed if name == "Allow"])


def _page(status: int, sentence: str, details: tuple[str, ...]) -> tuple[str, int]:
    heading = HEADINGS.get(status, HEADINGS[400 if status < 500 else 500])
    page = render_template("errors/refused.html", heading=heading, sentence=sentence, details=details, **frame())
    return page, status


def _again(sentence: str, status: int, button: str, carry: bool) -> tuple[str, int]:
    """A page that sends the same once more; carry: with what was typed, which only pages of ours may ask for."""
    posted = request.method not in csrf.SAFE
    if posted and not carry:
        return _page(status, sentence, ())
    page = render_template(
        "errors/again.html",
        heading=HEADINGS[status],
        sentence=sentence,
        button=button,
        kept=carried.posted() if posted else None,
        address=request.full_path.rstrip("?"),
        **frame(),
    )
    return page, status


def _details(error: errors.Refused) -> tuple[str, ...]:
    if isinstance(error, errors.AlreadyDone) and error.by:
        when = f" {moment_in_words(error.at, visit().now)}" if error.at else ""
        return (f"{error.by} did it{when}.",)
    if isinstance(error, errors.BadAnswers):
        return tuple(sentence for sentences in error.messages.values() for sentence in sentences)
    if isinstance(error, errors.BadDetails):
        return tuple(error.messages.values())
    if isinstance(error, errors.BadProcedure):
        return tuple(fault.sentence for fault in error.faults)
    return ()


def _too_large() -> str:
    here = visit_or_none()
    most = here.trust.settings.upload_bytes // 2**20 if here else 0
    limits = f" A file may have {most} MB, and all of them together {bodies.TIMES * most} MB." if most else ""
    return (
        f"What you sent is too large, so nothing was carried out.{limits} Go back, choose smaller files and send again."
    )


def _wants_json() -> bool:
    return request.accept_mimetypes.best == "application/json"
