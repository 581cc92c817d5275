"""The Store, in parts: how commands read and write the nouns."""
