"""`python -m plotkiln`."""

from plotkiln.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
