"""Procedures: the library, one version, and for designers uploading, publishing and withdrawing."""

from __future__ import annotations

import io
import zipfile

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from engine import policy
from engine.bpmn.package import OWN
from engine.commands import procedures
from engine.commands.procedure_keys import key_for
from engine.errors import BadFile, NotFound
from engine.stories.guide import EXAMPLE, LINES
from engine.stories.suggest import suggested
from storage.database import reading, reading_store, transaction
from storage.files.uploads import Upload, keep_upload, read_upload
from storage.queries.procedures import procedures as listed
from storage.queries.procedures import version_file, version_page
from storage.store.sql_store import SqlStore
from web.access import guard
from web.pages.procedures.blocks import blocks
from web.pages.procedures.drawing_guide.samples import groups, refused, sample_file
from web.pages.procedures.drawing_kit import kit, starter_files
from web.pages.procedures.letters import letters as every_letter
from web.pages.procedures.upload import chosen, complete, drawn_in
from web.pages.procedures.upload_check import against_live, look_over, where
from web.pages.procedures.view import changes_view, library, version_of, version_view
from web.site.page import back_to, database, me, now, page

pages = Blueprint("procedures", __name__)

TYPES = {
    "bpmn": "application/xml",
    "dmn": "application/xml",
    "form": "application/json",
    "yaml": "application/yaml",
}
NOTHING = "Choose the files of the procedure"


@pages.get("/procedures")
@guard.allowed(policy.signed_in)
def index() -> ResponseReturnValue:
    """The library."""
    with reading_store(database()) as store:
        live, withdrawn = library(store, policy.sight(me()))
    return page("procedures/index.html", live=live, withdrawn=withdrawn, may_publish=policy.may_publish(me()))


@pages.get("/messages-and-signals")
@guard.allowed(policy.signed_in)
def letters() -> ResponseReturnValue:
    """Every name by which cases speak to one another. Whoever looks after procedures sees all counts."""
    sees_kept = policy.may_see_attention(me())
    counts_all = sees_kept or policy.may_publish(me())
    with reading_store(database()) as store:
        found = every_letter(store, None if counts_all else policy.sight(me()))
    return page("procedures/letters.html", letters=found, counts_all=counts_all, may_see_kept=sees_kept)


@pages.get("/procedures/upload")
@guard.allowed(policy.may_publish)
def ask_upload() -> ResponseReturnValue:
    """Choose files."""
    return _ask((), request.args.get("key", ""))


@pages.get("/procedures/upload/headway-starter.zip")
@guard.allowed(policy.may_publish)
def starter() -> ResponseReturnValue:
    """A folder to begin drawing in, with the blocks where the modeller finds them."""
    with reading_store(database()) as store:
        return _file(kit(store.roles()), "headway-starter.zip", "application/zip", lasting=False)


@pages.get("/procedures/upload/starter.bpmn")
@guard.allowed(policy.may_publish)
def starter_diagram() -> ResponseReturnValue:
    """The diagram of that folder alone."""
    with reading_store(database()) as store:
        data = starter_files(store.roles())["starter.bpmn"]
    return _file(data, "starter.bpmn", TYPES["bpmn"], lasting=False)


@pages.get("/procedures/upload/headway-blocks.json")
@guard.allowed(policy.may_publish)
def blocks_file() -> ResponseReturnValue:
    """The blocks for the modeller, with the trust's roles to choose from."""
    with reading_store(database()) as store:
        return _file(blocks(store.roles()), "headway-blocks.json", "application/json", lasting=False)


@pages.get("/procedures/upload/stories")
@guard.allowed(policy.may_publish)
def how_stories() -> ResponseReturnValue:
    """How stories are written."""
    return page("procedures/how_stories.html", example=EXAMPLE, lines=LINES)


