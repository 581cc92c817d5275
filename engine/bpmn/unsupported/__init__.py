"""What Headway does not run, and what to draw instead."""
