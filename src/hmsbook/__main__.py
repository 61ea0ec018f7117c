"""`python -m hmsbook` is the same as `hmsbook`."""

from hmsbook.cli.main import main

raise SystemExit(main())
