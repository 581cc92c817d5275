"""What every request and every tick stands on."""
