#pragma once

#include <xxhash.h>
#include <zstd.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "agents/experts/experts.h"
#include "agents/recordings/replay.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

namespace medal {

/// 5 s of two learners that walk at random; with `hide_by_hand`, dropout by hand at steps 10 and 20.
inline Replay record_short_episode(bool hide_by_hand = false) {
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
    if (hide_by_hand && episode.step_count() == 10) episode.set_expert_visible(0, false);
    if (hide_by_hand && episode.step_count() == 20) episode.set_expert_visible(0, true);
    if (hide_by_hand && episode.step_count() == 20) episode.set_expert_visible(1, true);
    std::vector<Action> actions(2);
    for (Action& action : actions) action = {.forward = random.uniform(), .turn = random.uniform(-1, 1)};
    episode.step(actions);
    recorder.record(episode, actions);
  }
  return recorder.replay();
}

/// Rewrites what is in a replay file, with all its checks whole.
template <class Change>
void rewrite(const std::filesystem::path& file, Change&& change) {
  const std::string whole = content_of(file), packed = whole.substr(8, whole.size() - 16);
  std::string bytes(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  REQUIRE(ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size()) == bytes.size());
  nlohmann::json json = nlohmann::json::from_cbor(bytes);
  change(json);
  bytes.clear();
  nlohmann::json::to_cbor(json, bytes);
  std::string result = whole.substr(0, 8) + std::string(ZSTD_compressBound(bytes.size()), '\0');
  result.resize(8 + ZSTD_compress(result.data() + 8, result.size() - 8, bytes.data(), bytes.size(), 3));
  const std::uint64_t hash = XXH3_64bits(result.data(), result.size());
  result.append(reinterpret_cast<const char*>(&hash), 8);
  std::ofstream(file, std::ios::binary) << result;
}

}  // namespace medal
