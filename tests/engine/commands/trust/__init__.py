"""Commands on the trust."""
