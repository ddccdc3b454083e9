"""Who may do what at the HTTP door: principals, their keys and tokens, and the tables that say what each may do."""
