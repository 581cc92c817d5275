"""What comes round again and again, in words or as ISO repeats, by the school's own calendar."""

from engine.model.cycles.moments import MORNING, Cycle, NeverAgain
from engine.model.cycles.read import HOW_TO_REPEAT, read_cycle
from engine.model.cycles.upcoming import next_after, next_of

__all__ = ["HOW_TO_REPEAT", "MORNING", "Cycle", "NeverAgain", "next_after", "next_of", "read_cycle"]
