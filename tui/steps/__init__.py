"""Steps that scenarios share: files, vault keys, machines, and whether the source is dead."""
