"""Every write of the program, enumerated: the n-th fails, is cut short, or is where the process is killed. After each,
whatever is on the disk is whole and loads, one line says what failed, and a run goes on to the very same end.

    every_write.py MEDAL FAIL_WRITE.so FORK_AT_MAIN.so SOURCE [MEDAL_VIEWER]
"""

import contextlib
import os
import pathlib
import subprocess
import sys
import tempfile

from enumerated import Enumeration, Server


@contextlib.contextmanager
def screen():
    """A screen without a monitor; its name is in DISPLAY meanwhile."""
    read, write = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(write), "-screen", "0", "320x240x24", "-nolisten", "tcp"],
                              pass_fds=[write], stderr=subprocess.DEVNULL)
    os.close(write)
    with os.fdopen(read) as stream:
        os.environ["DISPLAY"] = ":" + stream.readline().strip()
    try:
        yield
    finally:
        server.terminate()
        server.wait()


def try_recording(enumeration, scratch, viewer):
    """Each game is a file of its own, and leaves those before it alone."""
    folder = scratch / "games"
    folder.mkdir()
    game = ["play", "--against", "nobody", "--frames", "20", "--size", "320x240", "--recordings", "."]
    enumeration.count(folder, game, viewer)
    number = enumeration.count(folder, game, viewer)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    cases = enumeration.drawn(number)
    for n, how in cases:
        done = enumeration.run_failing(folder, game, n, how, viewer)
        try:
            enumeration.check_told(done, how)
            enumeration.check_whole(folder)
            for path, content in before.items():
                assert path.read_bytes() == content, f"{path} is another now"
            new = [path for path in folder.iterdir() if path not in before]
            # Its first name is left where to remove that is what failed.
            recorded = any(not path.name.startswith(".") for path in new)
            assert not new or recorded or how == "kill", new
            for path in new:
                path.unlink()
        except AssertionError as error:
            raise AssertionError(f"recording, number {n} ({how}): {error}") from None
    enumeration.tell("recording", number, cases)


def main():
    with tempfile.TemporaryDirectory() as name, \
            Enumeration(*sys.argv[1:5], kinds=("error", "short", "kill")) as enumeration:
        enumeration.try_verbs(pathlib.Path(name))
        if len(sys.argv) > 5:
            with screen():
                viewer = Server(sys.argv[5], enumeration.libraries)
                try_recording(enumeration, pathlib.Path(name), viewer)
                viewer.end()


if __name__ == "__main__":
    main()
