"""What figures stand on."""
