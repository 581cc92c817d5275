"""The command line: the same verbs as the pages. Each verb's work is in the module named beside it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from io import TextIOWrapper
from pathlib import Path

from engine.errors import BadDetails, Refused
from engine.model.text import clean

# A verb's module is opened only when the verb is used, so that each starts quickly.
DOES = {
    "serve": "web.cli.serve:serve",
    "work": "web.cli.serve:work",
    "migrate": "web.cli.data:migrate",
    "demo": "web.cli.demo:demo",
    "import": "web.cli.data:import_gias",
    "check": "web.cli.procedures:check",
    "publish": "web.cli.procedures:publish",
    "people": "web.cli.people:people",
    "trust": "web.cli.trust:trust",
    "backup": "web.cli.backup:backup",
    "restore": "web.cli.backup:restore",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say. 0: done; 1: refused, with a sentence; 2: not understood."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that lacks a letter of a name shows another in its place
            stream.reconfigure(errors="replace")
    asked = _cleaned(_parser().parse_args(arguments))
    module, _, name = DOES[asked.verb].partition(":")
    verb: Callable[[argparse.Namespace], int] = getattr(import_module(module), name)
    try:
        return verb(asked)
    except Refused as refusal:
        for sentence in refusal.messages.values() if isinstance(refusal, BadDetails) else (refusal.sentence,):
            print(sentence, file=sys.stderr)
        return 1


def _cleaned(asked: argparse.Namespace) -> argparse.Namespace:
    """The arguments without what nobody can see; paths stay as they are."""
    return argparse.Namespace(
        **{name: clean(value) if isinstance(value, str) else value for name, value in vars(asked).items()}
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="headway", description="Runs a school trust's improvement procedures.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    verbs.add_parser("serve", help="serve the pages, and do what is due")
    verbs.add_parser("work", help="do what is due, without pages (beside several `serve`)")
    verbs.add_parser("migrate", help="bring the database of DATABASE_URL up to date")
    _demo(verbs.add_parser("demo", help="fill an empty database with a made-up trust of twelve schools"))
    _gias(verbs.add_parser("import", help="read the trust's schools from Get Information about Schools"))
    _files(verbs.add_parser("check", help="list every fault of a procedure's files"))
    _files(verbs.add_parser("publish", help="publish a procedure from its files"))
    _people(verbs.add_parser("people", help="add people and invite them"))
    named = verbs.add_parser("trust", help="say what the trust is called").add_subparsers(required=True, metavar="name")
    named.add_parser("name", help="call it this on every page").add_argument("NAME")
    verbs.add_parser("backup", help="copy database and files into one archive").add_argument("FILE", type=Path)
    _restore(verbs.add_parser("restore", help="put an archive back, comparing every row with it"))
    return parser


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--if-empty", action="store_true", help="do nothing when a trust is there already")


def _restore(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("FILE", type=Path)
    parser.add_argument("--replace", action="store_true", help="lose what is in the database now")


def _gias(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=["gias"])
    parser.add_argument("FILE", type=Path)
    parser.add_argument("--trust", required=True, metavar="UID", help="the trust's group UID in the extract")
    parser.add_argument("--yes", action="store_true", help="do it without asking")
    parser.add_argument("--close", action="store_true", help="allow it to close more than a fifth of the open schools")
    parser.add_argument("--with-closed", action="store_true", help="add schools that are closed already as well")
    parser.add_argument("--as-at", metavar="YYYY-MM-DD", help="the date of the extract (else the file's own)")


def _files(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("FILE", type=Path, nargs="+", help="the .bpmn file; its forms, decisions and stories are found")


def _people(parser: argparse.ArgumentParser) -> None:
    does = parser.add_subparsers(dest="does", required=True, metavar="add|invite")
    add = does.add_parser("add", help="add somebody and send them an invitation")
    add.add_argument("NAME")
    add.add_argument("EMAIL")
    add.add_argument("--administrator", action="store_true", help="lets them look after people, posts and calendars")
    add.add_argument("--role", metavar="KEY", help="a role they hold from today, such as headteacher")
    where = add.add_mutually_exclusive_group()
    where.add_argument("--school", metavar="URN", help="the school they hold it at")
    where.add_argument("--trust", action="store_true", help="they hold it for the whole trust")
    invite = does.add_parser("invite", help="send somebody who is known another invitation")
    invite.add_argument("EMAIL")


if __name__ == "__main__":
    sys.exit(main())
