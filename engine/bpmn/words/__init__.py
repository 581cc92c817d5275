"""What a diagram may ask Headway to do: one word a file, declared here and carried out in engine/casework/words."""
