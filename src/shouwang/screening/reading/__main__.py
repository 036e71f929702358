"""`python -m shouwang.screening.reading FILE`: rows as JSON lines, the summary last."""

from shouwang.screening.reading.child import main

raise SystemExit(main())
