"""The pictures on a card's page: each a piece of SVG, with a row for each agent and all rows on one scale."""

import io

from picture import BLACK, BLUE, GREEN, GREY, ORANGE, PINK, RED, SKY, np, plt
from matplotlib.ticker import MaxNLocator

COLOURS = [BLUE, GREEN, RED, ORANGE, SKY, PINK, GREY]
MARKERS = ["o", "s", "^", "D", "v", "P", "X"]
TEXT = "#333333"
REFERENCE = ("expert", "teacher")  # of a line's title: what learners are compared with
SHARES = ("share", "fidelity")  # labels of what lies between 0 and 1
PANEL_WIDTH, PANEL_HEIGHT = 3.6, 2.7

plt.rcParams.update({"svg.fonttype": "none", "font.family": "sans-serif", "font.size": 9,
                     "font.sans-serif": ["DejaVu Sans", "Verdana", "sans-serif"]})


def svg(figure, name):
    """The same each time: names inside come from `name`, and no date."""
    plt.rcParams["svg.hashsalt"] = name
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    drawn = out.getvalue()
    return drawn[drawn.index("<svg"):]


def style(axes):
    axes.set_axisbelow(True)
    axes.grid(True, color="#E6E6E6", linewidth=0.7)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def numbers(values):
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def is_reference(title):
    return title.startswith(("the ", "its ")) and any(word in title for word in REFERENCE)


def draw_line(axes, index, line):
    reference = is_reference(line["title"])
    colour = BLACK if reference else COLOURS[index % len(COLOURS)]
    x, mean = numbers(line["x"]), numbers(line["mean"])
    axes.fill_between(x, numbers(line["low"]), numbers(line["high"]), color=colour, alpha=0.16, linewidth=0)
    axes.plot(x, mean, color=colour, linewidth=1.6, linestyle=(0, (4, 2)) if reference else "-",
              marker=None if reference else MARKERS[index % len(MARKERS)], markersize=3.5,
              markevery=max(1, len(x) // 8), label=line["title"])


def draw_panel(axes, panel):
    style(axes)
    for index, line in enumerate(panel["series"]):
        draw_line(axes, index, line)
    for mark in panel["levels"]:
        axes.axhline(mark["at"], color=GREY, linewidth=1, linestyle=(0, (1, 2)), zorder=1)
        if mark["title"]:
            axes.annotate(mark["title"], (0.99, mark["at"]), xycoords=("axes fraction", "data"), xytext=(0, 3),
                          textcoords="offset points", fontsize=7.5, color="#666666", ha="right")
    for mark in panel["moments"]:
        axes.axvline(mark["at"], color=GREY, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
        if mark["title"]:
            axes.annotate(mark["title"], (mark["at"], 1.0), xycoords=("data", "axes fraction"), xytext=(0, 2),
                          textcoords="offset points", fontsize=7.5, color="#666666", ha="center")


def head(axes, title, moments):
    """Above what is written over moments."""
    axes.set_title(title, loc="left", fontsize=9.5, color=TEXT, pad=14 if moments else 6)


def panel_rows(count):
    """Many panels of one agent are put in two rows."""
    return 2 if count > 4 else 1


def curves(rows, name):
    """rows: (agent, a figure of its card)."""
    first = rows[0][1]
    count = len(first["panels"])
    high = panel_rows(count)
    wide = -(-count // high)
    figure = plt.figure(figsize=(max(PANEL_WIDTH * wide, 5.6) + 2.2, PANEL_HEIGHT * high * len(rows) + 0.9),
                        layout="constrained")
    axes = figure.subplots(high * len(rows), wide, squeeze=False, sharex=True, sharey=True)
    for row, (agent, one) in enumerate(rows):
        for index, panel in enumerate(one["panels"]):
            here = axes[row * high + index // wide, index % wide]
            draw_panel(here, panel)
            title = ", ".join(word for word in (agent if len(rows) > 1 else "", panel["title"]) if word)
            head(here, title, any(mark["title"] for mark in panel["moments"]))
            if index % wide == 0:
                here.set_ylabel(first["y_label"])
    if first["y_label"] in SHARES:
        low, high = axes[0, 0].get_ylim()
        axes[0, 0].set_ylim(min(low, -0.03), max(high, 1.05))
    for here in axes[-1]:
        here.set_xlabel(first["x_label"])
        if all(float(x).is_integer() for line in first["panels"][0]["series"] for x in line["x"]):
            here.xaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    handles, labels = axes[0, 0].get_legend_handles_labels()
    if len(labels) > 1:
        axes[0, -1].legend(handles, labels, loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, fontsize=8.5)
    figure.suptitle(first["title"], fontsize=10.5, fontweight="bold", color=TEXT, x=0.01, ha="left")
    return svg(figure, name)


def frame(values, trained):
    """Where the range of training begins and ends between the cells, by their index; wide enough to be seen."""
    begin, end = np.interp(trained, values, range(len(values))) if len(values) > 1 else (0, 0)
    margin = max(0.08, 0.45 - (end - begin) / 2)
    return begin - margin, end + margin


def draw_map(axes, one):
    mean = np.array([numbers(row) for row in one["mean"]])
    image = axes.imshow(mean, origin="lower", aspect="auto", vmin=0, vmax=1, cmap="cividis")
    for (row, column), value in np.ndenumerate(mean):
        half = (one["high"][row][column] - one["low"][row][column]) / 2 if np.isfinite(value) else 0
        words = f"{value:.2f}\n±{half:.2f}" if np.isfinite(value) else "none"
        axes.text(column, row, words, ha="center", va="center", fontsize=7,
                  color="white" if np.isfinite(value) and value < 0.55 else "black")
    axes.set_xticks(range(len(one["x"])), [f"{value:g}" for value in one["x"]])
    axes.set_yticks(range(len(one["y"])), [f"{value:g}" for value in one["y"]] if one["y_label"] else [""])
    axes.set_xlabel(one["x_label"])
    axes.set_ylabel(one["y_label"])
    across, up = frame(one["x"], one["trained_x"]), frame(one["y"], one["trained_y"])
    axes.add_patch(plt.Rectangle((across[0], up[0]), across[1] - across[0], up[1] - up[0], fill=False, edgecolor=RED,
                                 linewidth=2.2, zorder=5))
    return image


def knob_map(rows, name):
    """Agents side by side."""
    first = rows[0][1]
    height = 0.5 * len(first["y"]) + 1.4
    figure = plt.figure(figsize=(4.6 * len(rows) + 1.2, height), layout="constrained")
    axes = figure.subplots(1, len(rows), squeeze=False, sharey=True)[0]
    for here, (agent, one) in zip(axes, rows):
        image = draw_map(here, one)
        if len(rows) > 1:
            here.set_title(agent, loc="left", fontsize=9.5, color=TEXT)
    figure.colorbar(image, ax=list(axes), label=first["value_label"], extend="both", pad=0.02)
    figure.suptitle(f"{first['title']} (framed: trained on)", fontsize=10.5, fontweight="bold", color=TEXT, x=0.01,
                    ha="left")
    return svg(figure, name)
