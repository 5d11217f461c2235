#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "agents/layers/math_threads.h"
#include "experiments/card/card_run.h"
#include "experiments/card/games.h"
#include "experiments/plots/plots.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/processes/scratch_folder.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/run_folder.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/nearest_name.h"

namespace medal {
namespace {

struct CardOptions {
  std::vector<std::string> agents, bots, only;
  bool compare = false;
  CardRequest request;
  std::string out;
  std::string part;  ///< in a process that a card started: where to write the section that it measured
};

template <class Names>
std::size_t index_of(const std::string& option, const std::string& given, const Names& names) {
  const auto found = std::find(names.begin(), names.end(), given);
  if (found == names.end())
    throw UserError(option + " " + given + ": there is none of that name; the nearest is '" +
                    nearest_name(given, std::vector<std::string>(names.begin(), names.end())) + "'");
  return static_cast<std::size_t>(found - names.begin());
}

std::vector<CardSubject> subjects_of(const CardOptions& options) {
  std::vector<CardSubject> subjects;
  for (const std::string& agent : options.agents) {
    open_checkpoint(agent);  // before anything is measured
    subjects.push_back({agent});
  }
  for (const std::string& bot : options.bots) {
    const auto kind = static_cast<ExpertKind>(index_of("--expert", bot, kExpertNames));
    if (kind == ExpertKind::absent) throw UserError("--expert absent plays nothing; name another kind");
    subjects.push_back({"", kind});
  }
  if (subjects.empty()) throw UserError("card needs an agent: a run, an exported agent's folder, or --expert KIND");
  if (subjects.size() > 1 && !options.compare)
    throw UserError("several agents share a card only with --compare; add it, or name one agent");
  return subjects;
}

std::vector<const CardSection*> sections_of(const std::vector<std::string>& only) {
  std::vector<std::string> names;
  for (const CardSection& section : card_sections()) names.emplace_back(section.name);
  std::vector<bool> wanted(names.size(), only.empty());
  for (const std::string& name : only) wanted[index_of("--only", name, names)] = true;
  std::vector<const CardSection*> sections;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (wanted[i]) sections.push_back(&card_sections()[i]);
  return sections;
}

std::filesystem::path out_folder(const CardOptions& options) {
  if (!options.out.empty()) return options.out;
  const std::vector<CardSubject>& subjects = options.request.subjects;
  return std::filesystem::path("cards") / (subjects.size() == 1 ? subjects.front().name() : "compare");
}

/// Beside card.json: two games of each, and the page that shows all of it.
void write_page(const CardRequest& request, const std::filesystem::path& out) {
  const std::vector<Game> games = record_games(request, out);
  for (const Game& game : games) tell("game     {}\n", game.replay.string());
  const ScratchFolder folder("games");
  const std::vector<std::filesystem::path> pages = game_pages(games, folder.path());
  if (pages.empty()) tell("         not on the page, since this medal was built without its viewer\n");
  write_card_page(out / "card.json", pages, out / "card.html");
  tell("page     {}\n", (out / "card.html").string());
}

int card(CardOptions& options) {
  CardRequest& request = options.request;
  request.subjects = subjects_of(options);
  request.sections = sections_of(options.only);
  use_one_math_thread();
  if (!options.part.empty()) {
    write_file_atomically(options.part,
                          measure_section(request.subjects.front(), *request.sections.front(), request).dump());
    return 0;
  }
  const std::filesystem::path out = out_folder(options);
  check_output_folder("--out", out);
  request.parallel = available_cores();
  const auto cards = make_cards(request);
  if (!cards) return 1;
  const std::filesystem::path json = out / "card.json";
  const std::string headlines = headline_table(*cards);
  std::error_code error;
  std::filesystem::create_directories(out, error);  // if that failed, the files' own messages say why
  write_file_atomically(json, cards->dump(1) + "\n");
  write_file_atomically(out / "card.md", headlines + measure_tables(*cards));
  tell("\n{}\nnumbers  {}\n", headlines, json.string());
  std::fflush(stdout);
  write_page(request, out);
  return 0;
}

std::string sections_text() {
  std::string text = "Sections:\n";
  for (const CardSection& section : card_sections())
    text += "  " + std::string(section.name) + std::string(18 - section.name.size(), ' ') + std::string(section.title) +
            "\n";
  return text;
}

}  // namespace

void add_card(CLI::App& app, Program& program) {
  CLI::App* verb = app.add_subcommand(
      "card", "Measure an agent in full: fidelity, recall, generalisation, trust and more, as one page and as JSON");
  auto options = std::make_shared<CardOptions>();
  verb->add_option("agents", options->agents, "Runs, exported agents or checkpoints, as for eval");
  verb->add_option("--expert", options->bots,
                   "In an agent's place the bot of that kind, which knows the order: for comparison; may be repeated")
      ->allow_extra_args(false);
  verb->add_flag("--compare", options->compare, "Put several agents side by side");
  verb->add_option("--only", options->only, "Measure this section alone; may be repeated")->allow_extra_args(false);
  verb->add_flag("--quick", options->request.quick, "An eighth of the tasks and coarser maps: about a minute");
  add_seed(*verb, options->request.seed, "Shifts the tasks");
  verb->add_option("--out", options->out, "Folder of card.html, card.json and card.md; default cards/AGENT");
  verb->add_option("--part", options->part)->group("");
  verb->footer(sections_text());
  verb->callback([options, &program] { program.exit_code = card(*options); });
}

}  // namespace medal
