"""Every permission rule, reading included. Pages, commands and queries ask here; screens ask it for their buttons.

No rule knows a role by name: what a role gives (to lead, to manage, to design) is the trust's to say, on the role.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from engine.model.casework import Action, Case, Sensitivity, Task
from engine.model.people import Me, Post, School, ScopeKind, pool


@dataclass(frozen=True)
class Sight:
    """What one person may read, ready to become a WHERE. Lists, search, counts and exports all use it.

    A case is seen when its school is in reach (`everywhere`, `schools`, `clusters`) and it is open to staff; when it is
    open to leaders and its school is in the reach they lead (`leads_…`); or when they are named on it: they started
    it, hold a task of it, did one, or one waits on a pool of theirs. Cases about the whole trust are in reach of all.
    """

    person_id: UUID
    everywhere: bool = False
    schools: frozenset[UUID] = field(default_factory=frozenset)
    clusters: frozenset[UUID] = field(default_factory=frozenset)
    leads_everywhere: bool = False
    leads_schools: frozenset[UUID] = field(default_factory=frozenset)
    leads_clusters: frozenset[UUID] = field(default_factory=frozenset)
    pools: frozenset[str] = field(default_factory=frozenset)


def sight(me: Me) -> Sight:
    """What this person may read, their cover included."""
    posts = (*me.posts, *me.covered)
    leading = tuple(post for post in posts if post.role in me.leading)
    return Sight(
        person_id=me.person.id,
        everywhere=_trust_wide(posts),
        schools=_ids(posts, ScopeKind.SCHOOL),
        clusters=_ids(posts, ScopeKind.CLUSTER),
        leads_everywhere=_trust_wide(leading),
        leads_schools=_ids(leading, ScopeKind.SCHOOL),
        leads_clusters=_ids(leading, ScopeKind.CLUSTER),
        pools=me.pools | me.covered_pools,
    )


def _trust_wide(posts: tuple[Post, ...]) -> bool:
    return any(post.scope.kind is ScopeKind.TRUST for post in posts)


def _ids(posts: tuple[Post, ...], kind: ScopeKind) -> frozenset[UUID]:
    return frozenset(post.scope.id for post in posts if post.scope.kind is kind and post.scope.id)


def may_read_case(me: Me, case: Case, school: School | None, named: bool) -> bool:
    """named: they started it, hold or did a task of it, or one waits on a pool of theirs."""
    if named or case.started_by == me.person.id:
        return True
    seen = sight(me)
    if case.sensitivity is Sensitivity.STAFF:
        return school is None or _reaches(seen.everywhere, seen.schools, seen.clusters, school)
    if case.sensitivity is Sensitivity.LEADERS:
        leads = _reaches(seen.leads_everywhere, seen.leads_schools, seen.leads_clusters, school)
        return leads or (school is None and me.holds(*me.leading))
    return False


def _reaches(everywhere: bool, schools: frozenset[UUID], clusters: frozenset[UUID], school: School | None) -> bool:
    if everywhere:
        return True
    return school is not None and (school.id in schools or (school.cluster_id in clusters))


def may_read_submission(me: Me, by: UUID, unseen: bool) -> bool:
    """An answer that stays unseen until all are in is its author's alone until then."""
    return not unseen or by == me.person.id


def holder(me: Me, task: Task) -> UUID | None:
    """Whose task this is when this person does it: their own id, or that of the person they cover; None: not theirs."""
    if task.person_id is not None:
        if task.person_id == me.person.id:
            return me.person.id
        return task.person_id if task.person_id in me.covered_people else None
    if task.pool in me.pools:
        return me.person.id
    return next((post.person_id for post in me.covered if task.pool == pool(post.role, post.scope)), None)


def may_complete(me: Me, task: Task) -> bool:
    """Whoever holds the task, or covers for them."""
    return holder(me, task) is not None


def is_involved(me: Me, task: Task) -> bool:
    """Whoever holds the task, covers for them, did it, or is on the list it waits on, taken by a colleague or not."""
    return holder(me, task) is not None or task.done_by == me.person.id or task.pool in me.pools | me.covered_pools


def may_do_action(me: Me, action: Action) -> bool:
    """Anyone on the list it waits on, or who covers for them."""
    return action.pool in me.pools | me.covered_pools


def may_claim(me: Me, task: Task) -> bool:
    """Anyone on the list it waits on, while nobody has taken it."""
    return task.person_id is None and holder(me, task) is not None


def may_release(me: Me, task: Task, school: School | None) -> bool:
    """Whoever may hand it to a colleague may put it back on its list."""
    return may_hand_over(me, task, school)


def may_hand_over(me: Me, task: Task, school: School | None) -> bool:
    """The holder hands it to a colleague; a manager reassigns it."""
    return holder(me, task) is not None or may_manage(me, school)


def may_extend(me: Me, task: Task, school: School | None) -> bool:
    """The holder once, with a reason; after that a manager. Catalogue section 0."""
    return may_manage(me, school) or (task.extended == 0 and holder(me, task) is not None)


def may_manage(me: Me, school: School | None) -> bool:
    """Pause, resume, stop, correct and reassign: who manages for the trust anywhere, for a cluster or school there."""
    for post in me.posts:
        if post.role not in me.managing:
            continue
        if post.scope.kind is ScopeKind.TRUST:
            return True
        if school and post.scope.id in {school.id, school.cluster_id}:
            return True
    return False


def may_correct(me: Me, case: Case, school: School | None, named: bool) -> bool:
    """Put an answer right that stopped a case: whoever manages it and may read what was answered."""
    return may_manage(me, school) and may_read_case(me, case, school, named)


def may_arrange_for_others(me: Me) -> bool:
    """Look for whoever is away, to arrange their cover: administrators, and those who manage, be it one school."""
    return me.person.administrator or me.holds(*me.managing)


def may_arrange_cover(me: Me, absent_id: UUID, schools: Iterable[School]) -> bool:
    """One's own; anybody's for an administrator; a manager's for people at the schools they manage (their posts')."""
    if me.person.id == absent_id or may_administer(me) or may_manage(me, None):
        return True
    return any(may_manage(me, school) for school in schools)


def may_start(me: Me, starters: tuple[str, ...], school: School | None) -> bool:
    """Any member of staff in reach of the school, or only holders of the roles the procedure names."""
    posts = tuple(post for post in me.posts if not starters or post.role in starters)
    if not posts:
        return False
    return school is None or _reaches(
        _trust_wide(posts), _ids(posts, ScopeKind.SCHOOL), _ids(posts, ScopeKind.CLUSTER), school
    )


def may_publish(me: Me) -> bool:
    """Draw, upload, publish and withdraw procedures."""
    return me.person.administrator or me.holds(*me.designing)


def may_monitor(me: Me) -> bool:
    """See where cases wait, for the schools in reach."""
    return me.person.administrator or me.holds(*me.leading)


def may_administer(me: Me) -> bool:
    """People, posts, calendars, house table, what needs attention."""
    return me.person.administrator


def may_see_attention(me: Me) -> bool:
    """The list of what got stuck: administrators, and those who manage for the whole trust."""
    return me.person.administrator or may_manage(me, None)


def may_read_evidence(me: Me, case: Case, school: School | None, named: bool, by: UUID, unseen: bool) -> bool:
    """A file is read by whoever may read its case, and stays unseen together with the answer it belongs to."""
    return may_read_case(me, case, school, named) and may_read_submission(me, by, unseen)


def signed_in(me: Me) -> bool:
    """Anyone with an account in use."""
    return me.person.active