@pages.get("/procedures/upload/drawing")
@guard.allowed(policy.may_publish)
def how_to_draw() -> ResponseReturnValue:
    """How to draw: a picture and a sample of each element."""
    with reading_store(database()) as store:
        roles = store.roles()
    return page("procedures/how_to_draw.html", groups=groups(roles), refused=refused())


@pages.get("/procedures/upload/drawing/<name>")
@guard.allowed(policy.may_publish)
def drawing_sample(name: str) -> ResponseReturnValue:
    """One of the samples, or what goes with them."""
    with reading_store(database()) as store:
        data = sample_file(name, store.roles())
    return _file(data, name, TYPES[name.rpartition(".")[2]], lasting=False)


@pages.get("/procedures/uploads/<address>/stories.yaml")
@guard.allowed(policy.may_publish)
def stories_to_begin_with(address: str) -> ResponseReturnValue:
    """Stories made for an upload that has none. Raises NotFound for one that cannot be played yet."""
    with reading_store(database()) as store:
        kept, known = read_upload(store.connection, address), procedures.known(store)
    checked = look_over(kept, known)
    if checked.definition is None or not checked.lacks_stories:
        raise NotFound
    return _file(suggested(checked.definition, known.roles), "stories.yaml", TYPES["yaml"], lasting=False)


@pages.post("/procedures/upload")
@guard.allowed(policy.may_publish)
def upload() -> ResponseReturnValue:
    """Keep the files, and look at them on the next page. They are published from there, or not at all."""
    key, found = request.form.get("key", ""), chosen(request.files.getlist("files"))
    wrong = found.wrong or (() if found.files else (NOTHING,))
    if wrong:
        return _ask(wrong, key)
    with reading_store(database()) as store:
        drawn = drawn_in(found.files, store.roles())
        of = key_for(store, drawn) if drawn else key
        live = store.live_version(of) if of else None
        package = store.package(live.id) if live else None
    try:
        files, taken = complete(found.files, drawn, package, of)
    except BadFile as refusal:
        return _ask((refusal.sentence,), key)
    with transaction(database()) as store:
        address = keep_upload(store, Upload(files, taken, me().person.id, now()))
    return back_to("procedures.uploaded", address=address)


@pages.get("/procedures/uploads/<address>")
@guard.allowed(policy.may_publish)
def uploaded(address: str) -> ResponseReturnValue:
    """What was uploaded: every fault, or what publishing it would change."""
    return _uploaded(address)


@pages.post("/procedures/uploads/<address>/publish")
@guard.allowed(policy.may_publish)
def publish(address: str) -> ResponseReturnValue:
    """Publish it, against the live version it was compared with, and no other.

    Checked once more, before the transaction that does it, which nobody else waits for.
    """
    with reading_store(database()) as store:
        kept, known = _kept(store, address)
    ready = procedures.ready(procedures.package_of(dict(kept.files)), known)
    with reading_store(database()) as store:
        seen = known.live.get(key_for(store, ready.definition.diagram))
    if request.form.get("against", "") != str(seen or ""):
        return _uploaded(address, moved=True)
    with transaction(database()) as store:
        version = procedures.put_in_use(store, me(), ready, now())
    return back_to("procedures.version", key=version.key, number=version.number, done="published")


def _kept(store: SqlStore, address: str) -> tuple[Upload, procedures.TrustKnown]:
    """An upload, and what of the trust it is checked by."""
    kept = read_upload(store.connection, address)
    diagram = next((data for name, data in kept.files.items() if name.endswith(".bpmn")), b"")
    return kept, procedures.known(store, diagram)


def _uploaded(address: str, moved: bool = False) -> ResponseReturnValue:
    with reading_store(database()) as store:
        kept, known = _kept(store, address)
        by = store.people({kept.by}).get(kept.by)
    checked = look_over(kept, known)
    with reading_store(database()) as store:
        checked = against_live(store, checked)
    status = 409 if moved else 200
    shown = {"checked": checked, "address": address, "by": by, "moved": moved}
    return page("procedures/uploaded.html", status, **shown, where=where)


