"""`python -m contentfilter`: the command line."""

from contentfilter.cli import main

if __name__ == "__main__":
    main(prog_name="contentfilter")
