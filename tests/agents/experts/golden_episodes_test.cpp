#include <array>
#include <thread>
#include <vector>

#include "agents/experts/experts.h"
#include "sim/episode/episode.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

/// One episode, and the hash of the states after all of its steps.
struct Golden {
  ExpertKind expert;
  float difficulty;    ///< 0: flat and empty; 1: full
  int goals;           ///< also shifts rule, rate and substeps
  std::uint64_t hash;  ///< recorded; a change on purpose is a commit of its own that says why
};

// clang-format off
constexpr std::array<Golden, 10> kGolden = {{
    {ExpertKind::perfect,       0.00F, 3, 0x41005708d8c04c3aULL},
    {ExpertKind::perfect,       0.50F, 5, 0x3e59096c3d5d51f2ULL},
    {ExpertKind::perfect,       1.00F, 8, 0xc2ef025800263147ULL},
    {ExpertKind::noisy,         0.25F, 4, 0xa5adccb704c060e5ULL},
    {ExpertKind::noisy,         1.00F, 6, 0xa240239e39f3ee7dULL},
    {ExpertKind::anti_expert,   0.50F, 5, 0x4702279cdbe3bcbaULL},
    {ExpertKind::random_walker, 0.75F, 4, 0x72b09a798a58599dULL},
    {ExpertKind::absent,        1.00F, 5, 0x104bc15c23b1442eULL},
    {ExpertKind::turns_bad,     0.25F, 6, 0x5f7e9094d79af2aULL},
    {ExpertKind::turns_bad,     1.00F, 5, 0xebb2936706adb4e9ULL},
}};
// clang-format on

EpisodeSpec spec_of(const Golden& golden, std::uint64_t seed) {
  EpisodeSpec spec;
  TaskParameters& p = spec.parameters;
  for (float* knob : {&p.bumpiness, &p.upright_density, &p.low_bar_density, &p.overhead_bar_density})
    *knob *= golden.difficulty;
  p.expert = golden.expert;
  p.goals = golden.goals;
  p.reward_rule = static_cast<RewardRuleKind>(golden.goals % 3);
  p.control_rate = golden.goals % 2 == 0 ? 10.0F : 15.0F;
  p.episode_seconds = 30;
  spec.seed = spec.geometry_seed = seed;
  spec.steps = p.episode_steps();
  spec.presence.resize(2);
  return spec;
}

/// Learners that walk about and jump, by draws of their own.
std::uint64_t play(const EpisodeSpec& spec, NavmeshCache& cache) {
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed));
  LidarOptions lidar;
  lidar.azimuths = 4;
  const LidarCaster caster(lidar);
  Episode episode(spec, task, make_expert(*task, spec.seed, cache), caster);
  Random random(spec.seed);
  std::array<Action, 2> actions;
  std::uint64_t hash = 0;
  while (!episode.finished()) {
    for (Action& action : actions) {
      if (episode.step_count() % 8 == 0) action = {random.uniform(), 0, random.uniform(-1, 1), -1, -1};
      action.jump = random.bernoulli(0.05F) ? 1.0F : -1.0F;
    }
    episode.step(actions);
    hash = mix_seed(hash, episode.state_hash());
  }
  return hash;
}

}  // namespace

TEST_CASE("ten episodes come out as they were recorded, whatever compiled them and on any number of threads",
          "[golden]") {
  for (int threads = 1; threads <= 4; ++threads) {
    NavmeshCache cache(static_cast<int>(kGolden.size()));
    std::array<std::uint64_t, kGolden.size()> hashes{};
    std::vector<std::thread> crew;
    for (int thread = 0; thread < threads; ++thread)
      crew.emplace_back([&, thread] {
        for (auto i = static_cast<std::size_t>(thread); i < kGolden.size(); i += static_cast<std::size_t>(threads))
          hashes[i] = play(spec_of(kGolden[i], 1000 + i), cache);
      });
    for (std::thread& thread : crew) thread.join();
    for (std::size_t i = 0; i < kGolden.size(); ++i) {
      INFO("episode " << i << " on " << threads << " threads: 0x" << std::hex << hashes[i]);
      CHECK(hashes[i] == kGolden[i].hash);
    }
  }
}
