"""Messages and signals between cases: who waits for one, and what is kept for nobody."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import and_, delete, or_, select, text

from engine.bpmn.diagram.elements import Trigger
from engine.model.casework import LIVE
from engine.model.post import KeptMessage, Letter, Wait
from storage.store.keeper import Keeper, columns, found, values
from storage.tables import awaited, cases, kept_messages

KEPT = columns(kept_messages, KeptMessage)
WAITS = (
    select(awaited.c.case_id, awaited.c.token)
    .join(cases, cases.c.id == awaited.c.case_id)
    .where(cases.c.status.in_(LIVE))
    .order_by(awaited.c.since, awaited.c.case_id, awaited.c.token)
)
ONE_AT_A_TIME = text("select pg_advisory_xact_lock(7261001)")  # whoever begins to wait, and whoever looks for a wait


class PostStore(Keeper):
    """See engine.ports.Letters."""

    def hold_post(self) -> None:
        """Hold the post until the transaction ends. On SQLite whoever writes does so alone anyway."""
        if self.connection.dialect.name == "postgresql":
            self.connection.execute(ONE_AT_A_TIME)

    def wait_for(self, letter: Letter) -> Wait | None:
        """The wait that a message is for: of another case before one of its own, the longest first."""
        if letter.about == "":
            return None
        fits = WAITS.where(awaited.c.name == letter.name, awaited.c.trigger == Trigger.MESSAGE)
        if letter.about is None:
            fits = fits.where(awaited.c.about.is_(None), awaited.c.school_id.is_not_distinct_from(letter.school_id))
        else:
            fits = fits.where(awaited.c.about == letter.about)
        rows = [Wait(*row) for row in self.connection.execute(fits.limit(2))]
        return next((wait for wait in rows if wait.case_id != letter.case_id), None) or next(iter(rows), None)

    def waits_for_signal(self, letter: Letter) -> list[Wait]:
        """Every wait for a signal that had begun when it was sent."""
        own = and_(awaited.c.case_id == letter.case_id, awaited.c.since < letter.sent_at)
        others = and_(awaited.c.case_id != letter.case_id, awaited.c.since <= letter.sent_at)
        fits = WAITS.where(awaited.c.name == letter.name, awaited.c.trigger == Trigger.SIGNAL, or_(own, others))
        return [Wait(*row) for row in self.connection.execute(fits)]

    def keep_message(self, kept: KeptMessage) -> None:
        """Keep a message that nobody waits for."""
        self.add(kept_messages, [values(kept)])

    def kept_messages(self, names: Collection[str]) -> list[KeptMessage]:
        """What is kept under these names, oldest first."""
        wanted = select(*KEPT).where(kept_messages.c.name.in_(names))
        rows = self.connection.execute(wanted.order_by(kept_messages.c.sent_at, kept_messages.c.id))
        return [KeptMessage(*row) for row in rows]

    def kept_message(self, message_id: UUID) -> KeptMessage:
        """The message, held until the transaction ends. Raises NotFound when it is not kept any more."""
        wanted = select(*KEPT).where(kept_messages.c.id == message_id).with_for_update()
        return KeptMessage(*found(self.connection.execute(wanted).first()))

    def drop_kept_message(self, message_id: UUID) -> None:
        """Keep it no longer."""
        self.connection.execute(delete(kept_messages).where(kept_messages.c.id == message_id))
