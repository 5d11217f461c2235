#include "experiments/card/card_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>

#include "experiments/card/card_json.h"
#include "experiments/processes/child_process.h"
#include "experiments/processes/command_text.h"
#include "experiments/processes/process_pool.h"
#include "experiments/processes/scratch_folder.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/run_folder.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Clock = std::chrono::steady_clock;

constexpr double kLookSeconds = 60;

std::vector<std::string> section_arguments(const CardSubject& subject, const CardSection& section,
                                           const CardRequest& request) {
  std::vector<std::string> arguments = {"card"};
  for (const std::string& text : subject.arguments()) arguments.push_back(text);
  arguments.insert(arguments.end(), {"--only", std::string(section.name)});
  if (request.quick) arguments.push_back("--quick");
  if (request.seed != 0) arguments.insert(arguments.end(), {"--seed", std::to_string(request.seed)});
  return arguments;
}

std::string command_of(const CardSubject& subject, const CardSection& section, const CardRequest& request) {
  std::string command = "medal";
  for (const std::string& text : section_arguments(subject, section, request)) command += " " + shell_word(text);
  return command;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// One section of one subject.
struct Job {
  std::size_t subject = 0;
  const CardSection* section = nullptr;
  pid_t process = 0;
  Clock::time_point begin = {};
};

/// Where the processes leave what they measured, and what they said.
struct PartFiles {
  ScratchFolder folder{"card"};

  fs::path json(const Job& job) const { return of(job, "json"); }
  fs::path log(const Job& job) const { return of(job, "log"); }
  fs::path of(const Job& job, const char* ending) const {
    return folder.path() / fmt::format("{}-{}.{}", job.subject, job.section->name, ending);
  }
};

/// What takes long begins first.
std::vector<Job> jobs_of(const CardRequest& request) {
  std::vector<Job> jobs;
  for (std::size_t subject = 0; subject < request.subjects.size(); ++subject)
    for (const CardSection* section : request.sections) jobs.push_back({subject, section});
  std::stable_sort(jobs.begin(), jobs.end(),
                   [](const Job& one, const Job& other) { return one.section->share > other.section->share; });
  return jobs;
}

void start(Job& job, const CardRequest& request, const PartFiles& parts, ProcessPool& pool) {
  std::vector<std::string> arguments = section_arguments(request.subjects[job.subject], *job.section, request);
  arguments.insert(arguments.end(), {"--part", parts.json(job).string()});
  job.begin = Clock::now();
  job.process = pool.start(arguments, parts.log(job));
}

/// Runs all jobs; false where it was asked to stop.
bool run(std::vector<Job>& jobs, const CardRequest& request, const PartFiles& parts) {
  ProcessPool pool;
  auto next = jobs.begin();
  std::size_t done = 0;
  while (done < jobs.size()) {
    for (; next != jobs.end() && pool.running() < static_cast<std::size_t>(request.parallel); ++next)
      start(*next, request, parts, pool);
    for (const ProcessPool::Ended& ended : pool.wait(kLookSeconds)) {
      const auto job = std::find_if(jobs.begin(), next, [&](const Job& one) { return one.process == ended.process; });
      MEDAL_CHECK(job != next);
      if (pool.asked_to_stop()) continue;
      if (ended.exit_code != 0)
        throw UserError(fmt::format("{} of {}: {}", job->section->name, request.subjects[job->subject].name(),
                                    last_line(text_of(parts.log(*job)))));
      ++done;
      tell("{:2} of {}  {} of {}, {:.0f} s\n", done, jobs.size(), job->section->name,
           request.subjects[job->subject].name(), std::chrono::duration<double>(Clock::now() - job->begin).count());
      std::fflush(stdout);
    }
    if (pool.asked_to_stop()) return false;
  }
  return true;
}

Json card_of(std::size_t subject, const CardRequest& request, const PartFiles& parts) {
  Json card = {{"medal", program_version()},
               {"agent", request.subjects[subject].name()},
               {"quick", request.quick},
               {"seed", request.seed}};
  for (const CardSection* section : request.sections) {
    Json part = Json::parse(text_of(parts.json({subject, section})));
    card["title"] = part.at("subject");
    part.erase("subject");
    card[std::string(section->name)] = std::move(part);
  }
  return card;
}

std::string estimate_text(const Json& measure) {
  if (measure.at("mean").is_null()) return "none";
  const auto number = [&](const char* key) { return measure.at(key).get<double>(); };
  return fmt::format("{:.3f} ({:.3f} .. {:.3f})", number("mean"), number("low"), number("high"));
}

std::string title_of(const Json& section) { return section.at("title").get<std::string>(); }

Json list_of(const Json& cards) { return cards.contains("cards") ? cards.at("cards") : Json::array({cards}); }

std::string table_head(const Json& cards) {
  std::string head = "| |", rule = "|---|";
  for (const Json& card : cards) {
    head += " " + title_of(card) + " |";
    rule += "---|";
  }
  return head + "\n" + rule + "\n";
}

}  // namespace

std::string CardSubject::name() const {
  if (bot) return std::string(name_of(*bot));
  const fs::path path = fs::path(agent).lexically_normal();
  return (path.has_filename() ? path : path.parent_path()).filename().string();
}

std::vector<std::string> CardSubject::arguments() const {
  if (bot) return {"--expert", std::string(name_of(*bot))};
  return {agent};
}

Subject open_subject(const CardSubject& subject) {
  if (subject.bot) return bot_subject(*subject.bot);
  return agent_subject(subject.name(), load_agent(open_checkpoint(subject.agent), {}));
}

nlohmann::ordered_json measure_section(const CardSubject& subject, const CardSection& section,
                                       const CardRequest& request) {
  const Subject player = open_subject(subject);
  Json json = section_json(section, section.measure({player, request.seed, request.quick}),
                           command_of(subject, section, request));
  json["subject"] = player.title;
  return json;
}

std::optional<nlohmann::ordered_json> make_cards(const CardRequest& request) {
  const PartFiles parts;
  std::vector<Job> jobs = jobs_of(request);
  if (!run(jobs, request, parts)) return std::nullopt;
  if (request.subjects.size() == 1) return card_of(0, request, parts);
  Json cards = Json::array();
  for (std::size_t i = 0; i < request.subjects.size(); ++i) cards.push_back(card_of(i, request, parts));
  return Json{{"cards", std::move(cards)}};
}

std::string headline_table(const nlohmann::ordered_json& cards) {
  const Json all = list_of(cards);
  std::string rows;
  for (const auto& [name, section] : all.front().items()) {
    if (!section.is_object()) continue;
    rows += "| " + title_of(section) + ": " + section.at("headline").at("title").get<std::string>() + " |";
    for (const Json& card : all) rows += " " + estimate_text(card.at(name).at("headline")) + " |";
    rows += "\n";
  }
  return table_head(all) + rows;
}

std::string measure_tables(const nlohmann::ordered_json& cards) {
  const Json all = list_of(cards);
  std::string text;
  for (const auto& [name, section] : all.front().items()) {
    if (!section.is_object()) continue;
    text += "\n## " + title_of(section) + "\n\n" + table_head(all);
    const Json& measures = section.at("measures");
    for (std::size_t i = 0; i < measures.size(); ++i) {
      text += "| " + measures[i].at("title").get<std::string>() + " |";
      for (const Json& card : all) text += " " + estimate_text(card.at(name).at("measures")[i]) + " |";
      text += "\n";
    }
  }
  return text;
}

}  // namespace medal
