#!/usr/bin/env python3
"""Draws the learning curves of one run, or of several over each other, from their metrics.jsonl into one picture."""

import argparse
import json
import math
import pathlib

from picture import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, RED, SKY, UserError, np, plt, run_main, save
from matplotlib.ticker import FuncFormatter, MaxNLocator

RUN_COLOURS = [BLUE, RED, GREEN, PINK, ORANGE, SKY, BLACK]
PRESENCE_COLOURS = {"full": BLUE, "half": GREEN, "solo": RED, "markov": ORANGE, "bernoulli": PINK}
TIME_COLOURS = {"simulate": BLUE, "policy": SKY, "learn": ORANGE, "communicate": PINK, "other": "#C8C8C8"}
LOSS_COLOURS = [GREEN, BLUE, RED, PINK, ORANGE, SKY, BLACK]
ADR_COLOURS = [BLUE, ORANGE, GREEN, PINK, SKY, RED]


class Run:
    """The rows of one metrics.jsonl, as columns."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.name = self.folder.resolve().name
        rows = read_rows(self.folder / "metrics.jsonl")
        self.training = [row for row in rows if "evaluation" not in row or "iteration" in row]
        self.evaluations = [row for row in rows if "evaluation" in row]

    def steps(self):
        return column(self.training, "steps") / 1e6

    def get(self, path):
        """Values of the training rows, NaN where absent; `path` is "loss/value"."""
        return column(self.training, path)

    def smooth(self, path):
        """Running mean over about 3 % of the run, weighted by episodes where the value is a mean over episodes."""
        weights = self.get("episodes") if path.split("/")[0] in ("score", "reward", "correct", "wrong") else None
        return running_mean(self.get(path), weights)

    def has(self, path):
        return bool(np.isfinite(self.get(path)).any())


def read_rows(path):
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").rstrip("\n").split("\n")
    except OSError as error:
        raise UserError(f"'{path}' cannot be read: {error.strerror}; name the folder of a run") from None
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            row["steps"] / 1.0
            rows.append(row)
        except (ValueError, TypeError, KeyError):
            if number < len(lines):  # a torn last line is what a killed run leaves
                raise UserError(f"'{path}' line {number} is no row of metrics; remove the line") from None
    if not rows:
        raise UserError(f"'{path}' has no rows yet; wait for the run's first iteration")
    return rows


def number(value):
    return float(value) if isinstance(value, (int, float)) else math.nan


def look_up(row, path):
    for name in path.split("/"):
        row = row.get(name) if isinstance(row, dict) else None
    return row


def column(rows, path):
    return np.array([number(look_up(row, path)) for row in rows], dtype=float)


def running_mean(values, weights=None):
    weights = np.ones_like(values) if weights is None else np.nan_to_num(weights)
    weights = np.where(np.isfinite(values), weights, 0.0)
    half = max(1, len(values) // 64)
    total = np.concatenate([[0.0], np.cumsum(np.nan_to_num(values) * weights)])
    weight = np.concatenate([[0.0], np.cumsum(weights)])
    first = np.maximum(np.arange(len(values)) - half, 0)
    last = np.minimum(np.arange(len(values)) + half + 1, len(values))
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (total[last] - total[first]) / (weight[last] - weight[first])
    return np.where(np.isfinite(values), mean, math.nan)


def draw(axes, run, path, colour, label=None, style="-", raw=True):
    """A smoothed line over its faint raw values; gaps of rows without the value are bridged."""
    known = np.isfinite(run.get(path))
    steps = run.steps()[known]
    if raw and known.sum() > 20:
        axes.plot(steps, run.get(path)[known], color=colour, alpha=0.2, linewidth=0.6)
    marker = "o" if known.sum() == 1 else None
    axes.plot(steps, run.smooth(path)[known], color=colour, linestyle=style, label=label, linewidth=1.6, marker=marker)


def fit_to_bulk(axes, arrays, floor, headroom=0.0):
    """Keeps a few wild values (a value loss at the start) from flattening all else; `headroom` is for a legend."""
    values = np.concatenate([array[np.isfinite(array)] for array in arrays] or [np.zeros(1)])
    if len(values) == 0:
        return
    low, high = np.percentile(values, [0.5, 99.0])
    low = min(low, floor)
    span = (high - low) or 0.1
    axes.set_ylim(low if low == floor else low - 0.08 * span, high + (0.08 + headroom) * span)


def style(axes, title, label):
    axes.set_title(title, loc="left", fontsize=10, fontweight="bold")
    axes.set_ylabel(label)
    axes.set_xlabel("learner steps (millions)")
    axes.set_axisbelow(True)
    axes.grid(True, color="#E6E6E6", linewidth=0.7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def legend(axes, handles=None, **options):
    handles = handles if handles is not None else axes.get_legend_handles_labels()[0]
    if handles:
        place = {"loc": "best", "fontsize": 8, "framealpha": 0.85, "edgecolor": "none", "handlelength": 2.0}
        axes.legend(handles=handles, **(place | options))


def right_axis(axes, label):
    right = axes.twinx()
    right.set_ylabel(label)
    right.spines["top"].set_visible(False)
    return right


def line_key(style_name, label, colour="#444444"):
    return plt.Line2D([], [], color=colour, linestyle=style_name, label=label, linewidth=1.6)


# One function for each panel: (axes, runs). Several runs differ by colour; what they show differs by line style.


def panel_transmission(axes, runs):
    style(axes, "Cultural transmission, held-out tasks", "CT (95 % interval)")
    several = len(runs) > 1
    for index, run in enumerate(runs):
        colour = run_colour(index)
        steps = column(run.evaluations, "steps") / 1e6
        mean = column(run.evaluations, "evaluation/ct/mean")
        low, high = (column(run.evaluations, f"evaluation/ct/{end}") for end in ("low", "high"))
        axes.fill_between(steps, low, high, color=colour, alpha=0.2, linewidth=0)
        if len(steps) == 1:  # a band of one point has no width
            axes.errorbar(steps, mean, [mean - low, high - mean], color=colour, capsize=4)
        axes.plot(steps, mean, "o-", color=colour, markersize=3.5, label=run.name if several else "CT")
    axes.axhline(0.75, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    axes.axhline(1.0, color=GREY, linewidth=1, linestyle=(0, (1, 2)))
    lowest, highest = axes.get_ylim()
    axes.set_ylim(min(lowest, -0.05), max(highest, 1.12))
    for height, text in ((0.75, "follower without memory"), (1.0, "perfect recall")):
        axes.annotate(text, (0.01, height), xycoords=("axes fraction", "data"), xytext=(2, 3),
                      textcoords="offset points", fontsize=7.5, color="#555555",
                      bbox={"facecolor": "white", "alpha": 0.8, "edgecolor": "none", "pad": 0.5})
    if several:
        legend(axes, loc="lower right")


def panel_held_out_scores(axes, runs):
    style(axes, "Scores by presence, held-out tasks", "score per episode")
    for name in ("full", "half", "solo", "expert"):
        colour = PRESENCE_COLOURS.get(name, BLACK)
        steps = column(runs[0].evaluations, "steps") / 1e6
        mean, low, high = (column(runs[0].evaluations, f"evaluation/{name}/{part}") for part in ("mean", "low", "high"))
        axes.fill_between(steps, low, high, color=colour, alpha=0.15, linewidth=0)
        axes.plot(steps, mean, "o--" if name == "expert" else "o-", color=colour, markersize=3, label=name)
    legend(axes)


def panel_scores(axes, runs):
    style(axes, "Training scores (smoothed)", "score per episode")
    if len(runs) > 1:
        for index, run in enumerate(runs):
            draw(axes, run, "score/all", run_colour(index), run.name)
            draw(axes, run, "score/expert", run_colour(index), style=":", raw=False)
        legend(axes, axes.get_legend_handles_labels()[0] + [line_key(":", "expert")])
        return
    kinds = [kind for kind in PRESENCE_COLOURS if runs[0].has(f"score/{kind}")]
    for kind in kinds:
        draw(axes, runs[0], f"score/{kind}", PRESENCE_COLOURS[kind], kind)
    if not kinds:
        draw(axes, runs[0], "score/all", BLUE, "learners")
    draw(axes, runs[0], "score/expert", BLACK, "expert", style="--")
    legend(axes)


def loss_terms(run):
    """All but the entropy, which has an axis of its own: (name, colour), in the order of the rows."""
    names = dict.fromkeys(name for row in run.training[-1:] + run.training[:1] for name in look_up(row, "loss") or {})
    names = [name for name in names if name != "entropy" and run.has(f"loss/{name}")]
    return [(name, LOSS_COLOURS[index % len(LOSS_COLOURS)]) for index, name in enumerate(names)]


def panel_losses(axes, runs):
    if len(runs) > 1:
        style(axes, "Losses", "attention (10 m), value")
        for index, run in enumerate(runs):
            draw(axes, run, "loss/attention", run_colour(index), raw=False)
            draw(axes, run, "loss/value", run_colour(index), style=":", raw=False)
        fit_to_bulk(axes, [run.get(f"loss/{name}") for run in runs for name in ("attention", "value")], floor=0.0,
                    headroom=0.1)
        legend(axes, [line_key("-", "attention (10 m)"), line_key(":", "value")])
        return
    style(axes, "Losses", "loss (attention in units of 10 m)")
    terms = loss_terms(runs[0])
    for name, colour in terms:
        draw(axes, runs[0], f"loss/{name}", colour, name)
    fit_to_bulk(axes, [runs[0].get(f"loss/{name}") for name, _ in terms], floor=0.0, headroom=0.3)
    right = right_axis(axes, "entropy (nats)")
    draw(right, runs[0], "loss/entropy", GREY, "entropy (right)", style="--", raw=False)
    fit_to_bulk(right, [runs[0].get("loss/entropy")], floor=0.0, headroom=0.3)
    legend(right, axes.get_legend_handles_labels()[0] + right.get_legend_handles_labels()[0], ncol=2)


def panel_time(axes, runs):
    speed_label = "learner steps per second"
    thousands = FuncFormatter(lambda value, _: f"{value / 1000:g}k" if value >= 1000 else f"{value:g}")
    parts = [name for name in TIME_COLOURS if runs[0].has(f"time/{name}")]
    if len(runs) > 1 or not parts:
        style(axes, "Throughput", speed_label)
        for index, run in enumerate(runs):
            draw(axes, run, "steps_per_second", run_colour(index), run.name)
        fit_to_bulk(axes, [run.get("steps_per_second") for run in runs], floor=0.0)
        axes.yaxis.set_major_formatter(thousands)
        return
    style(axes, "Time split and throughput", "share of each iteration (%)")
    seconds = np.array([np.nan_to_num(running_mean(runs[0].get(f"time/{name}"))) for name in parts])
    total = seconds.sum(axis=0)
    known = total > 0
    shares = 100 * seconds[:, known] / total[known]
    axes.stackplot(runs[0].steps()[known], shares, labels=parts, colors=[TIME_COLOURS[name] for name in parts],
                   alpha=0.75, linewidth=0)
    axes.set_ylim(0, 100)
    right = right_axis(axes, speed_label)
    draw(right, runs[0], "steps_per_second", BLACK, "steps/s (right)", raw=False)
    fit_to_bulk(right, [runs[0].get("steps_per_second")], floor=0.0)
    right.yaxis.set_major_formatter(thousands)
    legend(right, axes.get_legend_handles_labels()[0] + right.get_legend_handles_labels()[0], loc="lower left", ncol=2)


def panel_schedules(axes, runs):
    style(axes, "Penalty and learning rate", "penalty of a wrong entry")
    right = right_axis(axes, "learning rate")
    several = len(runs) > 1
    for index, run in enumerate(runs):
        axes.plot(run.steps(), run.get("penalty"), color=run_colour(index) if several else BLUE, linewidth=1.6)
        right.plot(run.steps(), run.get("learning_rate"), color=run_colour(index) if several else RED, linestyle="--",
                   linewidth=1.6)
    for side in (axes, right):
        side.set_ylim(0, 1.3 * max(side.get_ylim()[1] / 1.05, 1e-12))  # with room for the legend
    right.ticklabel_format(axis="y", style="sci", scilimits=(-2, 3))
    legend(right, [line_key("-", "penalty", "#444444" if several else BLUE),
                   line_key("--", "learning rate (right)", "#444444" if several else RED)],
           loc="upper center", ncol=2)


def adr_knobs(runs):
    """In the order in which they appear."""
    return list(dict.fromkeys(knob for run in runs for row in run.training[-1:] + run.training[:1]
                              for knob in (look_up(row, "adr/ranges") or {})))


def panel_adr(axes, runs):
    """One lane for each knob, as high as the widest range that was reached."""
    style(axes, "ADR ranges", "")
    knobs = adr_knobs(runs)
    names = []
    for lane, knob in enumerate(reversed(knobs)):
        ends = [np.array([[number(end) for end in (look_up(row, "adr/ranges") or {}).get(knob, (math.nan, math.nan))]
                          for row in run.training]) for run in runs]
        known = np.concatenate(ends)
        lowest, highest = np.nanmin(known), np.nanmax(known)
        scale = 0.8 / (highest - lowest) if highest > lowest else 0.0
        for index, (run, values) in enumerate(zip(runs, ends)):
            colour = run_colour(index) if len(runs) > 1 else ADR_COLOURS[(len(knobs) - 1 - lane) % len(ADR_COLOURS)]
            low, high = (lane - 0.4 + (values[:, end] - lowest) * scale for end in (0, 1))
            axes.fill_between(run.steps(), low, high, color=colour, alpha=0.35, linewidth=0, step="post")
            for edge in (low, high):
                axes.step(run.steps(), edge, color=colour, linewidth=1.2, where="post")
        names.append(f"{knob.replace('_', ' ')}\n{lowest:.3g} .. {highest:.3g}")
    axes.set_yticks(range(len(knobs)), names, fontsize=8)
    axes.set_ylim(-0.55, len(knobs) - 0.4)
    axes.grid(False, axis="y")


def run_colour(index):
    return RUN_COLOURS[index % len(RUN_COLOURS)]


def panels_of(runs):
    chosen = []
    if any(run.evaluations for run in runs):
        chosen.append(panel_transmission)
    if any(run.training for run in runs):
        chosen += [panel_scores, panel_losses, panel_time, panel_schedules]
    elif len(runs) == 1:
        chosen.append(panel_held_out_scores)
    if adr_knobs(runs):
        chosen.append(panel_adr)
    return chosen


def duration(seconds):
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def summary(run):
    parts = []
    if run.training:
        last = run.training[-1]
        parts.append(f"{last['steps'] / 1e6:.3g} M steps")
        seconds = number(last.get("elapsed_seconds"))
        if math.isfinite(seconds):
            parts[0] += " in " + duration(seconds)
    if run.evaluations:
        last = run.evaluations[-1]
        mean, low, high = (number(look_up(last, f"evaluation/ct/{part}")) for part in ("mean", "low", "high"))
        parts.append(f"last held-out CT {mean:.2f} [{low:.2f}, {high:.2f}]")
    return ", ".join(parts)


def draw_picture(runs, out):
    panels = panels_of(runs)
    figure = plt.figure(figsize=(12.8, 8.0), dpi=100, layout="constrained")
    first_row = (len(panels) + 1) // 2
    rows = [panels[:first_row], panels[first_row:]] if len(panels) > 2 else [panels]
    furthest = max(row["steps"] for run in runs for row in run.training + run.evaluations) / 1e6
    for part, row in zip(figure.subfigures(len(rows), 1, squeeze=False).flat, rows):
        for axes, panel in zip(part.subplots(1, len(row), squeeze=False).flat, row):
            panel(axes, runs)
            axes.set_xlim(0, furthest * 1.02 or 1)
            axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))
    if len(runs) == 1:
        title = f"{runs[0].name}: {summary(runs[0])}"
    else:
        title = "Learning curves: " + ", ".join(run.name for run in runs)
    figure.suptitle(title if len(title) < 110 else title[:107] + "...", fontsize=13)
    save(figure, out)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("runs", nargs="+", metavar="RUN_FOLDER")
    parser.add_argument("--out", type=pathlib.Path, metavar="FILE.png",
                        help="default: RUN/report/learning_curves.png, or learning_curves.png here for several runs")
    arguments = parser.parse_args()
    plt.rcParams.update({"font.size": 9, "axes.spines.top": False, "figure.constrained_layout.h_pad": 0.06,
                         "figure.constrained_layout.w_pad": 0.08})
    runs = [Run(folder) for folder in arguments.runs]
    default = runs[0].folder / "report" if len(runs) == 1 else pathlib.Path()
    draw_picture(runs, arguments.out or default / "learning_curves.png")


if __name__ == "__main__":
    run_main(main)
