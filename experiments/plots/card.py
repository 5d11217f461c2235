#!/usr/bin/env python3
"""Makes the page of one or several cards from the card.json that `medal card` writes: one file of HTML with its pictures
inside, as vectors."""

import argparse
import html
import json
import math
import os
import pathlib

import card_pictures
from picture import UserError, run_main

STYLE = """
body { font: 15px/1.45 "DejaVu Sans", Verdana, sans-serif; color: #222; max-width: 74rem; margin: 2rem auto;
       padding: 0 1.2rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.25rem; margin: 2.6rem 0 .3rem; }
p { max-width: 60rem; margin: .4rem 0 .8rem; } .note { color: #555; font-size: .87rem; }
code { background: #f3f3f3; padding: .1rem .35rem; border-radius: 3px; font-size: .87rem; }
table { border-collapse: collapse; margin: .6rem 0 1rem; font-size: .87rem; }
th, td { text-align: left; padding: .22rem .9rem .22rem 0; border-bottom: 1px solid #e4e4e4; vertical-align: top; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.headline { font-weight: bold; } .interval { color: #666; font-weight: normal; }
.game { width: 100%; height: 36rem; border: 0; border-radius: 6px; margin: .4rem 0 1rem; }
figure { margin: 1.2rem 0; } figure svg { max-width: 100%; height: auto; }
summary { cursor: pointer; color: #0072B2; font-size: .9rem; }
"""


def read_cards(path):
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UserError(f"'{path}' cannot be read: {error.strerror}; run medal card again") from None
    except ValueError:
        raise UserError(f"'{path}' is damaged; run medal card again") from None
    return whole["cards"] if "cards" in whole else [whole]


def sections_of(card):
    return {name: value for name, value in card.items() if isinstance(value, dict)}


def text(value):
    return html.escape(str(value), quote=True)


def number(value):
    if value is None or not math.isfinite(value):
        return "none"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


def estimate(measure):
    if measure is None or measure["mean"] is None:
        return '<span class="interval">none</span>'
    unit = f" {text(measure['unit'])}" if measure["unit"] else ""
    interval = f"{number(measure['low'])} .. {number(measure['high'])}"
    return f'{number(measure["mean"])}{unit} <span class="interval">({interval})</span>'


def named(things, name):
    """The one of that name; nothing where a card has none, as of a bot's mind."""
    return next((thing for thing in things if thing["name"] == name), None)


def row(title, measures, kind=""):
    cells = "".join(f'<td class="number">{estimate(measure)}</td>' for measure in measures)
    return f'<tr class="{kind}"><td>{text(title)}</td>{cells}</tr>'


def table(cards, rows):
    """A column for each card; its heading where there are several."""
    heads = "".join(f"<th>{text(card['agent'])}</th>" for card in cards)
    head = f"<tr><th></th>{heads}</tr>" if len(cards) > 1 else ""
    return f"<table>{head}{''.join(rows)}</table>"


def summary(cards):
    rows = [row(f"{section['title']}: {section['headline']['title']}", [card[name]["headline"] for card in cards])
            for name, section in sections_of(cards[0]).items()]
    return table(cards, rows)


def all_names(cards, section, kind):
    """Of all cards' measures, curves or maps, in their order."""
    return list(dict.fromkeys(thing["name"] for card in cards for thing in card[section][kind]))


def figures(cards, section):
    for draw, kind in ((card_pictures.curves, "curves"), (card_pictures.knob_map, "maps")):
        for name in all_names(cards, section, kind):
            found = [(card["agent"], named(card[section][kind], name)) for card in cards]
            picture = draw([row for row in found if row[1]], f"{section}-{name}")
            yield f"<figure>{picture}</figure>"


def measure_rows(cards, section):
    for name in all_names(cards, section, "measures"):
        found = [named(card[section]["measures"], name) for card in cards]
        yield row(next(measure["title"] for measure in found if measure), found)


def section_html(cards, name):
    section = cards[0][name]
    count = ", ".join(sorted({f"{card[name]['tasks']} tasks" for card in cards}))
    rejected = sum(card[name]["rejected"] for card in cards)
    lost = f", {rejected} seeds without a layout passed over" if rejected else ""
    rows = [row(section["headline"]["title"], [card[name]["headline"] for card in cards], "headline")]
    measures = list(measure_rows(cards, name))
    if len(measures) > 12:
        rest = f"<details><summary>all {len(measures)} numbers</summary>{table(cards, measures)}</details>"
        measures = []
    else:
        rest = ""
    commands = "<br>".join(f"<code>{text(card[name]['command'])}</code>" for card in cards)
    return (f'<section id="{text(name)}"><h2>{text(section["title"])}</h2><p>{text(section["question"])}</p>'
            f'{table(cards, rows + measures)}{"".join(figures(cards, name))}{rest}'
            f'<p class="note">{count}{lost}. Alone: {commands}</p></section>')


def game_html(path):
    """A page of a game in a frame of its own, whose policy it keeps."""
    try:
        whole = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"'{path}' cannot be read: {error.strerror}; run medal card again") from None
    return f'<iframe class="game" title="{text(path.stem)}" loading="lazy" srcdoc="{text(whole)}"></iframe>'


def games_html(paths):
    if not paths:
        return ""
    frames = "".join(game_html(path) for path in paths)
    return (f'<section id="games"><h2>Games</h2><p>As it plays: the first task of the card in an empty world and in a '
            f"complex one, alone in the second half. Drag to turn the view.</p>{frames}"
            "</section>")


def page(cards, games):
    title = "Robustness card: " + ", ".join(card["title"] for card in cards)
    kind = "A quick card: an eighth of the tasks. " if cards[0]["quick"] else ""
    seed = f"Seed {cards[0]['seed']}, medal {cards[0]['medal']}. "
    body = "".join(section_html(cards, name) for name in sections_of(cards[0]))
    return (f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{text(title)}</title>'
            f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body>'
            f'<h1>{text(title)}</h1><p class="note">{kind}{seed}In brackets, and as bands: 95 % bootstrap intervals over '
            f'tasks. Scores are at penalty 1. What each number is exactly: docs/card.md.</p>{summary(cards)}'
            f"{games_html(games)}{body}"
            "</body></html>\n")


def write(out, content):
    """Under another name first, so that a reader never meets half a page."""
    temporary = out.with_name(f"{out.name}.tmp{os.getpid()}")
    try:
        temporary.write_text(content, encoding="utf-8")
        os.replace(temporary, out)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise UserError(f"'{out}' cannot be written: {error.strerror}; name another folder with --out") from None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("card", type=pathlib.Path, metavar="CARD.json")
    parser.add_argument("games", type=pathlib.Path, nargs="*", metavar="GAME.html", help="pages of games, shown too")
    parser.add_argument("--out", type=pathlib.Path, required=True, metavar="PAGE.html")
    arguments = parser.parse_args()
    write(arguments.out, page(read_cards(arguments.card), arguments.games))


if __name__ == "__main__":
    run_main(main)
