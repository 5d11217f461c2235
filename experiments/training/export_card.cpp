#include "experiments/training/export_card.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "experiments/config/config_difference.h"
#include "experiments/processes/command_text.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/training/progress.h"

namespace medal {
namespace {

using nlohmann::ordered_json;

/// "AMD EPYC"; empty where the kernel does not say.
std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return {};
}

ordered_json training_json(const LoadedAgent& agent, const Checkpoint& checkpoint) {
  const TrainingOptions& run = agent.config.run;
  const std::string& begun_from = agent.config.program.initial_agent;
  ordered_json training = {{"learner_steps", agent.steps}, {"seconds", agent.elapsed_seconds},
                           {"learners", run.learners},     {"ranks", checkpoint.rank_count()},
                           {"device", run.device},         {"seed", run.seed}};
  if (!begun_from.empty()) training["initial_agent"] = begun_from;
  return training;
}

std::string score_row(const std::string& name, const ordered_json& interval, int digits) {
  const auto number = [&](const char* key) { return interval.at(key).get<double>(); };
  return fmt::format("| {} | {:.{}f} | {:.{}f} .. {:.{}f} |\n", name, number("mean"), digits, number("low"), digits,
                     number("high"), digits);
}

std::string evaluation_text(const ordered_json& evaluation) {
  const ordered_json& score = evaluation.at("score");
  std::string text = fmt::format("On {} held-out tasks ({} rejected), at penalty 1:\n\n",
                                 evaluation.at("tasks").get<int>(), evaluation.at("rejected").get<int>());
  text += "| | mean | 95 % interval |\n|---|---|---|\n";
  text += score_row("full / E: share of the expert's score while it is seen", evaluation.at("share").at("full"), 3);
  text += score_row("half / E: the same if the expert leaves on the way", evaluation.at("share").at("half"), 3);
  text += score_row("CT, cultural transmission", evaluation.at("ct"), 3);
  text += score_row("score, expert seen always (full)", score.at("full"), 2);
  text += score_row("score, expert seen until it leaves (half)", score.at("half"), 2);
  text += score_row("score, expert never seen (solo)", score.at("solo"), 2);
  text += score_row("expert's score (E)", score.at("expert"), 2);
  const ordered_json& groups = evaluation.at("by_goals");
  if (groups.size() < 2) return text;
  text += "\n| goals | tasks | full / E | half / E | CT |\n|---|---|---|---|---|\n";
  for (const ordered_json& group : groups) {
    const auto cell = [](const ordered_json& interval) {
      return fmt::format("{:.3f} ({:.3f} .. {:.3f})", interval.at("mean").get<double>(),
                         interval.at("low").get<double>(), interval.at("high").get<double>());
    };
    text += fmt::format("| {} | {} | {} | {} | {} |\n", group.at("goals").get<int>(), group.at("tasks").get<int>(),
                        cell(group.at("share").at("full")), cell(group.at("share").at("half")), cell(group.at("ct")));
  }
  return text;
}

std::string origin_text(const ordered_json& card) {
  const ordered_json &training = card.at("training"), &machine = card.at("exported_on");
  const int ranks = training.at("ranks").get<int>();
  std::string text = "| | |\n|---|---|\n";
  text += fmt::format("| training | {:.2f} M learner steps in {}, {} learners on {} rank{} ({}) |\n",
                      training.at("learner_steps").get<double>() / 1e6,
                      duration_text(training.at("seconds").get<double>()), training.at("learners").get<int>(), ranks,
                      ranks == 1 ? "" : "s", training.at("device").get<std::string>());
  text += fmt::format("| exported on | {} core{} of {} |\n", machine.at("cores").get<int>(),
                      machine.at("cores").get<int>() == 1 ? "" : "s", machine.at("processor").get<std::string>());
  text += fmt::format("| written by | medal {} |\n", card.at("program_version").get<std::string>());
  return text + fmt::format("| parameters | {}, hash {} |\n", card.at("parameters").get<std::int64_t>(),
                            card.at("parameter_hash").get<std::string>());
}

/// A command that the shell takes for one, in lines that fit a page.
std::string in_lines(const std::string& command) {
  constexpr std::size_t kLine = 100;
  std::string text;
  std::size_t begin = 0, last = 0;
  for (std::size_t at = command.find(" --"); at != std::string::npos; at = command.find(" --", at + 1)) {
    if (at - begin > kLine && last > begin) {
      text += command.substr(begin, last - begin) + " \\\n       ";
      begin = last;
    }
    last = at;
  }
  if (command.size() - begin > kLine && last > begin) {
    text += command.substr(begin, last - begin) + " \\\n       ";
    begin = last;
  }
  return text + command.substr(begin);
}

}  // namespace

ordered_json export_card(const LoadedAgent& agent, const Checkpoint& checkpoint, const std::string& folder,
                         const ordered_json& evaluation) {
  const PresetWithOverrides source = nearest_preset(agent.config);
  const std::string processor = processor_name();
  ordered_json scores = evaluation;
  scores.erase("task_scores");
  scores.erase("timeline");
  const int ranks = checkpoint.rank_count();
  return {{"name", std::filesystem::path(folder).filename().string()},
          {"preset", source.preset},
          {"overrides", source.overrides},
          {"training", training_json(agent, checkpoint)},
          {"exported_on",
           {{"processor", processor.empty() ? "an unknown processor" : processor}, {"cores", available_cores()}}},
          {"program_version", checkpoint.header().program_version},
          {"parameters", agent.agent.parameter_count()},
          {"parameter_hash", fmt::format("{:016x}", checkpoint.parameter_hash())},
          {"evaluation", scores},
          {"commands",
           {{"train", fmt::format("medal train {} --ranks {}", command_line_text(source), ranks)},
            {"export", "medal export RUN " + shell_word(folder)},
            {"evaluate", "medal eval " + shell_word(folder)}}}};
}

std::string card_readme(const ordered_json& card) {
  const ordered_json& commands = card.at("commands");
  const auto command = [&](const char* name) { return commands.at(name).get<std::string>(); };
  const std::string folder = command("evaluate").substr(std::string("medal eval ").size());
  return fmt::format("# {}\n\nA trained agent, written by `medal export` (card.json holds the same).\n\n{}\n{}\n",
                     card.at("name").get<std::string>(), evaluation_text(card.at("evaluation")), origin_text(card)) +
         fmt::format(
             "Made by\n\n    {}\n    {}\n\nTo score it, meet it, or begin a run from it:\n\n    {}\n    medal "
             "viewer play {}\n    medal train --from {}\n",
             in_lines(command("train")), command("export"), command("evaluate"), folder, folder);
}

}  // namespace medal
