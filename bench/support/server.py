"""The server of a measurement: Headway as it is served, with one page more that does nothing."""

from __future__ import annotations

import os

from flask import Blueprint
from werkzeug.wrappers import Response

from bench.support.served import EMPTY
from engine import policy
from storage.migrations import migrate
from web.access.guard import allowed
from web.context import logs, settings
from web.serving import servers
from web.serving.process import assemble
from web.site import page

pages = Blueprint("bench", __name__)


@pages.post(EMPTY)
@allowed(policy.signed_in)
def empty() -> Response:
    """Know who asks, and do nothing."""
    page.me()
    return Response(status=204)


def main() -> None:
    """Serve until told to stop. CLOCK=no leaves the clock out."""
    chosen = settings.read()
    logs.set_up()
    migrate(chosen.database_url)
    process = assemble(chosen)
    process.app.register_blueprint(pages)
    try:
        server = servers.open_server(process.app, chosen)
        if os.environ.get("CLOCK") != "no":
            process.clock.start()
        servers.serve(server)
    finally:
        process.close()


if __name__ == "__main__":
    main()
