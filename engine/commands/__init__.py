"""The verbs: everything that changes anything is one function here."""
