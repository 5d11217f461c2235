#pragma once

#include <string>
#include <vector>

namespace medal {

/// One figure of two programs, measured in turn: a value for each round.
struct PairedFigure {
  std::string name, unit;
  std::vector<double> before, now;
};

/// How a figure changed.
struct FigureChange {
  std::string name, unit;
  double before = 0, now = 0;           ///< medians
  double times = 1, low = 1, high = 1;  ///< how many times as good it is now, in the mean over rounds; interval
  enum class Verdict { same, faster, slower } verdict = Verdict::same;
};

/// Runs `medal bench ARGUMENTS` by this program and by `other`, another build's, in turn, `rounds` times each, and
/// takes the figures that both give. Who is first changes with each round. Throws UserError where one of them fails.
std::vector<PairedFigure> measure_in_turn(const std::string& other, const std::vector<std::string>& arguments,
                                          int rounds);

/// Compares round by round, so that what slows the machine for a while slows both. The interval is Student's t of the
/// logarithms of the ratios, wide enough that of all figures together one in twenty comparisons of equal programs calls
/// anything faster or slower (Bonferroni). Two rounds at least.
std::vector<FigureChange> changes_of(const std::vector<PairedFigure>& figures);

/// For people: a line for each figure, the slower ones named last.
std::string changes_to_text(const std::vector<FigureChange>& changes);
/// {NAME: {"unit", "before", "now", "times", "low", "high", "verdict"}}
std::string changes_to_json(const std::vector<FigureChange>& changes);

}  // namespace medal