@pages.get("/procedures/<key>")
@guard.allowed(policy.signed_in)
def show(key: str) -> ResponseReturnValue:
    """A procedure by its live version, or its latest."""
    return _version(key, None)


@pages.get("/procedures/<key>/<int:number>")
@guard.allowed(policy.signed_in)
def version(key: str, number: int) -> ResponseReturnValue:
    """One version."""
    return _version(key, number)


@pages.get("/procedures/<key>/<int:number>/changes")
@guard.allowed(policy.signed_in)
def changes(key: str, number: int) -> ResponseReturnValue:
    """What a version does otherwise than another, the one before it unless `since` names one."""
    since = request.args.get("since", "")
    with reading_store(database()) as store:
        view = changes_view(store, key, number, int(since) if since.isdecimal() and len(since) < 7 else None)
    return page("procedures/changes.html", view=view)


@pages.get("/procedures/<key>/<int:number>/files/<path:name>")
@guard.allowed(policy.signed_in)
def download(key: str, number: int, name: str) -> ResponseReturnValue:
    """One file of a version, as it was published."""
    with reading(database()) as connection:
        row = version_of(connection, key, number)
        data = version_file(connection, row.version.id, name)
    ending = name.rpartition(".")[2]
    own_name = name.rpartition("/")[2] if "/" in name else f"{key}.{ending}"
    return _file(data, own_name, TYPES.get(ending, "application/octet-stream"))


@pages.get("/procedures/<key>/<int:number>/files.zip")
@guard.allowed(policy.signed_in)
def download_all(key: str, number: int) -> ResponseReturnValue:
    """Every file of a version, in the folders the modeller and `headway publish` look in."""
    with reading_store(database()) as store:
        row = version_of(store.connection, key, number)
        names = version_page(store.connection, row.version.id).files
        files = {name: version_file(store.connection, row.version.id, name) for name in names if name not in OWN}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(_in_folder(name, key)), data)
    return _file(made.getvalue(), f"{key}-{number}.zip", "application/zip")


@pages.get("/procedures/<key>/<int:number>/withdraw")
@guard.allowed(policy.may_publish)
def ask_withdraw(key: str, number: int) -> ResponseReturnValue:
    """Say what withdrawing means before doing it."""
    with reading_store(database()) as store:
        view = version_view(store, key, number)
    return page("procedures/withdraw.html", view=view)


@pages.post("/procedures/<key>/<int:number>/withdraw")
@guard.allowed(policy.may_publish)
def withdraw(key: str, number: int) -> ResponseReturnValue:
    """Let nobody start it any more."""
    with transaction(database()) as store:
        procedures.withdraw(store, me(), version_of(store.connection, key, number).version.id, now())
    return back_to("procedures.version", key=key, number=number, done="withdrawn")


def _version(key: str, number: int | None) -> ResponseReturnValue:
    with reading_store(database()) as store:
        view = version_view(store, key, number)
    may_publish = policy.may_publish(me())
    return page("procedures/show.html", view=view, may_publish=may_publish, done=request.args.get("done", ""))


def _ask(wrong: tuple[str, ...], key: str) -> ResponseReturnValue:
    with reading(database()) as connection:
        titles = {row.key: row.title for row in listed(connection)}
    return page("procedures/upload.html", 422 if wrong else 200, wrong=wrong, key=key, title=titles.get(key, ""))


def _in_folder(name: str, key: str) -> str:
    return f"{key}.bpmn" if name == "procedure.bpmn" else f"{key}/{name}"


def _file(data: bytes, name: str, media_type: str, lasting: bool = True) -> Response:
    """lasting: of a version, which never changes and speaks of nobody."""
    response = Response(data, mimetype=media_type)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Cache-Control"] = "private, max-age=3600" if lasting else "no-store"
    return response
