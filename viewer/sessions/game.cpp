#include "viewer/sessions/game.h"

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

std::filesystem::path free_recording_file(const std::filesystem::path& folder, const std::string& stem) {
  std::filesystem::path file = folder / (stem + kReplayExtension);
  std::error_code ignored;  // what cannot be looked at cannot be written either, and that is said then
  for (int i = 2; std::filesystem::exists(file, ignored); ++i)
    file = folder / (stem + "-" + std::to_string(i) + kReplayExtension);
  return file;
}

void save_recording(const std::filesystem::path& file, const Replay& recording) {
  const std::filesystem::path folder = file.parent_path();
  std::error_code error;
  if (!folder.empty()) std::filesystem::create_directories(folder, error);
  if (error) throw cannot_write(folder, error.value());
  save_replay(file, recording);
}

}  // namespace medal
