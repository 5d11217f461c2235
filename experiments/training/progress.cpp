#include "experiments/training/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

namespace medal {
namespace {

constexpr double kTerminalSeconds = 0.5, kPlainSeconds = 15;
constexpr std::size_t kWindow = 40;  // iterations that numbers are averaged over
constexpr int kBarWidth = 40;

double millions(std::int64_t steps) { return static_cast<double>(steps) / 1e6; }

/// No line may wrap, or the block could not be drawn over.
std::string clipped_to_terminal(const std::string& block, std::FILE* out) {
  winsize size{};
  const bool known = ::ioctl(::fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  const std::size_t width = known ? size.ws_col : 80;
  std::string clipped;
  for (std::size_t begin = 0; begin < block.size();) {
    const std::size_t end = block.find('\n', begin);
    clipped += block.substr(begin, std::min(end - begin, width - 1)) + "\n";
    begin = end + 1;
  }
  return clipped;
}

std::string bar(double share) {
  const int full = static_cast<int>(std::clamp(share, 0.0, 1.0) * kBarWidth);
  return std::string(static_cast<std::size_t>(full), '#') +
         std::string(static_cast<std::size_t>(kBarWidth - full), '.');
}

/// Shares of wall-clock time, in per cent.
std::string phase_text(const PhaseSeconds& phases) {
  const double total =
      std::max(1e-9, phases.simulate + phases.policy + phases.learn + phases.communicate + phases.other);
  const StageSeconds& s = phases.stages;
  const double stages = std::max(1e-9, s.bot + s.physics + s.reward + s.lidar + s.observation + s.generation);
  const auto percent = [](double part, double whole) { return 100 * part / whole; };
  return fmt::format(
      "simulate {:.0f} % (physics {:.0f}, lidar {:.0f}, bot {:.0f}, new tasks {:.0f})  policy {:.0f} %  learn {:.0f} % "
      " "
      "exchange {:.0f} %",
      percent(phases.simulate, total), percent(phases.simulate * s.physics / stages, total),
      percent(phases.simulate * s.lidar / stages, total), percent(phases.simulate * s.bot / stages, total),
      percent(phases.simulate * s.generation / stages, total), percent(phases.policy, total),
      percent(phases.learn, total), percent(phases.communicate, total));
}

/// Adds means of `part`, weighted by episodes.
void add(EpisodeStatistics& sum, const EpisodeStatistics& part) {
  const double total = static_cast<double>(sum.episodes + part.episodes);
  if (part.episodes == 0) return;
  const double weight = static_cast<double>(part.episodes) / total;
  const auto mix = [&](double EpisodeStatistics::*member) { sum.*member += weight * (part.*member - sum.*member); };
  for (auto member : {&EpisodeStatistics::reward, &EpisodeStatistics::score, &EpisodeStatistics::expert_score,
                      &EpisodeStatistics::correct, &EpisodeStatistics::wrong})
    mix(member);
  sum.episodes += part.episodes;
}

std::string score_text(const EpisodeStatistics& episodes) {
  if (episodes.episodes == 0) return "no episode has ended yet";
  return fmt::format("score {:.1f} of the expert's {:.1f}  (right {:.1f}, wrong {:.1f} an episode)", episodes.score,
                     episodes.expert_score, episodes.correct, episodes.wrong);
}

std::string loss_text(const LearnerStatistics& l) {
  const NamedNumbers& n = l.numbers;
  return fmt::format("policy {:+.3f}  value {:.3f}  entropy {:.2f}  expert's place {:.2f} m  seen {:.3f}",
                     n.at("loss/policy"), n.at("loss/value"), n.at("loss/entropy"), 10 * n.at("loss/attention"),
                     n.at("loss/presence"));
}

/// The first of what the ADR policy reports.
std::string adr_text(const NamedNumbers& numbers) {
  if (numbers.empty()) return "";
  const auto& [path, value] = *numbers.begin();
  return fmt::format("  ADR {} {:.2f}", path.substr(path.rfind('/') + 1), value);
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::max(0.0, seconds) + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

namespace {

std::string score_table(const std::string& title, const EvaluationResult& result) {
  std::string text = fmt::format("\n  {:<54}{:>6}   95 % interval\n", title, "mean");
  const auto row = [&](const char* name, const Interval& interval, int digits) {
    text += fmt::format("  {:<54}{:>6.{}f}   {:.{}f} .. {:.{}f}\n", name, interval.mean, digits, interval.low, digits,
                        interval.high, digits);
  };
  row("CT, cultural transmission (0.75: follows, 1: recalls)", result.ct, 3);
  row("score, expert seen always (full)", result.full, 2);
  row("score, expert seen until half-time (half)", result.half, 2);
  row("score, expert never seen (solo)", result.solo, 2);
  row("expert's score", result.expert, 2);
  return text;
}

}  // namespace

std::string evaluation_table(const EvaluationResult& result) {
  return score_table(
      fmt::format("On {} held-out tasks ({} rejected), at penalty 1", result.tasks.size(), result.rejected), result);
}

std::string probe_table(const ProbeResult& result) {
  std::string text;
  for (const ProbeResult::Part& part : result.parts)
    text += fmt::format("\n{}{}\n", part.name, part.title.empty() ? "" : ": " + part.title) +
            score_table(fmt::format("{} repetitions, at penalty 1", result.repeats), part.result);
  if (result.parts.size() > 1)
    text +=
        "\nall\n" + score_table(fmt::format("On {} demonstrations, at penalty 1", result.parts.size()), result.total);
  return text;
}

ProgressDisplay::ProgressDisplay(std::FILE* out, const RunOptions& run, std::string run_name, int ranks)
    : out_(out), terminal_(::isatty(::fileno(out)) == 1), run_(run), run_name_(std::move(run_name)), ranks_(ranks) {}

ProgressDisplay::Recent ProgressDisplay::recent() const {
  Recent sum;
  for (const Recent& part : window_) {
    sum.steps += part.steps;
    sum.seconds += part.seconds;
    sum.phases.add(part.phases);
    add(sum.episodes, part.episodes);
  }
  return sum;
}

std::string ProgressDisplay::plain_line(const IterationReport& report) const {
  const Recent now = recent();
  const double rate = static_cast<double>(now.steps) / std::max(1e-9, now.seconds);
  const double left = static_cast<double>(run_.steps - report.steps) / rate;
  return fmt::format("{:6.2f} M of {:.2f} M steps  {:.1f} k steps/s  {} left  {}  {}  |  {}{}", millions(report.steps),
                     millions(run_.steps), rate / 1e3, duration_text(left), score_text(now.episodes),
                     loss_text(report.learner), phase_text(now.phases),
                     evaluation_.empty() ? "" : "  |  " + evaluation_);
}

std::string ProgressDisplay::block(const IterationReport& report) const {
  const Recent now = recent();
  const double rate = static_cast<double>(now.steps) / std::max(1e-9, now.seconds);
  const double left = static_cast<double>(run_.steps - report.steps) / rate;
  const double share = static_cast<double>(report.steps) / static_cast<double>(run_.steps);
  std::string text = fmt::format("  {} on {} rank{}\n", run_name_, ranks_, ranks_ == 1 ? "" : "s");
  text += fmt::format("  [{}] {:.0f} %   {:.2f} M of {:.2f} M steps\n", bar(share), 100 * share, millions(report.steps),
                      millions(run_.steps));
  text += fmt::format("  speed      {:.1f} k learner steps/s   {} gone, about {} left\n", rate / 1e3,
                      duration_text(report.elapsed_seconds), duration_text(left));
  text += fmt::format("  episodes   {}\n", score_text(now.episodes));
  text += fmt::format("  losses     {}\n", loss_text(report.learner));
  text += fmt::format("  curriculum penalty {:.2f}  learning rate {:.2g}{}\n", report.parameters.penalty,
                      report.learner.numbers.at("learning_rate"), adr_text(report.adr_numbers));
  text += fmt::format("  time       {}\n", phase_text(now.phases));
  if (!evaluation_.empty()) text += fmt::format("  held out   {}\n", evaluation_);
  return text;
}

void ProgressDisplay::erase_block() {
  if (block_lines_ > 0) fmt::print(out_, "\x1b[{}A\x1b[J", block_lines_);
  block_lines_ = 0;
}

void ProgressDisplay::show(const IterationReport& report) {
  const double seconds = report.elapsed_seconds - last_elapsed_;
  // The first one of a sitting says nothing about speed.
  if (last_steps_ > 0) window_.push_back({report.steps - last_steps_, seconds, report.phases, report.episodes});
  if (window_.size() > kWindow) window_.pop_front();
  last_steps_ = report.steps;
  last_elapsed_ = report.elapsed_seconds;
  if (window_.empty() || report.elapsed_seconds - shown_at_ < (terminal_ ? kTerminalSeconds : kPlainSeconds)) return;
  shown_at_ = report.elapsed_seconds;
  if (terminal_) {
    erase_block();
    const std::string text = clipped_to_terminal(block(report), out_);
    block_lines_ = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    fmt::print(out_, "{}", text);
  } else {
    fmt::print(out_, "{}\n", plain_line(report));
  }
  std::fflush(out_);
}

void ProgressDisplay::show_evaluation(std::int64_t steps, const EvaluationResult& result) {
  evaluation_ = fmt::format("CT {:.2f} ({:.2f} .. {:.2f}) at {:.1f} M: full {:.1f}, half {:.1f}, solo {:.1f} of {:.1f}",
                            result.ct.mean, result.ct.low, result.ct.high, millions(steps), result.full.mean,
                            result.half.mean, result.solo.mean, result.expert.mean);
  if (!terminal_) say("held out: " + evaluation_);
}

void ProgressDisplay::say(const std::string& line) {
  erase_block();
  fmt::print(out_, "{}\n", line);
  std::fflush(out_);
}

void ProgressDisplay::finish() { block_lines_ = 0; }

}  // namespace medal
