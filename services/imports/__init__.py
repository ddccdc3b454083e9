"""Records of other systems as events: each importer reads one format and names what it could not take over."""
