#!/usr/bin/env python3
"""Draws a study of several arms from the summary.json that `medal ablate` writes and the results beside it: learning
curves, CT and scores by arm, and the scores in the study's evaluations."""

import argparse
import json
import pathlib
import textwrap

from picture import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, RED, SKY, UserError, np, plt, run_main, save
from matplotlib.ticker import MaxNLocator

COLOURS = [BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK, GREY]
MARKERS = ["o", "s", "^", "D", "v", "P", "X", "*"]
CONDITIONS = {"full": ("expert always seen (full)", BLUE), "half": ("seen until half-time (half)", GREEN),
              "solo": ("never seen (solo)", RED)}
LANDMARKS = ((0.75, "follower without memory"), (1.0, "perfect recall"))
TEXT = "#333333"


class Arm:
    """One arm's summary, with the results of its seeds."""

    def __init__(self, index, summary, folder):
        self.summary = summary
        self.title = summary["title"]
        self.colour = COLOURS[index % len(COLOURS)]
        self.marker = MARKERS[index % len(MARKERS)]
        self.seeds = summary["seeds"]
        self.results = [read_json(folder / f"{summary['arm']}-{seed}.json") for seed in self.seeds]

    def curve(self, value):
        """Steps that all seeds were evaluated after (millions), and there `value` of an evaluation: seeds x steps."""
        curves = [result["evaluations"] for result in self.results]
        steps = sorted(set.intersection(*(set(curve["steps"]) for curve in curves)))
        rows = [[value(dict(zip(curve, point))) for point in zip(*curve.values()) if point[0] in steps]
                for curve in curves]
        return np.array(steps) / 1e6, np.array(rows)


class Group:
    def __init__(self, summary, folder):
        self.title = summary["title"]
        self.steps = summary["steps"] / 1e6
        self.arms = [Arm(index, arm, folder) for index, arm in enumerate(summary["arms"])]

    def finished(self):
        return [arm for arm in self.arms if arm.seeds]


def read_json(path):
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"'{path}' cannot be read: {error.strerror}; run medal ablate again") from None
    except ValueError:
        raise UserError(f"'{path}' is damaged; run medal ablate again") from None


def style(axes, title):
    axes.set_title(title, loc="left", fontsize=11, fontweight="bold", color=TEXT)
    axes.set_axisbelow(True)
    axes.grid(True, color="#E6E6E6", linewidth=0.7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def landmarks(axes, horizontal):
    """Where a follower without memory and a perfect recaller stand."""
    for (value, text), dashes in zip(LANDMARKS, ((4, 3), (1, 2))):
        line, place = (axes.axhline, (0.01, value)) if horizontal else (axes.axvline, (value, 1.0))
        line(value, color=GREY, linewidth=1, linestyle=(0, dashes), zorder=1)
        axes.annotate(text, place, xycoords=("axes fraction", "data") if horizontal else ("data", "axes fraction"),
                      xytext=(2, 3) if horizontal else (0, 3), textcoords="offset points", fontsize=7.5,
                      color="#666666", ha="left" if horizontal else "center")


def seeds_note(groups):
    counts = {len(arm.seeds) for group in groups for arm in group.finished()}
    return " or ".join(str(count) for count in sorted(counts)) + (" seed" if counts == {1} else " seeds")


# curves.png: a column for each group, above CT, below half / E.


def panel_curve(axes, group, value):
    for arm in group.finished():
        steps, values = arm.curve(value)
        if len(values) > 1:
            axes.fill_between(steps, values.min(axis=0), values.max(axis=0), color=arm.colour, alpha=0.16, linewidth=0)
        axes.plot(steps, values.mean(axis=0), color=arm.colour, marker=arm.marker, markersize=4.5, linewidth=1.7,
                  label=arm.title)
    axes.set_xlim(0, group.steps * 1.03)
    axes.xaxis.set_major_locator(MaxNLocator(7, steps=[1, 2, 5, 10]))


def picture_curves(study, groups):
    rows = (("cultural transmission (CT)", lambda point: point["ct"]),
            ("score half / expert's score", lambda point: point["half"] / max(point["expert"], 1e-9)))
    figure = plt.figure(figsize=(5.4 * len(groups) + 0.8, 8.2), dpi=110, layout="constrained")
    axes = figure.subplots(len(rows), len(groups), squeeze=False, sharey="row", sharex="col")
    for column, group in enumerate(groups):
        for (label, value), panel in zip(rows, axes[:, column]):
            style(panel, group.title if panel is axes[0, column] else "")
            panel_curve(panel, group, value)
            if column == 0:
                panel.set_ylabel(label)
        landmarks(axes[0, column], horizontal=True)
        axes[-1, column].set_xlabel("learner steps (millions)")
    for panel in axes[0]:  # the row shares its limits
        low, high = panel.get_ylim()
        panel.set_ylim(min(low, -0.05), max(high, 1.1))
    for panel, group in zip(axes[-1], groups):
        low, high = panel.get_ylim()
        panel.set_ylim(min(low, -0.05), max(high, 0.2))
        if group.finished():
            panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncol=2, fontsize=9, frameon=False)
    figure.suptitle(f"{study}: held-out tasks while learning\nline: mean of {seeds_note(groups)}; band: lowest to "
                    "highest", fontsize=11, color=TEXT)
    return figure


