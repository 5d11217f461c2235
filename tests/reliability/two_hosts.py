"""Ranks on several hosts, as far as one machine can show them: two network namespaces, each with its own host name,
addresses, shared memory and /etc/hosts, that a cable joins.

    two_hosts.py MEDAL [--all]

Exits with 77 where the kernel allows no such namespaces, or `ip` is missing.
"""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SKIPPED = 77
SMALL = ["--config", "smoke", "--steps", "8192", "--set", "run.report=false", "--set", "evaluation.tasks=2",
         "--set", "network.encoder_size=16", "--set", "network.memory_size=16"]
ENDLESS = SMALL[:2] + ["--steps", "1e9"] + SMALL[4:]
FIRST, SECOND = "10.77.0.1", "10.77.0.2"


def in_namespace(arguments):
    """This program once more, as the root of namespaces of its own."""
    return subprocess.run(["unshare", "--user", "--map-root-user", "--net", "--mount", "--uts", "--ipc", "--fork",
                           "--kill-child", sys.executable, __file__, *arguments, "--inside"]).returncode


class Host:
    """A machine: a process that holds its namespaces open."""

    def __init__(self, folder, name, hosts):
        self.folder = folder / name
        self.folder.mkdir()
        (self.folder / "hosts").write_text(hosts)
        setup = (f"hostname {name} && mount -t tmpfs none /dev/shm && mount --bind {self.folder}/hosts /etc/hosts "
                 "&& ip link set lo up && echo ready && exec sleep 3600")
        self.holder = subprocess.Popen(["unshare", "--net", "--mount", "--uts", "--ipc", "sh", "-c", setup],
                                       stdout=subprocess.PIPE, text=True)
        assert self.holder.stdout.readline() == "ready\n", "a host that does not start"

    def command(self, arguments):
        # Who enters another mount namespace is in its root folder.
        return ["nsenter", "--target", str(self.holder.pid), "--net", "--mount", "--uts", "--ipc",
                "sh", "-c", 'cd "$0" && exec "$@"', str(self.folder), *arguments]

    def run(self, *arguments):
        return subprocess.run(self.command(arguments), check=True, capture_output=True, text=True).stdout

    def start(self, arguments, **variables):
        environment = dict(os.environ, OMP_NUM_THREADS="1", MEDAL_COMMAND="medal", **variables)
        return subprocess.Popen(self.command(arguments), env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)

    def end(self):
        self.holder.kill()
        self.holder.wait()


class Pair:
    """Two hosts and the cable between them."""

    def __init__(self, folder, first_hosts="127.0.0.1 localhost\n", second_hosts="127.0.0.1 localhost\n"):
        folder.mkdir()
        self.hosts = [Host(folder, "first", first_hosts), Host(folder, "second", second_hosts)]
        subprocess.run(["ip", "link", "add", "cable0", "type", "veth", "peer", "name", "cable1"], check=True)
        for index, (host, address) in enumerate(zip(self.hosts, (FIRST, SECOND))):
            subprocess.run(["ip", "link", "set", f"cable{index}", "netns", str(host.holder.pid)], check=True)
            host.run("ip", "address", "add", f"{address}/24", "dev", f"cable{index}")
            host.run("ip", "link", "set", f"cable{index}", "up")

    def rank(self, index, arguments, master=FIRST):
        return self.hosts[index].start([MEDAL, "train", *arguments, "--run", "a"], RANK=str(index), WORLD_SIZE="2",
                                       MASTER_ADDR=master, MASTER_PORT="29511")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for host in self.hosts:
            host.end()


def finish(process, code=0, within=120):
    output = process.communicate(timeout=within)[0]
    assert process.returncode == code, f"code {process.returncode}: {output}"
    return output


def parameters(folder):
    done = subprocess.run([MEDAL, "info", "a"], cwd=folder, check=True, capture_output=True, text=True)
    return next(line for line in done.stdout.splitlines() if line.startswith("parameters"))


def of_two_local_ranks(scratch):
    folder = scratch / "local"
    folder.mkdir()
    subprocess.run([MEDAL, "train", *SMALL, "--run", "a", "--ranks", "2"], cwd=folder, check=True, capture_output=True,
                   env=dict(os.environ, OMP_NUM_THREADS="1", MEDAL_COMMAND="medal"))
    return parameters(folder)


def train_together(scratch, wanted):
    """The names of the hosts resolve nowhere; the second rank comes late and is named meanwhile."""
    with Pair(scratch / "together") as pair:
        first = pair.rank(0, SMALL)
        time.sleep(7)
        second = pair.rank(1, SMALL)
        told = finish(first)
        finish(second)
        assert "waiting for rank 1" in told, told
        assert parameters(pair.hosts[0].folder) == wanted, "other parameters than two ranks of one machine have"
        assert not (pair.hosts[1].folder / "runs").exists(), "a rank that is not the first has written"
    print("hosts without names: the parameters of two local ranks; a late rank is named")


