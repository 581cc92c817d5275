"""One number each, printed with its machine. Benchmarks measure; tests never time."""
