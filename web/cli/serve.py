"""`headway serve` and `headway work`."""

from __future__ import annotations

import os
from argparse import Namespace

from storage.access import accounts
from storage.database import reading
from web.cli.common import prepared, say
from web.cli.demo import demo
from web.context import logs
from web.context.settings import Settings
from web.context.trusts import OpenTrust, Trusts, open_trust
from web.serving import servers
from web.serving.allocator import give_memory_back
from web.serving.process import assemble
from web.serving.ticks import Clock


def serve(_asked: Namespace) -> int:
    """Serve until told to stop."""
    chosen = prepared()
    if chosen.demo:
        demo(Namespace(if_empty=True))
    if not chosen.embedded and os.name == "posix":
        _welcome_from(chosen)
        servers.serve_many()
    logs.set_up()
    process = assemble(chosen)
    try:
        server = servers.open_server(process.app, chosen)
        process.clock.start()
        servers.serve(server, ready=lambda: _welcome(process.trusts.default))
    finally:
        process.close()
    return 0


def work(_asked: Namespace) -> int:
    """Do what is due until told to stop."""
    chosen = prepared()
    logs.set_up()
    give_memory_back()
    trusts = Trusts(open_trust(chosen))
    clock = Clock(trusts)
    with servers.stopping() as stop:
        clock.start()
        say("Headway is doing what is due. Stop it with Ctrl+C.")
        stop.wait()
        clock.stop()
    trusts.close()
    return 0


def _welcome_from(chosen: Settings) -> None:
    trust = open_trust(chosen)
    _welcome(trust)
    trust.database.close()


def _welcome(trust: OpenTrust) -> None:
    """Where it is, who can sign in, and where mail goes."""
    chosen = trust.settings
    with reading(trust.database) as connection:
        known = accounts.anybody(connection)
    say(f"Headway is running on {chosen.public_url}")
    if chosen.demo:
        say(f"It is a demo: pick somebody to be at {chosen.public_url}/demo, no password needed.")
    elif known is None:
        say("Nobody can sign in yet. Add the first administrator in another terminal:")
        say('  headway people add "Your Name" you@example.org --administrator')
    else:
        say(f"Sign in with an email address and password, for instance as {known}.")
    if not chosen.smtp_url:
        say(f"No mail server is set (SMTP_URL), so mail is put into {chosen.mail_dir}")
    say("Stop it with Ctrl+C.")
