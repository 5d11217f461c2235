#!/usr/bin/env python3
"""Draws one recorded episode from above, a panel for each learner, from the JSON that experiments/plots/episode_paths.h
describes."""

import argparse
import json
import pathlib
import textwrap

from picture import BLACK, GREEN, RED, SKY, UserError, np, plt, run_main, save
from matplotlib import patheffects
from matplotlib.collections import LineCollection
from matplotlib.colors import LightSource, LinearSegmentedColormap
from matplotlib.legend_handler import HandlerBase
from matplotlib.patches import Circle, FancyArrowPatch, Patch, Polygon
from matplotlib.ticker import MaxNLocator

# Pixels.
MAP, STRIP, LEGEND = 430, 92, 196
LEFT, TOP, GAP, BELOW_MAP, BOTTOM = 54, 36, 20, 14, 46
MOST_PANELS = 4
CONTOUR = 0.2  # m

TIME = LinearSegmentedColormap.from_list("time", plt.get_cmap("plasma")(np.linspace(0.02, 0.93, 64)))
GROUND = LinearSegmentedColormap.from_list("ground", ["#92A593", "#BBC4A8", "#E4DDC3"])
EXPERT = "#474747"
SEEN = "#CFE3F1"
OBSTACLES = {"upright": ("upright", {"facecolor": "#4A5058", "edgecolor": "#2E3338"}),
             "low_bar": ("low bar", {"facecolor": "#B08D5F", "edgecolor": "#7A5C36"}),
             "overhead_bar": ("overhead bar", {"facecolor": "#FFFFFF66", "edgecolor": "#4A5058", "hatch": "////"})}
PRESENCE = {"full": "expert always seen", "half": "expert seen until half-time", "solo": "expert never seen",
            "markov": "expert comes and goes", "bernoulli": "expert seen at random"}
ENTRIES = {1: ("+", GREEN, "entry that pays"), -1: ("x", RED, "wrong entry")}

START = {"linestyle": "", "marker": "o", "markersize": 9, "color": "white", "markeredgecolor": BLACK,
         "markeredgewidth": 1.6}
LEAVING = START | {"marker": "D", "markersize": 8}


def read_episode(path):
    try:
        episode = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"'{path}' cannot be read: {error.strerror}; name a file of episode paths") from None
    except ValueError:
        episode = None
    parts = {"title", "control_rate", "task", "expert", "learners"}
    if not isinstance(episode, dict) or not parts <= episode.keys() or not episode["learners"]:
        raise UserError(f"'{path}' holds no episode; name a file of episode paths")
    return episode


def has_expert(episode):
    return episode["expert"]["kind"] != "absent"


def halo(width, colour="white"):
    return [patheffects.withStroke(linewidth=width, foreground=colour)]


def finer(count, factor):
    """Matrix of a cubic B-spline through a row of `count` values, sampled `factor` times as densely."""
    t = np.linspace(0, count - 1, (count - 1) * factor + 1)
    distance = np.abs(t[:, None] - np.arange(-1, count + 1)[None, :])
    weights = np.where(distance < 1, 2 / 3 - distance**2 + distance**3 / 2, np.clip(2 - distance, 0, None)**3 / 6)
    weights[:, 1] += weights[:, 0]
    weights[:, -2] += weights[:, -1]
    return weights[:, 1:-1]


