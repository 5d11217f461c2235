"""For tests: what a script of experiments/plots draws, as numbers.

drawn.py FOLDER SCRIPT.py ARGUMENT...   runs the script; for each picture that it would write, writes NAME.json into FOLDER:
    a list of axes with title, xlabel, ylabel, texts, lines (label, colour, marker, style, x, y), areas (colour, points),
    pieces (colour, style, points), circles (x, y, radius, colour), polygons (colour, points), images (count)
drawn.py FOLDER --colours FILE.png      writes colours.json: how many pixels have each of the commoner colours, "#rrggbb"
"""

import collections
import json
import pathlib
import runpy
import sys

import matplotlib

matplotlib.use("Agg")
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_hex
from matplotlib.image import imread
from matplotlib.patches import Circle, Polygon


def numbers(values):
    return [None if value != value else float(value) for value in values]


def points(array):
    return [[float(x), float(y)] for x, y in array]


def first_colour(colours):
    return to_hex(colours[0]) if len(colours) else ""


def describe(axes):
    collections_of = {kind: [one for one in axes.collections if isinstance(one, kind)]
                      for kind in (PolyCollection, LineCollection)}
    return {
        "title": axes.get_title(loc="left") or axes.get_title(),
        "xlabel": axes.get_xlabel(), "ylabel": axes.get_ylabel(),
        "texts": [text.get_text() for text in axes.texts],
        "ticks": [label.get_text() for label in axes.get_yticklabels()],
        "legend": [text.get_text() for text in axes.get_legend().get_texts()] if axes.get_legend() else [],
        "lines": [{"label": line.get_label(), "colour": to_hex(line.get_color()), "marker": str(line.get_marker()),
                   "style": str(line.get_linestyle()), "x": numbers(line.get_xdata()), "y": numbers(line.get_ydata())}
                  for line in axes.lines],
        "areas": [{"label": one.get_label(), "colour": first_colour(one.get_facecolor()),
                   "points": points(path.vertices)}
                  for one in collections_of[PolyCollection] for path in one.get_paths()],
        "pieces": [{"colour": first_colour(one.get_color()), "style": str(one.get_linestyle()[0][1]),
                    "points": [points(segment) for segment in one.get_segments()]}
                   for one in collections_of[LineCollection]],
        "circles": [{"x": float(one.center[0]), "y": float(one.center[1]), "radius": float(one.radius),
                     "colour": to_hex(one.get_facecolor())} for one in axes.patches if isinstance(one, Circle)],
        "polygons": [{"colour": to_hex(one.get_facecolor()), "points": points(one.get_xy())}
                     for one in axes.patches if isinstance(one, Polygon)],
        "images": len(axes.images),
    }


def read_back(folder, script, arguments):
    script = pathlib.Path(script)
    sys.path.insert(0, str(script.parent))
    import picture

    def save(figure, out):
        figure.canvas.draw()
        (folder / f"{out.stem}.json").write_text(json.dumps([describe(axes) for axes in figure.axes]))

    picture.save = save
    sys.argv = [str(script), *arguments]
    runpy.run_path(str(script), run_name="__main__")


def count_colours(folder, file):
    pixels = (imread(file)[:, :, :3] * 255 + 0.5).astype("uint32")
    codes = (pixels[:, :, 0] << 16 | pixels[:, :, 1] << 8 | pixels[:, :, 2]).ravel().tolist()
    counts = collections.Counter(codes).most_common(400)
    (folder / "colours.json").write_text(json.dumps({f"#{code:06x}": count for code, count in counts}))


if sys.argv[2] == "--colours":
    count_colours(pathlib.Path(sys.argv[1]), sys.argv[3])
else:
    read_back(pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
