"""What Headway does not run."""