# ct.png and scores.png: a row for each arm.


def rows_of_arms(axes, group):
    """Arms from the top; returns their heights."""
    heights = np.arange(len(group.arms))[::-1]
    axes.set_yticks(heights, ["\n".join(textwrap.wrap(arm.title, 30)) for arm in group.arms], fontsize=10)
    axes.set_ylim(-0.6, len(group.arms) - 0.4)
    axes.tick_params(axis="y", length=0)
    axes.grid(False, axis="y")
    for height, arm in zip(heights, group.arms):
        if not arm.seeds:
            axes.annotate("no result yet", (0.5, height), xycoords=("axes fraction", "data"), ha="center", va="center",
                          fontsize=9, color="#777777", style="italic")
    return heights


def estimate(axes, height, measure, colour):
    """Interval as a bar, the IQM as a stroke across it, the seeds as rings."""
    axes.plot([measure["low"], measure["high"]], [height, height], color=colour, linewidth=8, alpha=0.28,
              solid_capstyle="butt")
    axes.plot(measure["iqm"], height, linestyle="", marker="|", markersize=17, markeredgewidth=3, color=colour)
    axes.plot(measure["values"], np.full(len(measure["values"]), height), linestyle="", marker="o", markersize=5.5,
              markerfacecolor="white", markeredgecolor=colour, markeredgewidth=1.2)


def panel_ct(axes, group):
    style(axes, "")
    for height, arm in zip(rows_of_arms(axes, group), group.arms):
        if not arm.seeds:
            continue
        measure = arm.summary["ct"]
        estimate(axes, height, measure, arm.colour)
        axes.annotate(f"{measure['iqm']:.2f}", (measure["iqm"], height), xytext=(0, 11), textcoords="offset points",
                      ha="center", fontsize=9, color=TEXT)
    axes.axvline(0, color="#999999", linewidth=1)
    landmarks(axes, horizontal=False)


def panel_scores(axes, group):
    style(axes, "")
    for height, arm in zip(rows_of_arms(axes, group), group.arms):
        for offset, (condition, (_, colour)) in zip((0.26, 0, -0.26), CONDITIONS.items()):
            if arm.seeds:
                estimate(axes, height + offset, arm.summary[condition], colour)
        if height > 0:
            axes.axhline(height - 0.5, color="#E6E6E6", linewidth=0.7)
    axes.axvline(0, color="#999999", linewidth=1)
    axes.axvline(1, color=GREY, linewidth=1, linestyle=(0, (4, 3)))
    axes.annotate("the expert", (1, 1.0), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
                  fontsize=7.5, color="#666666", ha="center")


def picture_rows(title, groups, panel, label, row_height, least):
    """Groups above each other, as high as their arms, over one scale."""
    counts = [len(group.arms) for group in groups]
    figure = plt.figure(figsize=(9.2, 1.9 + row_height * sum(counts) + 0.5 * len(groups)), dpi=110,
                        layout="constrained")
    figure.set_constrained_layout_pads(w_pad=0.12)
    axes = figure.subplots(len(groups), 1, squeeze=False, sharex=True, gridspec_kw={"height_ratios": counts})[:, 0]
    for one, group in zip(axes, groups):
        panel(one, group)
        one.set_title(f"{group.title or 'all arms'} ({group.steps:g} M steps)", loc="left", fontsize=11,
                      fontweight="bold", color=TEXT, pad=16)
    low, high = axes[0].get_xlim()
    axes[0].set_xlim(min(low, least[0]), max(high, least[1]))
    axes[-1].set_xlabel(label)
    figure.suptitle(f"{title}\nstroke: interquartile mean; bar: 95 % bootstrap interval over {seeds_note(groups)}; "
                    "rings: seeds", fontsize=11, color=TEXT)
    return figure


