"""How people and clocks reach the engine."""
