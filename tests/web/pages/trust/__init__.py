"""The pages of the trust."""
