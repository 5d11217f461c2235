#!/usr/bin/env python3
"""Draws when the phases of learning begin (random, following, recalling, experimenting alone) over the held-out scores, from
the JSON that experiments/metrics/phases.h describes."""

import argparse
import json
import pathlib
import textwrap

from picture import BLUE, GREEN, ORANGE, PINK, RED, SKY, UserError, np, plt, run_main, save

PHASES = [("following", "following", SKY), ("recalling", "recalling", GREEN),
          ("experimenting", "experimenting alone", ORANGE)]
LINES = [("full", "full: expert always seen", BLUE), ("half", "half: expert seen until half-time", GREEN),
         ("solo", "solo: expert never seen", RED)]


def read_phases(path):
    try:
        phases = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"'{path}' cannot be read: {error.strerror}; name a file of phases") from None
    except ValueError:
        phases = None
    if not isinstance(phases, dict) or not phases.get("points"):
        raise UserError(f"'{path}' holds no phases; name a file of phases")
    return phases


def draw(phases, out):
    steps = np.array([point["steps"] for point in phases["points"]]) / 1e6
    figure, axes = plt.subplots(figsize=(11.2, 5.2), dpi=100, layout="constrained")
    begins = [(0.0, "random", "#B0B0B0")] + [(phases[key] / 1e6, name, colour) for key, name, colour in PHASES
                                             if phases[key] is not None]
    begins.sort(key=lambda begin: begin[0])
    ends = [begin for begin, _, _ in begins[1:]] + [steps[-1]]
    for index, ((begin, name, colour), end) in enumerate(zip(begins, ends)):
        axes.axvspan(begin, end, color=colour, alpha=0.14, linewidth=0)
        label = name if index == 0 else f"{name}\nfrom {begin:.3g} M"
        axes.annotate(label, (begin, 1.0), xycoords=("data", "axes fraction"), xytext=(4, -4 - 26 * (index % 2)),
                      textcoords="offset points", fontsize=9, fontweight="bold", va="top", color="#333333")
    for key, label, colour in LINES:
        axes.plot(steps, [point[key] for point in phases["points"]], "o-", color=colour, markersize=3.5, label=label)
    recall = [2 * point["half"] - point["full"] for point in phases["points"]]
    axes.plot(steps, recall, "--", color=PINK, linewidth=1.4, label="recall: 2 half - full")
    axes.axhline(0, color="#8C8C8C", linewidth=0.8)
    axes.set_xlim(0, steps[-1])
    axes.set_ylim(min(-0.1, axes.get_ylim()[0]), 1.25)
    axes.set_xlabel("learner steps (millions)\n" + "\n".join(textwrap.wrap(phases["rule"], 110)), fontsize=8.5)
    axes.set_ylabel("held-out score over the expert's")
    axes.grid(True, color="#E6E6E6", linewidth=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    axes.legend(bbox_to_anchor=(1.01, 1.0), loc="upper left", fontsize=8.5, edgecolor="none")
    save(figure, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("phases", type=pathlib.Path, help="a run's report/phases.json")
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("phases.png"), help="PNG to write")
    arguments = parser.parse_args()
    draw(read_phases(arguments.phases), arguments.out)


run_main(main)
