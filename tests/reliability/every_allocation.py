"""Every large piece of memory that the program asks for, enumerated: the n-th is refused. After each, one line says so,
and whatever is on the disk is whole and loads.

    every_allocation.py MEDAL FAIL_ALLOCATION.so FORK_AT_MAIN.so SOURCE
"""

import pathlib
import sys
import tempfile

from enumerated import Enumeration


def main():
    with tempfile.TemporaryDirectory() as name:
        with Enumeration(*sys.argv[1:5], kinds=("error",)) as enumeration:
            enumeration.try_verbs(pathlib.Path(name))


if __name__ == "__main__":
    main()
