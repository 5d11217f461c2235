#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "agents/scores/bootstrap.h"
#include "experiments/card/worlds/subject.h"

namespace medal {

/// One number of a section, with its 95 % interval over tasks; all of it not a number where nothing happened that it
/// could be taken from.
struct Measure {
  std::string name;   ///< in the JSON; scripts rely on it
  std::string title;  ///< for people
  std::string unit;   ///< empty for a share
  Interval value;
};

/// A line of a figure: y[i] at x[i].
struct Series {
  std::string title;
  std::vector<double> x;
  std::vector<Interval> y;
};

/// A straight line across a panel, with what it means.
struct Mark {
  double at = 0;
  std::string title;
};

struct Panel {
  std::string title;
  std::vector<Series> series;
  std::vector<Mark> moments = {};  ///< at x: upright lines
  std::vector<Mark> levels = {};   ///< at y: level lines, such as chance
};

/// Curves with their bands, in panels side by side that share their axes.
struct Curves {
  std::string name, title, x_label, y_label;
  std::vector<Panel> panels;
};

/// A number over two knobs: values[j][i] at y[j], x[i].
struct Map {
  std::string name, title, value_label, x_label, y_label;
  std::vector<double> x, y;
  std::vector<std::vector<Interval>> values;
  KnobRange trained_x, trained_y;  ///< what the agent met in training
};

struct SectionResult {
  int tasks = 0, rejected = 0;  ///< that were played; seeds that had no layout
  Measure headline;             ///< the one number
  std::vector<Measure> measures;
  std::vector<Curves> curves = {};
  std::vector<Map> maps = {};
};

/// What is to be measured, and how finely.
struct CardContext {
  const Subject& subject;
  int seed = 0;        ///< shifts the tasks and the draws of the actions
  bool quick = false;  ///< an eighth of the tasks, coarser maps

  int tasks(int whole) const { return quick ? (whole + 7) / 8 : whole; }
};

/// A part of the card: a file of this room.
struct CardSection {
  std::string_view name;      ///< for --only, and its key in the JSON
  std::string_view title;     ///< its heading
  std::string_view question;  ///< a sentence or two: what is asked, and how to read the headline
  double share = 0;           ///< of the time that the whole card takes, roughly: what takes long begins first
  SectionResult (*measure)(const CardContext& context);
};

/// All of them, in the order of the page.
std::span<const CardSection> card_sections();

}  // namespace medal