def picture_ct(study, groups):
    return picture_rows(f"{study}: cultural transmission on held-out tasks", groups, panel_ct, "CT", 0.55,
                        (-0.05, 1.05))


def picture_scores(study, groups):
    figure = picture_rows(f"{study}: scores on held-out tasks, as shares of the expert's", groups, panel_scores,
                          "score / expert's score", 0.85, (-0.1, 1.05))
    handles = [plt.Line2D([], [], color=colour, linewidth=8, alpha=0.6, label=label)
               for label, colour in CONDITIONS.values()]
    figure.axes[-1].legend(handles=handles, loc="upper center", bbox_to_anchor=(0.5, -0.22), ncol=3, fontsize=9,
                           frameon=False)
    return figure


# evaluations.png: the scores in each of the study's evaluations, from left to right in the file's order.


def panel_evaluations(axes, evaluations, condition):
    places = np.arange(len(evaluations))
    style(axes, CONDITIONS[condition][0])
    axes.set_xticks(places, ["\n".join(textwrap.wrap(one["title"], 14)) for one in evaluations], fontsize=9)
    axes.axhline(0, color="#999999", linewidth=1)
    for index, arm in enumerate(evaluations[0]["arms"]):
        rows = [(place, one["arms"][index][f"{condition}_score"], one["arms"][index]["expert_score"])
                for place, one in zip(places, evaluations) if one["arms"][index]["seeds"]]
        if not rows:
            continue
        at, scores, experts = zip(*rows)
        colour = COLOURS[index % len(COLOURS)]
        axes.fill_between(at, [score["low"] for score in scores], [score["high"] for score in scores], color=colour,
                          alpha=0.16, linewidth=0)
        axes.plot(at, [score["iqm"] for score in scores], color=colour, marker=MARKERS[index % len(MARKERS)],
                  markersize=4.5, linewidth=1.7, label=arm["title"])
        axes.plot(at, [expert["iqm"] for expert in experts], color=GREY, marker="_", linestyle=(0, (4, 3)), linewidth=1,
                  label="the expert" if index == 0 else None)


def picture_evaluations(study, evaluations):
    figure = plt.figure(figsize=(max(7.0, 0.9 * len(evaluations) + 2), 8.2), dpi=110, layout="constrained")
    axes = figure.subplots(2, 1, sharex=True, sharey=True)
    for panel, condition in zip(axes, ("full", "half")):
        panel_evaluations(panel, evaluations, condition)
        panel.set_ylabel("score")
    axes[-1].legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncol=3, fontsize=9, frameon=False)
    figure.suptitle(f"{study}: one agent of each arm and seed, judged on other tasks\n"
                    "line: interquartile mean over seeds; band: 95 % bootstrap interval", fontsize=11, color=TEXT)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("summary", type=pathlib.Path, metavar="SUMMARY.json")
    parser.add_argument("--out", type=pathlib.Path, metavar="FOLDER", help="default: the folder of the summary")
    arguments = parser.parse_args()
    summary = read_json(arguments.summary)
    groups = [Group(group, arguments.summary.parent) for group in summary["groups"]]
    if not any(group.finished() for group in groups):
        raise UserError(f"'{arguments.summary}' holds no results yet; let a run of the study reach its end")
    for name, picture in (("curves", picture_curves), ("ct", picture_ct), ("scores", picture_scores)):
        save(picture(summary["study"], groups), (arguments.out or arguments.summary.parent) / f"{name}.png")
    evaluations = summary.get("evaluations", [])  # summaries of 0.1.0 have none
    if any(arm["seeds"] for evaluation in evaluations for arm in evaluation["arms"]):
        save(picture_evaluations(summary["study"], evaluations),
             (arguments.out or arguments.summary.parent) / "evaluations.png")


if __name__ == "__main__":
    run_main(main)
