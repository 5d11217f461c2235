#!/usr/bin/env python3
"""How the simulator's cost grows with worlds, learners, rays, obstacles and arena size.

    experiments/bench/scaling.py build/release/experiments/medal [--results FILE] [--picture FILE] [--only-draw]

Runs `medal bench sim` for each setting, one option changed at a time from the world of full difficulty, writes the
figures as JSON lines, and draws them.
"""

import argparse
import json
import pathlib
import subprocess
import tempfile

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

STAGES = ["physics", "lidar", "bot", "generation", "observation", "reward"]
COLOURS = ["#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#999999"]  # Okabe and Ito's palette

GRID = {
    "worlds": [(n, [f"run.learners={4 * n}"]) for n in (8, 32, 128, 512)],
    "learners in a world": [
        (n, [f"environment.learners_per_world={n}", f"run.learners={32 * n}"]) for n in (1, 2, 4, 8, 16)
    ],
    "rays": [(2 * n, [f"lidar.azimuths={n}"]) for n in (8, 16, 32, 64)],
    "obstacles in the arena": [
        (
            round(400 * (d + d / 2 + d / 2)),
            [f"task.upright_density={d}", f"task.low_bar_density={d / 2}", f"task.overhead_bar_density={d / 2}"],
        )
        for d in (0, 0.01, 0.02, 0.03)
    ],
    "arena side (m), obstacles per area kept": [(s, [f"task.arena_size={s}"]) for s in (12, 16, 20, 24, 32)],
}


def measure(medal, settings):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "bench.json"
        command = [medal, "bench", "sim", "--repeats", "3", "--without-plain", "--json", str(file)]
        for setting in settings:
            command += ["--set", setting]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.loads(file.read_text())


def run_grid(medal, results):
    lines = []
    for option, points in GRID.items():
        for value, settings in points:
            figures = measure(medal, settings)["results"]
            line = {
                "option": option,
                "value": value,
                "set": settings,
                "learner_steps_per_second": figures["sim.learner_steps_per_second"]["median"],
                "microseconds": {stage: figures[f"sim.microseconds.{stage}"]["median"] for stage in STAGES},
            }
            print(option, value, round(line["learner_steps_per_second"]))
            lines.append(line)
    results.write_text("".join(json.dumps(line) + "\n" for line in lines))


def draw(results, picture):
    lines = [json.loads(line) for line in results.read_text().splitlines()]
    figure, axes = plt.subplots(1, len(GRID), figsize=(3.2 * len(GRID), 3.4), sharey=True)
    for axis, option in zip(axes, GRID):
        points = [line for line in lines if line["option"] == option]
        labels = [str(point["value"]) for point in points]
        bottom = [0.0] * len(points)
        for stage, colour in zip(STAGES, COLOURS):
            heights = [point["microseconds"][stage] for point in points]
            axis.bar(labels, heights, bottom=bottom, color=colour, label=stage)
            bottom = [low + height for low, height in zip(bottom, heights)]
        for label, top, point in zip(labels, bottom, points):
            axis.text(label, top, f"{point['learner_steps_per_second'] / 1000:.0f} k/s", ha="center", va="bottom", fontsize=8)
        axis.set_xlabel(option)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("µs for each learner step")
    axes[-1].legend(frameon=False, fontsize=8)
    figure.tight_layout()
    figure.savefig(picture, dpi=110)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("medal", help="the medal program")
    parser.add_argument("--results", type=pathlib.Path, default="experiments/results/bench/scaling.jsonl")
    parser.add_argument("--picture", type=pathlib.Path, default="docs/pictures/scaling.png")
    parser.add_argument("--only-draw", action="store_true", help="draw the results that are there")
    arguments = parser.parse_args()
    if not arguments.only_draw:
        arguments.results.parent.mkdir(parents=True, exist_ok=True)
        run_grid(arguments.medal, arguments.results)
    draw(arguments.results, arguments.picture)


if __name__ == "__main__":
    main()
