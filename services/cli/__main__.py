"""`python -m services.cli` is `peyvand`."""

from services.cli.main import main

main()
