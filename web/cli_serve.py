"""`headway serve` and `headway work`."""

from __future__ import annotations

import os
from argparse import Namespace

from storage import accounts
from storage.database import reading
from web import launcher, logs
from web.cli import say
from web.cli_demo import demo
from web.cli_trust import prepared
from web.clock import Clock
from web.process import assemble
from web.settings import Settings
from web.trust import Trust, Trusts, open_trust


def serve(_asked: Namespace) -> int:
    """Serve until told to stop."""
    chosen = prepared()
    if chosen.demo:
        demo(Namespace(if_empty=True))
    if not chosen.embedded and os.name == "posix":
        _welcome_from(chosen)
        launcher.serve_many()
    logs.set_up()
    process = assemble(chosen)
    try:
        server = launcher.open_server(process.app, chosen)
        process.clock.start()
        _welcome(process.trusts.default)
        launcher.serve(server)
    finally:
        process.close()
    return 0


def work(_asked: Namespace) -> int:
    """Do what is due until told to stop."""
    chosen = prepared()
    logs.set_up()
    trusts = Trusts(open_trust(chosen))
    clock = Clock(trusts)
    with launcher.stopping() as stop:
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


def _welcome(trust: Trust) -> None:
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