def find_names(scratch, wanted):
    """As Debian installs them: a host's own name is 127.0.1.1 to itself."""
    with Pair(scratch / "named", f"127.0.1.1 first\n{SECOND} second\n", f"127.0.1.1 second\n{FIRST} first\n") as pair:
        ranks = [pair.rank(index, SMALL, master="first") for index in (0, 1)]
        for rank in ranks:
            finish(rank)
        assert parameters(pair.hosts[0].folder) == wanted
    print("hosts whose own name is a loopback address: the same")


def wait_for_training(host):
    log = host.folder / "runs/a/metrics.jsonl"
    for _ in range(600):
        if log.exists() and log.stat().st_size > 0:
            return
        time.sleep(0.1)
    raise AssertionError("no training within a minute")


def lose_host(scratch):
    """The cable is cut: both end within a minute, with a checkpoint, and the run goes on with another number."""
    with Pair(scratch / "lost") as pair:
        ranks = [pair.rank(index, ENDLESS) for index in (0, 1)]
        wait_for_training(pair.hosts[0])
        pair.hosts[0].run("ip", "link", "set", "cable0", "down")
        cut = time.monotonic()
        told = [rank.communicate(timeout=75)[0] for rank in ranks]
        took = time.monotonic() - cut
        assert took < 60 and all(rank.returncode > 0 for rank in ranks), (took, told)
        assert "rank 1" in told[0] and "resume" in told[0], told[0]
        folder = pair.hosts[0].folder
        more = ["train", "--resume", "--run", "a", "--minutes", "0.02", "--ranks", "1"]
        done = subprocess.run([MEDAL, *more], cwd=folder, capture_output=True, text=True,
                              env=dict(os.environ, OMP_NUM_THREADS="1", MEDAL_COMMAND="medal"))
        assert done.returncode == 0, done.stderr
    print(f"a lost host: found out in {took:.0f} s, saved, and gone on with on one rank")


def terminate(scratch):
    """TERM to one rank saves and ends both."""
    with Pair(scratch / "term") as pair:
        ranks = [pair.rank(index, ENDLESS) for index in (0, 1)]
        wait_for_training(pair.hosts[0])
        ranks[1].send_signal(signal.SIGTERM)
        told = [rank.communicate(timeout=60)[0] for rank in ranks]
        assert "saved" in told[0], told
    print("TERM on one host: both save and end")


def measure_sums(scratch):
    with Pair(scratch / "bench") as pair:
        ranks = [host.start([MEDAL, "bench", "ranks", "--json", "sums.json"], RANK=str(index), WORLD_SIZE="2",
                            MASTER_ADDR=FIRST, MASTER_PORT="29513") for index, host in enumerate(pair.hosts)]
        for rank in ranks:
            finish(rank)
        sums = json.loads((pair.hosts[0].folder / "sums.json").read_text())["results"]
        assert not (pair.hosts[1].folder / "sums.json").exists(), "a rank that is not the first has written"
    mebibyte, number = (sums[f"ranks.microseconds_per_{what}.launched"]["median"] for what in ("sum", "number"))
    assert 0 < number < mebibyte, sums
    print(f"medal bench ranks between two hosts: {mebibyte:.0f} us a MiB, {number:.0f} us a number")


def by_torchrun(scratch, wanted):
    if shutil.which("torchrun") is None:
        print("torchrun is not installed: skipped")
        return
    with Pair(scratch / "torchrun") as pair:
        command = ["torchrun", "--nnodes=2", "--nproc_per_node=1", "--no_python", "--redirects", "1", "--tee", "1",
                   f"--master_addr={FIRST}", "--master_port=29512"]
        ranks = [host.start([*command, f"--node_rank={index}", MEDAL, "train", *SMALL, "--run", "a"])
                 for index, host in enumerate(pair.hosts)]
        for rank in ranks:
            finish(rank)
        assert parameters(pair.hosts[0].folder) == wanted
    print("torchrun on two hosts: the same")


def main():
    if shutil.which("ip") is None or subprocess.run(
            ["unshare", "--user", "--map-root-user", "--net", "--mount", "--uts", "--ipc", "true"],
            stderr=subprocess.DEVNULL).returncode != 0:
        print("skipped: this machine allows no network namespaces, or has no `ip`")
        sys.exit(SKIPPED)
    if "--inside" not in sys.argv:
        sys.exit(in_namespace(sys.argv[1:]))
    with tempfile.TemporaryDirectory() as name:
        scratch = pathlib.Path(name)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        wanted = of_two_local_ranks(scratch)
        train_together(scratch, wanted)
        find_names(scratch, wanted)
        measure_sums(scratch)
        by_torchrun(scratch, wanted)
        terminate(scratch)
        lose_host(scratch)


if __name__ == "__main__":
    MEDAL = os.path.abspath(sys.argv[1])
    main()
