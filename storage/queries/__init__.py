"""Reading for the screens: frozen rows, one module a screen."""
