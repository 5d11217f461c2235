#include "experiments/plots/plots.h"

#include <string>

#include "experiments/config/embedded_texts.h"
#include "experiments/metrics/phases.h"
#include "experiments/plots/episode_paths.h"
#include "experiments/processes/child_process.h"
#include "experiments/processes/scratch_folder.h"
#include "sim/base/atomic_file.h"

namespace medal {
namespace {

/// The scripts' exit code where they cannot import what they need.
constexpr int kNoMatplotlib = 3;
constexpr int kNotStarted = 127;
constexpr int kUserMistake = 2;

/// The scripts in a folder of their own: Python looks for modules beside a script, and in /tmp it could find anything.
class ScriptFolder {
 public:
  ScriptFolder() {
    for (const EmbeddedText& script : embedded_scripts())
      write_file_atomically(path() / (std::string(script.name) + ".py"), script.text);
  }

  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  ScratchFolder folder_{"plots"};
};

/// Runs one of the scripts on `inputs`; an empty `out` leaves the choice to it.
void draw(const ScriptFolder& folder, const std::string& script, const std::vector<std::filesystem::path>& inputs,
          const std::filesystem::path& out) {
  // "--" keeps an input whose name begins with a dash from being taken for an option.
  std::vector<std::string> command = {"", (folder.path() / script).string()};
  if (!out.empty()) command.push_back("--out=" + out.string());
  command.push_back("--");
  for (const std::filesystem::path& input : inputs) command.push_back(input.string());

  // The distribution's Python has its packages; another that comes first in PATH may not.
  for (const char* python : {"/usr/bin/python3", "python3"}) {
    command[0] = python;
    const ChildResult result = run_child(command);
    if (result.exit_code == 0) return;
    if (result.exit_code == kNotStarted || result.exit_code == kNoMatplotlib) continue;
    if (result.exit_code == kUserMistake) throw UserError(last_line(result.errors));
    throw UserError("the pictures cannot be drawn: " + last_line(result.errors) + "; run experiments/plots/" + script +
                    " yourself to see more");
  }
  throw UserError("the pictures cannot be drawn without python3 and matplotlib; install python3-matplotlib");
}

}  // namespace

void write_learning_curves(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out) {
  MEDAL_CHECK(!runs.empty());
  draw(ScriptFolder(), "learning_curves.py", runs, out);
}

void write_episode_picture(const Replay& replay, const std::filesystem::path& out) {
  const ScriptFolder folder;
  const std::filesystem::path paths = folder.path() / "paths.json";
  write_file_atomically(paths, episode_paths(replay).dump());
  draw(folder, "episode.py", {paths}, out);
}

void write_run_pictures(const RunFolder& run) {
  write_learning_curves({run.path()}, run.report() / "learning_curves.png");
  const std::filesystem::path replay = run.newest_replay();
  if (!replay.empty()) write_episode_picture(load_replay(replay), run.report() / "episode.png");
  const std::vector<EvaluationPoint> points = evaluation_points(run.path() / "metrics.jsonl");
  if (points.size() < 2) return;  // a phase shows itself in two
  write_file_atomically(run.report() / "phases.json", phases_to_json(points).dump(1) + "\n");
  write_file_atomically(run.report() / "phases.md", phases_table(detect_phases(points)));
  draw(ScriptFolder(), "phases.py", {run.report() / "phases.json"}, run.report() / "phases.png");
}

void write_study_pictures(const std::filesystem::path& summary) {
  draw(ScriptFolder(), "study.py", {summary}, summary.parent_path());
}

void write_card_page(const std::filesystem::path& json, const std::vector<std::filesystem::path>& games,
                     const std::filesystem::path& out) {
  std::vector<std::filesystem::path> inputs = {json};
  inputs.insert(inputs.end(), games.begin(), games.end());
  draw(ScriptFolder(), "card.py", inputs, out);
}

}  // namespace medal
