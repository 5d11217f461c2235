#include "experiments/card/games.h"

#include <fmt/format.h>

#include "experiments/card/worlds/worlds.h"
#include "experiments/processes/child_process.h"
#include "sim/base/error.h"

namespace medal {
namespace {

namespace fs = std::filesystem;

struct Setting {
  const char* name;
  const char* title;
  float obstacles;  ///< share of full difficulty's
};
constexpr Setting kSettings[] = {{"empty", "an empty world", 0}, {"complex", "a complex world", 1}};

Replay play_game(const Subject& player, const Setting& setting, int seed) {
  Replay replay = record_task(player, seed, [&](std::uint64_t task, NavmeshCache& navmeshes) {
    TaskParameters parameters = card_parameters(player, task);
    set_obstacles(parameters, setting.obstacles);
    const double half = static_cast<double>(parameters.episode_seconds) / 2;
    std::vector<World> worlds;
    worlds.push_back(make_world(parameters, task, {seen_for(half, parameters)}, navmeshes));
    return worlds;
  });
  replay.title = fmt::format("{} in {}, alone in the second half", player.title, setting.title);
  return replay;
}

/// The viewer's program, in a build tree or beside this one; empty where there is none.
fs::path viewer_program() {
  std::error_code ignored;
  const fs::path folder = fs::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const fs::path& program : {folder / "medal-viewer", folder.parent_path() / "viewer" / "medal-viewer"})
    if (fs::exists(program, ignored)) return program;
  return {};
}

}  // namespace

std::vector<Game> record_games(const CardRequest& request, const std::filesystem::path& folder) {
  std::vector<Game> games;
  for (const CardSubject& subject : request.subjects) {
    const Subject player = open_subject(subject);
    for (const Setting& setting : kSettings) {
      const std::string file = fmt::format("{}-{}{}", subject.name(), setting.name, kReplayExtension);
      save_replay(folder / file, play_game(player, setting, request.seed));
      games.push_back({&subject, folder / file});
    }
  }
  return games;
}

std::vector<std::filesystem::path> game_pages(const std::vector<Game>& games, const std::filesystem::path& folder) {
  const fs::path program = viewer_program();
  std::vector<fs::path> pages;
  if (program.empty()) return pages;
  for (const Game& game : games) {
    const fs::path page = folder / game.replay.filename().replace_extension(".html");
    std::vector<std::string> command = {program.string(), "page", "--out=" + page.string()};
    if (!game.subject->bot) command.push_back("--agent=" + game.subject->agent);
    command.insert(command.end(), {"--", game.replay.string()});
    const ChildResult result = run_child(command, ChildOutput::nowhere);
    if (result.exit_code != 0) throw UserError(last_line(result.errors));
    pages.push_back(page);
  }
  return pages;
}

}  // namespace medal
