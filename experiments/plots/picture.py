"""What the scripts that draw pictures share."""

import contextlib
import os
import pathlib
import sys

try:
    import numpy as np
    import matplotlib

    matplotlib.use("Agg")  # needs no display
    import matplotlib.pyplot as plt
except ImportError as error:
    # medal tries the next python3 on this code.
    print(f"{sys.executable} cannot import {error.name}: install python3-matplotlib", file=sys.stderr)
    sys.exit(3)

# Okabe and Ito's palette: told apart under all common kinds of colour blindness.
BLACK, ORANGE, SKY, GREEN, YELLOW, BLUE, RED, PINK = (
    "#000000", "#E69F00", "#56B4E9", "#009E73", "#F0E442", "#0072B2", "#D55E00", "#CC79A7")
GREY = "#8C8C8C"


class UserError(Exception):
    """Printed as one line."""


def save(figure, out):
    """Under another name first, so that a reader never meets half a picture."""
    out = pathlib.Path(os.path.realpath(out))  # a link stays one
    if out.exists() and not out.is_file() and not out.is_dir():  # a pipe or device gets the bytes
        figure.savefig(out, format="png")
        return
    temporary = out.with_name(f"{out.name}.tmp{os.getpid()}")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        figure.savefig(temporary, format="png")
        os.replace(temporary, out)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise UserError(f"'{out}' cannot be written: {error.strerror}; name another file with --out") from None


def run_main(main):
    """Exit code 2 and one line for a user's mistake."""
    try:
        main()
    except UserError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