def draw_ground(axes, task):
    heights = np.array(task["heights"], dtype=float)
    half = task["arena_size"] / 2
    smooth = finer(len(heights), 10)
    heights = smooth @ heights @ smooth.T
    cell = task["arena_size"] / (len(heights) - 1)
    spread = max(np.abs(heights).max(), 0.3)
    shaded = LightSource(azdeg=315, altdeg=50).shade(heights, GROUND, blend_mode="soft", vmin=-spread, vmax=spread,
                                                     dx=cell, dy=cell, vert_exag=1.8)
    axes.imshow(shaded, origin="lower", extent=(-half, half, -half, half), interpolation="bilinear")
    line = np.linspace(-half, half, len(heights))
    if np.ptp(heights) > CONTOUR:
        levels = np.arange(heights.min(), heights.max(), CONTOUR)
        axes.contour(line, line, heights, levels=levels, colors="#4F5B4A", linewidths=0.5, linestyles="-", alpha=0.35)
    axes.set(xlim=(-half, half), ylim=(-half, half), xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set(color="#4A5058", linewidth=2)


def draw_obstacles(axes, task):
    for obstacle in task["obstacles"]:
        axes.add_patch(Polygon(obstacle["corners"], linewidth=0.8, zorder=2, **OBSTACLES[obstacle["kind"]][1]))


def draw_goals(axes, task):
    goals = sorted(task["goals"], key=lambda goal: goal["place"])
    for goal in goals:
        center = (goal["x"], goal["y"])
        axes.add_patch(Circle(center, goal["radius"], facecolor=goal["colour"], edgecolor=BLACK, alpha=0.8,
                              linewidth=0.8, zorder=3))
        axes.text(*center, str(goal["place"] + 1), ha="center", va="center", fontsize=14, fontweight="bold",
                  color="white", zorder=9, path_effects=halo(3, BLACK))
    for goal, following in zip(goals, goals[1:] + goals[:1] if task["cyclic"] else goals[1:]):
        start, end = (np.array([disc["x"], disc["y"]]) for disc in (goal, following))
        along = (end - start) / (np.linalg.norm(end - start) or 1)
        axes.add_patch(FancyArrowPatch(start + along * goal["radius"], end - along * following["radius"],
                                       connectionstyle="arc3,rad=0.12", arrowstyle="-|>", mutation_scale=11,
                                       shrinkA=0, shrinkB=0, color="white", linewidth=1.3, zorder=3,
                                       path_effects=halo(2.8, "#3D4A40")))


def pieces_of(x, y):
    """The line as pieces from point to point."""
    points = np.column_stack([x, y])
    return np.stack([points[:-1], points[1:]], axis=1)


def draw_expert(axes, expert, visible):
    pieces = pieces_of(expert["x"], expert["y"])
    seen = np.array(visible[:-1], dtype=bool)
    for chosen, look in ((~seen, {"linestyles": ":", "alpha": 0.45}), (seen, {"alpha": 0.85})):
        axes.add_collection(LineCollection(pieces[chosen], colors=EXPERT, linewidths=1.0, zorder=4, **look))


def timed_line(x, y, width, **options):
    pieces = pieces_of(x, y)
    line = LineCollection(pieces, cmap=TIME, linewidths=width, capstyle="round", **options)
    line.set_array(np.linspace(0, 1, len(pieces)))
    return line


def steps_of_leaving(learner):
    """None where the expert comes and goes: too many marks would tell nothing."""
    changes = np.flatnonzero(np.diff(learner["expert_visible"])) + 1
    return changes if len(changes) == 1 and learner["expert_visible"][0] else changes[:0]


def draw_learner(axes, learner):
    x, y = np.array(learner["x"]), np.array(learner["y"])
    axes.plot(x, y, color="white", linewidth=3.6, alpha=0.7, zorder=5)
    axes.add_collection(timed_line(x, y, 2.0, zorder=6))
    axes.plot(x[:1], y[:1], **START, zorder=8)
    leaving = steps_of_leaving(learner)
    axes.plot(x[leaving], y[leaving], **LEAVING, zorder=8)
    for reward, (marker, colour, _) in ENTRIES.items():
        steps = [entry["step"] for entry in learner["entries"] if entry["reward"] == reward]
        axes.plot(x[steps], y[steps], marker, color=colour, markersize=8, markeredgewidth=2.2, zorder=7,
                  path_effects=halo(4))


def draw_strip(axes, episode, learner, heights):
    seconds = np.arange(len(learner["x"])) / episode["control_rate"]
    axes.fill_between(seconds, 0, 1, where=np.array(learner["expert_visible"], dtype=bool), step="post", color=SEEN,
                      transform=axes.get_xaxis_transform(), linewidth=0)
    axes.axhline(0, color="#999999", linewidth=0.7)
    if has_expert(episode):
        axes.plot(seconds, episode["expert"]["score"], color=EXPERT, linewidth=1.2)
    axes.add_collection(timed_line(seconds, learner["score"], 2.4, zorder=3))
    axes.set(xlim=(0, seconds[-1] or 1), ylim=heights, xlabel="seconds")
    axes.xaxis.labelpad = 1
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.spines[["top", "right"]].set_visible(False)


class TimedLineKey(HandlerBase):
    """A short piece of the learner's line."""

    def create_artists(self, legend, handle, x, y, width, height, size, transform):
        return [timed_line(np.linspace(-x, width - x, 30), np.full(30, height / 2 - y), 3.0, transform=transform)]


def key(label, **options):
    return plt.Line2D([], [], label=label, **options)


def draw_legend(axes, episode):
    axes.axis("off")
    timed = key("learner, over time")
    keys = [timed, key("start", **START)]
    if has_expert(episode):
        keys[1:1] = [key("expert, seen", color=EXPERT, linewidth=1.2),
                     key("expert, not seen", color=EXPERT, linewidth=1.2, linestyle=":")]
    if any(len(steps_of_leaving(learner)) for learner in episode["learners"][:MOST_PANELS]):
        keys.append(key("expert leaves", **LEAVING))
    keys += [key(label, linestyle="", marker=marker, color=colour, markersize=9, markeredgewidth=2.4)
             for marker, colour, label in ENTRIES.values()]
    keys.append(key("goals in their order", linestyle="", marker="o", markersize=12, color=SKY, markeredgecolor=BLACK))
    present = {obstacle["kind"] for obstacle in episode["task"]["obstacles"]}
    keys += [Patch(label=label, **look) for kind, (label, look) in OBSTACLES.items() if kind in present]
    if has_expert(episode):
        keys.append(Patch(label="while expert is seen", facecolor=SEEN))
    axes.legend(handles=keys, handler_map={timed: TimedLineKey()}, loc="upper left", frameon=False, fontsize=10.5,
                borderaxespad=0, labelspacing=0.9, handlelength=1.7, handletextpad=0.7, borderpad=0, handleheight=0.9)
    caption = textwrap.wrap(episode["title"], 26)[:3] + [f"arena {episode['task']['arena_size']:.0f} m wide"]
    axes.text(0, 0, "\n".join(caption).replace("$", r"\$"), fontsize=10, color="#555555", va="bottom")


def title_of(episode, learner):
    score = f"score {learner['score'][-1]:.0f}".replace("-", "\N{MINUS SIGN}")
    if not has_expert(episode):
        return f"no expert: {score}"
    return f"{PRESENCE[learner['presence']]}: {score} of {episode['expert']['score'][-1]:.0f}"


def draw_picture(episode):
    learners = episode["learners"][:MOST_PANELS]
    width = LEFT + len(learners) * (MAP + GAP) + LEGEND
    height = TOP + MAP + BELOW_MAP + STRIP + BOTTOM
    figure = plt.figure(figsize=(width / 100, height / 100), dpi=100)

    def place(left, bottom, across, up):
        return figure.add_axes((left / width, bottom / height, across / width, up / height))

    scores = [score for one in learners + [episode["expert"]] for score in one["score"]]
    span = max(max(scores) - min(scores), 1)
    heights = (min(scores) - 0.06 * span, max(scores) + 0.08 * span)
    for index, learner in enumerate(learners):
        left = LEFT + index * (MAP + GAP)
        axes = place(left, BOTTOM + STRIP + BELOW_MAP, MAP, MAP)
        draw_ground(axes, episode["task"])
        draw_obstacles(axes, episode["task"])
        draw_goals(axes, episode["task"])
        if has_expert(episode):
            draw_expert(axes, episode["expert"], learner["expert_visible"])
        draw_learner(axes, learner)
        axes.set_title(title_of(episode, learner), fontsize=13, fontweight="bold", pad=7)
        strip = place(left, BOTTOM, MAP, STRIP)
        draw_strip(strip, episode, learner, heights)
        if index == 0:
            strip.set_ylabel("score")
        else:
            strip.set_yticklabels([])
    draw_legend(place(width - LEGEND, BOTTOM, LEGEND, STRIP + BELOW_MAP + MAP), episode)
    return figure


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("episode", type=pathlib.Path, metavar="EPISODE.json")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="FILE.png")
    arguments = parser.parse_args()
    plt.rcParams.update({"font.size": 11})
    episode = read_episode(arguments.episode)
    save(draw_picture(episode), arguments.out)


if __name__ == "__main__":
    run_main(main)
