"""`python -m anyedit.cli`."""

from anyedit.cli import main

main()
