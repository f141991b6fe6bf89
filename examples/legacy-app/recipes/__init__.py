"""Recipe search on LanceDB."""
