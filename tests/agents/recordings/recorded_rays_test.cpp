#include "agents/recordings/recorded_rays.h"

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/rewritten_replay.h"

using namespace medal;

namespace {

namespace fs = std::filesystem;

/// Learners that walk at random among obstacles, one of them out of the expert's sight at times.
Replay record_episode(std::uint64_t seed, SimdPath path) {
  EpisodeSpec spec;
  spec.parameters.episode_seconds = 30;
  spec.seed = spec.geometry_seed = seed;
  spec.steps = spec.parameters.episode_steps();
  spec.presence = {PresenceTimeline{}, {PresenceKind::half, true, {100}}};
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  NavmeshCache cache(1);
  const LidarCaster lidar(LidarOptions{}, path);
  Episode episode(spec, task, make_expert(*task, 1, cache), lidar);
  ReplayRecorder recorder(spec);
  Random random(seed, 3);
  std::vector<Action> actions(2);
  while (!episode.finished()) {
    for (Action& action : actions) action = {.forward = random.uniform(), .turn = random.uniform(-1, 1)};
    if (episode.step_count() == 120) episode.set_expert_visible(0, false);
    episode.step(actions);
    recorder.record(episode, actions);
  }
  return recorder.replay();
}

Replay written_and_read(const Replay& replay) {
  const TemporaryFolder folder("rays");
  save_replay(folder.path / "a.replay", replay);
  return load_replay(folder.path / "a.replay");
}

}  // namespace

TEST_CASE("what rays met on any vector path is met again on this machine's") {
  for (const SimdPath path : {SimdPath::portable, SimdPath::avx2, SimdPath::avx512}) {
    if (path > best_simd_path()) continue;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
      const Replay replay = written_and_read(record_episode(seed, path));
      INFO(simd_path_name(path) << ", seed " << seed);
      REQUIRE(replay.rays);
      CHECK(replay.rays->looks() == 30);
      CHECK_FALSE(find_differences(replay).ray);
    }
  }
}

TEST_CASE("a ray that is said to have met anything else is named, with its step and learner") {
  const Replay whole = written_and_read(record_episode(1, best_simd_path()));
  const auto rays = static_cast<std::size_t>(whole.rays->lidar.rays());
  const auto is_named_after = [&](std::size_t look, std::size_t ray, auto change) {
    Replay altered = whole;
    change(altered.rays->hits[look * rays + ray]);
    const auto found = find_differences(altered).ray;
    return found && found->step == static_cast<int>(look + 1) * whole.rays->every &&
           found->learner == static_cast<int>(look % 2) && found->ray == static_cast<int>(ray);
  };
  for (const std::size_t look : {0, 7, 29}) {
    CHECK(is_named_after(look, 3, [](RayHit& hit) { hit.solid_distance += 0.5F; }));
    CHECK(is_named_after(look, 0, [](RayHit& hit) { hit.goal = hit.goal == 1 ? 0 : 1; }));
    CHECK(is_named_after(look, 9, [](RayHit& hit) { hit.avatar_distance = 0.1F; }));
    CHECK(is_named_after(
        look, 5, [](RayHit& hit) { hit.solid = hit.solid == SolidKind::wall ? SolidKind::upright : SolidKind::wall; }));
  }
}

TEST_CASE("a clip keeps what rays met within it, and a replay without rays verifies by its states") {
  const Replay whole = record_episode(2, best_simd_path());
  const Replay clip = written_and_read(cut_clip(whole, 20, 100));
  REQUIRE(clip.rays);
  CHECK(clip.rays->looks() == 100 / whole.rays->every);
  CHECK_FALSE(find_differences(clip).ray);
  Replay older = whole;
  older.rays.reset();
  CHECK_FALSE(find_differences(written_and_read(older)).ray);
}

TEST_CASE("rays that contradict the replay, or that this program does not know, are refused by name") {
  const TemporaryFolder folder("rays");
  const fs::path file = folder.path / "a.replay";
  const auto error_after = [&](auto change) {
    save_replay(file, record_short_episode());
    rewrite(file, [&](nlohmann::json& whole) { change(whole["rays"]); });
    return user_error_of([&] { load_replay(file); });
  };
  const auto names = [](const std::string& text, const char* words) { return text.find(words) != std::string::npos; };
  CHECK(names(error_after([](nlohmann::json& rays) { rays["every"] = 0; }), "never"));
  CHECK(names(error_after([](nlohmann::json& rays) { rays["every"] = 1; }), "contradicts itself"));
  CHECK(names(error_after([](nlohmann::json& rays) { rays["azimuths"] = 1 << 30; }), "cannot be"));
  CHECK(names(error_after([](nlohmann::json& rays) { rays["pitches"] = nlohmann::json::array(); }), "cannot be"));
  CHECK(names(error_after([](nlohmann::json& rays) { rays["goal"].get_binary().pop_back(); }), "cut short"));
  CHECK(names(error_after([](nlohmann::json& rays) { rays["solids"][0] = "water"; }), "not known here"));
  CHECK(names(error_after([](nlohmann::json& rays) { rays.erase("solid"); }), "damaged"));
}
