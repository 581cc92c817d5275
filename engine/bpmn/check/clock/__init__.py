"""What is wrong with clocks, and what whoever uploads is told of them."""
