#include "agents/players/replay.h"

#include "agents/players/expert_bot.h"
#include "tests/catch.h"
#include "tests/file_helpers.h"

using namespace medal;

namespace {

namespace fs = std::filesystem;

Replay record_short_episode() {
  EpisodeSpec spec;
  spec.parameters.episode_seconds = 5;
  spec.seed = spec.geometry_seed = 7;
  spec.steps = spec.parameters.episode_steps();
  spec.presence = {PresenceTimeline{}, {PresenceKind::half, true, {25}}};
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  NavmeshCache cache(1);
  const LidarCaster lidar(LidarOptions{});
  Episode episode(spec, task, make_expert(*task, 1, cache), lidar);
  ReplayRecorder recorder(spec);
  Random random(3);
  while (!episode.finished()) {
    std::vector<Action> actions(2);
    for (Action& action : actions) action = {random.uniform(), 0, random.uniform(-1, 1), -1, -1};
    episode.step(actions);
    recorder.record(episode, actions);
  }
  return recorder.replay();
}

}  // namespace

TEST_CASE("a replay read back plays to the same states, step by step") {
  const TemporaryFolder folder("replay");
  Replay replay = record_short_episode();
  replay.title = "short";
  save_replay(folder.path / "a.replay", replay);
  const Replay read = load_replay(folder.path / "a.replay");
  CHECK(read.title == "short");
  CHECK(read.spec.presence == replay.spec.presence);
  CHECK(read.hashes == replay.hashes);
  CHECK(first_difference(read) == -1);
}

TEST_CASE("a replay with one changed action says where it parts") {
  Replay replay = record_short_episode();
  replay.expert_actions[30].forward += 0.25F;
  CHECK(first_difference(replay) == 30);
}

TEST_CASE("every malformed replay is refused in one line that names the file") {
  const TemporaryFolder folder("replay");
  const fs::path file = folder.path / "a.replay", bad = folder.path / "bad.replay";
  save_replay(file, record_short_episode());
  const std::string whole = content_of(file);
  const auto refuses = [&](const std::string& bytes) {
    std::ofstream(bad, std::ios::binary) << bytes;
    const std::string text = user_error_of([&] { load_replay(bad); });
    return text.find(bad.string()) != std::string::npos && text.find('\n') == std::string::npos;
  };
  CHECK(refuses(""));
  CHECK(refuses("MEDALREP"));
  CHECK(refuses("something else entirely, and long enough to be one"));
  for (std::size_t length = 0; length < whole.size(); length += whole.size() / 50 + 1)
    CHECK(refuses(whole.substr(0, length)));
  for (std::size_t i = 0; i < whole.size(); i += whole.size() / 100 + 1) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x40);
    CHECK(refuses(flipped));
  }
  CHECK_THROWS_AS(load_replay(folder.path / "missing.replay"), UserError);
}
