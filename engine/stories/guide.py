"""How stories are written: each kind of line by an example, with what it means. Pages show it; a test reads each."""

from __future__ import annotations

EXAMPLE = """a strength is shared:
  - Headteacher starts: {direction: positive, area: Reading}
  - Director of education does "Choose the route": {route: desk, reason: Others can learn from it}
  - after 2 school days
  - the case waits for Headteacher to "Give your first account"
  - Headteacher does "Give your first account": {what_we_know: One scheme and daily practice}
  - the case ends at: Strength to share
"""
LINES: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    (
        "Before it begins",
        (
            ("it begins like: another story", "First do all its lines. It stands higher up in the file."),
            ("the day is: 2026-12-01 08:15", "When the clock starts; else Monday 2 November 2026 at 09:00."),
            ("the school is closed on: [2026-12-04]", "These are no school days; else every weekday is one."),
            ("it begins knowing: {statement: Attendance}", "What another procedure hands on."),
            ("Find experts finds: [Amina, Ben]", "Whom the step finds; answers may name them."),
            (
                "the procedure peer_review ends: {verdict: good}",
                "One that the case waits for ends so, or “ends with the error gone”; without this line it is as if the"
                " trust did not run it.",
            ),
        ),
    ),
    (
        "What happens",
        (
            ("Headteacher starts: {area: Reading}", "Somebody starts it, with the answers of its first form."),
            (
                'Headteacher does Give an account: {agree: "yes"}',
                "Somebody does a step. Of several: “for 2” behind its name.",
            ),
            ("after 3 school days", "Time passes until 17:00 on the third school day."),
            ("the clock reaches: 2026-11-05 14:30", "Time passes until then."),
            ("a message report arrives: {grade: good}", "A message comes, with its answers."),
            (
                "the clock starts it",
                "A timer begins it; “on” and a day behind it say when. Half-terms are those of most schools.",
            ),
            ("the signal weather warning comes", "A signal comes."),
            ("Ask for a review is answered: {end: Agreed}", "The procedure that a step waited for has ended."),
        ),
    ),
    (
        "What must be so",
        (
            ("the case waits for Headteacher to Give an account", "Somebody has this step to do."),
            ("the case does not wait for Headteacher to Give an account", "Nobody has."),
            ("Give an account is due: 2 school days", "Its deadline, or the day: 2026-11-04."),
            ("a reminder goes to Headteacher about Give an account", "The house has reminded them."),
            ("an escalation goes to Cluster lead about Give an account", "The house has asked somebody up the line."),
            ("the case tells Headteacher: part of the message", "A message was sent. The text may be left out."),
            ("an action for Data lead is raised: part of its title", "Something was put on their list."),
            ("a record diagnosis is kept: {outcome: strength}", "With these answers among others."),
            ("the case sends report", "It has sent this message or signal."),
            ("the procedure peer_review starts", "Another procedure was started."),
            ("tell is said", "Headway was asked to do this, whatever it said."),
            ("the answer urgency is: urgent", "What the case knows."),
            ("the answer perspectives has: 2", "So many rows."),
            ("it passes: Help offered", "It has come through this step, event or side end."),
            ("it does not pass: Share the lesson", "It has not."),
            ("the promise is kept", "The clock is still within what the procedure promises."),
            ("the case ends at: Strength to share", "Each way it can end needs a story that says so."),
        ),
    ),
)
