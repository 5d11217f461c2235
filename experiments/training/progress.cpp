#include "experiments/training/progress.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>

#include "experiments/processes/tell.h"
#include "sim/episode/observation.h"

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

/// Shares of wall-clock time in per cent, by their names in metrics.jsonl; `stages` share the time of "simulate".
std::string time_text(const NamedNumbers& seconds) {
  const auto sum_of = [&](std::initializer_list<const char*> names) {
    double sum = 1e-9;
    for (const char* name : names) sum += seconds.at(std::string("time/") + name);
    return sum;
  };
  const double total = sum_of({"simulate", "policy", "learn", "communicate", "other"});
  const double stages = sum_of({"bot", "physics", "reward", "lidar", "observation", "generation"});
  const auto percent = [&](const char* name) { return 100 * seconds.at(std::string("time/") + name) / total; };
  const auto stage = [&](const char* name) {
    return percent("simulate") * seconds.at(std::string("time/") + name) / stages;
  };
  return fmt::format(
      "simulate {:.0f} % (physics {:.0f}, lidar {:.0f}, bot {:.0f}, new tasks {:.0f})  "
      "policy {:.0f} %  learn {:.0f} %  exchange {:.0f} %",
      percent("simulate"), stage("physics"), stage("lidar"), stage("bot"), stage("generation"), percent("policy"),
      percent("learn"), percent("communicate"));
}

std::string score_text(const NamedNumbers& means) {
  if (means.empty()) return "no episode has ended yet";
  return fmt::format("score {:.1f} of the expert's {:.1f}  (right {:.1f}, wrong {:.1f} an episode)",
                     means.at("score/all"), means.at("score/expert"), means.at("correct"), means.at("wrong"));
}

/// How a number is shown where its plain name would say too little.
struct Column {
  std::string_view name;
  std::string_view format;
  double factor = 1;
};

constexpr Column kLossColumns[] = {
    {"loss/policy", "policy {:+.3f}"},
    {"loss/entropy", "entropy {:.2f}"},
    {"loss/attention", "expert's place {:.2f} m off on each axis", kPrivilegedScale},
    {"loss/presence", "seen {:.3f}"},
};

/// All losses that there are.
std::string loss_text(const NamedNumbers& numbers) {
  const std::string_view prefix = "loss/";
  std::string text;
  for (const auto& [name, value] : numbers) {
    if (!name.starts_with(prefix)) continue;
    const std::string plain = name.substr(prefix.size()) + " {:.3f}";
    Column column{name, plain};
    for (const Column& known : kLossColumns)
      if (known.name == name) column = known;
    text += (text.empty() ? "" : "  ") + fmt::format(fmt::runtime(column.format), column.factor * value);
  }
  return text;
}

/// The first of what the ADR policy reports.
std::string adr_text(const NamedNumbers& numbers) {
  const std::string_view prefix = "adr/";
  for (const auto& [name, value] : numbers)
    if (name.starts_with(prefix)) return fmt::format("  ADR {} {:.2f}", name.substr(prefix.size()), value);
  return "";
}

}  // namespace

std::string duration_text(double seconds) {
  const auto whole = static_cast<long>(std::max(0.0, seconds) + 0.5);
  if (whole < 60) return fmt::format("{} s", whole);
  if (whole < 3600) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

ProgressDisplay::ProgressDisplay(std::FILE* out, const TrainingOptions& run, std::string run_name, int ranks)
    : out_(out), terminal_(::isatty(::fileno(out)) == 1), run_(run), run_name_(std::move(run_name)), ranks_(ranks) {}

ProgressDisplay::Recent ProgressDisplay::recent() const {
  Recent sum;
  for (const Recent& part : window_) {
    sum.steps += part.steps;
    sum.seconds += part.seconds;
    sum.time.add(part.time);
    sum.episodes.add(part.episodes);
  }
  return sum;
}

std::string ProgressDisplay::plain_line(const IterationResult& result) const {
  const Recent now = recent();
  const double rate = static_cast<double>(now.steps) / std::max(1e-9, now.seconds);
  const double left = static_cast<double>(run_.steps - result.steps) / rate;
  return fmt::format("{:6.2f} M of {:.2f} M steps  {:.1f} k steps/s  {} left  {}  {}  |  {}{}", millions(result.steps),
                     millions(run_.steps), rate / 1e3, duration_text(left), score_text(now.episodes.means()),
                     loss_text(result.numbers), time_text(now.time), evaluation_.empty() ? "" : "  |  " + evaluation_);
}

std::string ProgressDisplay::block(const IterationResult& result) const {
  const Recent now = recent();
  const double rate = static_cast<double>(now.steps) / std::max(1e-9, now.seconds);
  const double left = static_cast<double>(run_.steps - result.steps) / rate;
  const double share = static_cast<double>(result.steps) / static_cast<double>(run_.steps);
  std::string text = fmt::format("  {} on {} rank{}\n", run_name_, ranks_, ranks_ == 1 ? "" : "s");
  text += fmt::format("  [{}] {:.0f} %   {:.2f} M of {:.2f} M steps\n", bar(share), 100 * share, millions(result.steps),
                      millions(run_.steps));
  text += fmt::format("  speed      {:.1f} k learner steps/s   {} gone, about {} left\n", rate / 1e3,
                      duration_text(result.elapsed_seconds), duration_text(left));
  text += fmt::format("  episodes   {}\n", score_text(now.episodes.means()));
  text += fmt::format("  losses     {}\n", loss_text(result.numbers));
  text += fmt::format("  curriculum penalty {:.2f}  learning rate {:.2g}{}\n", result.numbers.at("penalty"),
                      result.numbers.at("learning_rate"), adr_text(result.numbers));
  text += fmt::format("  time       {}\n", time_text(now.time));
  if (!evaluation_.empty()) text += fmt::format("  held out   {}\n", evaluation_);
  return text;
}

void ProgressDisplay::erase_block() {
  if (block_lines_ > 0) tell(out_, "\x1b[{}A\x1b[J", block_lines_);
  block_lines_ = 0;
}

void ProgressDisplay::show(const IterationResult& result) {
  const double seconds = result.elapsed_seconds - last_elapsed_;
  // The first one of a sitting says nothing about speed.
  if (last_steps_ > 0)
    window_.push_back({result.steps - last_steps_, seconds, result.phases.named(), result.episode_means});
  if (window_.size() > kWindow) window_.pop_front();
  last_steps_ = result.steps;
  last_elapsed_ = result.elapsed_seconds;
  if (window_.empty() || result.elapsed_seconds - shown_at_ < (terminal_ ? kTerminalSeconds : kPlainSeconds)) return;
  shown_at_ = result.elapsed_seconds;
  if (terminal_) {
    erase_block();
    const std::string text = clipped_to_terminal(block(result), out_);
    block_lines_ = static_cast<int>(std::count(text.begin(), text.end(), '\n'));
    tell(out_, "{}", text);
  } else {
    tell(out_, "{}\n", plain_line(result));
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
  tell(out_, "{}\n", line);
  std::fflush(out_);
}

void ProgressDisplay::finish() { block_lines_ = 0; }

}  // namespace medal
