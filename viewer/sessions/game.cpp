#include "viewer/sessions/game.h"

#include <unistd.h>

#include <cerrno>

#include "agents/experts/experts.h"
#include "sim/base/atomic_file.h"
#include "sim/episode/expert_seed.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

std::shared_ptr<const Task> task_of(const EpisodeSpec& spec) {
  return std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
}

std::unique_ptr<Player> bot_for(const Task& task) {
  NavmeshCache navmeshes(1);
  return make_expert(task, expert_seed(task.seed, ExpertStream::evaluation), navmeshes);
}

}  // namespace

Game::Game(const EpisodeSpec& spec, bool bot_expert, const LidarOptions& lidar)
    : task_(task_of(spec)),
      lidar_(lidar),
      episode_(spec, task_, bot_expert ? bot_for(*task_) : nullptr, lidar_),
      timeline_(task_),
      recorder_(spec) {
  timeline_.add(episode_);
}

void Game::step(std::span<const Action> learners) {
  episode_.step(learners);
  remember(learners);
}

void Game::step(const Action& expert, std::span<const Action> learners) {
  episode_.step_with_expert(expert, learners);
  remember(learners);
}

void Game::remember(std::span<const Action> learners) {
  timeline_.add(episode_);
  recorder_.record(episode_, learners);
}

void Game::set_expert_visible(int learner, bool visible) {
  episode_.set_expert_visible(learner, visible);
  timeline_.update_visibility(episode_);
}

std::filesystem::path save_recording(const std::filesystem::path& folder, const std::string& stem,
                                     const Replay& recording) {
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) throw cannot_write(folder, error.value());
  const std::filesystem::path whole = folder / ("." + stem + "." + std::to_string(::getpid()) + kReplayExtension);
  save_replay(whole, recording);
  std::filesystem::path file = folder / (stem + kReplayExtension);
  int cause = 0;
  // A link, unlike a rename, takes no name that another has.
  for (int i = 2; ::link(whole.c_str(), file.c_str()) != 0 && (cause = errno) == EEXIST; ++i, cause = 0)
    file = folder / (stem + "-" + std::to_string(i) + kReplayExtension);
  ::unlink(whole.c_str());
  if (cause != 0) throw cannot_write(file, cause);
  return file;
}

}  // namespace medal
