#include "agents/recordings/replay.h"

#include <xxhash.h>
#include <zstd.h>
#include <zstd_errors.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <new>
#include <nlohmann/json.hpp>

#include "agents/recordings/actions_json.h"
#include "agents/recordings/damaged_file.h"
#include "agents/recordings/episode_spec_json.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/task/guarded_json.h"

namespace medal {
namespace {

using nlohmann::json;
constexpr std::size_t kMagicSize = kReplayBegin.size(), kHashSize = 8;
constexpr int kCompressionLevel = 9;
constexpr unsigned long long kLargest = 1ULL << 26;  // bytes unpacked; more is not one of ours

template <class T>
json::binary_t as_binary(const std::vector<T>& values) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(values.data());
  return json::binary({bytes, bytes + values.size() * sizeof(T)}).get_binary();
}

template <class T>
std::vector<T> from_binary(const json& source) {
  const auto& bytes = source.get_binary();
  std::vector<T> values(bytes.size() / sizeof(T));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(T));
  return values;
}

/// Of what a function of zstd gave; std::bad_alloc where it failed for lack of memory.
bool has_failed(std::size_t result) {
  if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation) throw std::bad_alloc();
  return ZSTD_isError(result) != 0;
}

std::string compress(const std::string& bytes) {
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size = ZSTD_compress(packed.data(), packed.size(), bytes.data(), bytes.size(), kCompressionLevel);
  MEDAL_CHECK(!has_failed(size), "zstd");
  packed.resize(size);
  return packed;
}

[[noreturn]] void reject(const std::filesystem::path& file, const std::string& why) {
  throw UserError("replay '" + file.string() + "' " + why);
}
[[noreturn]] void reject_damaged(const std::filesystem::path& file, const std::string& why) {
  throw DamagedFile("replay '" + file.string() + "' " + why + "; record it again");
}

std::string decompress(const std::string& packed, const std::filesystem::path& file) {
  const unsigned long long size = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (size == ZSTD_CONTENTSIZE_ERROR || size == ZSTD_CONTENTSIZE_UNKNOWN || size > kLargest)
    reject_damaged(file, "is damaged");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  if (has_failed(ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size())))
    reject_damaged(file, "is damaged");
  return bytes;
}

/// The file's packed content, after all checks that need no unpacking.
std::string read_checked(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) reject(file, "cannot be read; give a file that a run left in its replays/ folder or the viewer recorded");
  const std::string bytes{std::istreambuf_iterator<char>(in), {}};
  if (bytes.size() < kMagicSize + kHashSize || !bytes.starts_with(kReplayBegin))
    reject(file, "is not a Medal replay; give a file that a run left in its replays/ folder or the viewer recorded");
  std::uint64_t hash = 0;
  std::memcpy(&hash, bytes.data() + bytes.size() - kHashSize, kHashSize);
  if (hash != XXH3_64bits(bytes.data(), bytes.size() - kHashSize)) reject_damaged(file, "is truncated or damaged");
  return bytes.substr(kMagicSize, bytes.size() - kMagicSize - kHashSize);
}

json toggles_to_json(const std::vector<VisibilityToggle>& toggles) {
  json list = json::array();
  for (const VisibilityToggle& toggle : toggles) list.push_back({toggle.step, toggle.learner, toggle.visible});
  return list;
}

std::vector<VisibilityToggle> toggles_from_json(const json& source) {
  std::vector<VisibilityToggle> toggles;
  for (const json& item : source)
    toggles.push_back({item.at(0).get<int>(), item.at(1).get<int>(), item.at(2).get<bool>()});
  return toggles;
}

void check_version(int version, const std::string& writer) {
  if (version < 1 || version > kReplayVersion)
    throw UserError("its format version is " + std::to_string(version) + ", this program reads 1 to " +
                    std::to_string(kReplayVersion) + writer_text(writer));
}

/// Throws UserError on what this program does not know, and nlohmann::json::exception on what is no replay at all.
Replay replay_from_json(const json& source) {
  Replay replay;
  replay.program_version = source.at("program_version").get<std::string>();
  const std::string writer = source.value("writer", replay.program_version);
  const int version = source.at("version").get<int>();
  check_version(version, writer);
  replay.title = source.at("title").get<std::string>();
  replay.config_toml = source.at("config").get<std::string>();
  replay.spec = episode_spec_from_json(source.at("spec"), writer);
  replay.expert_actions = actions_from_json(source.at("expert_actions"), writer);
  replay.learner_actions = actions_from_json(source.at("learner_actions"), writer);
  replay.hashes = from_binary<std::uint64_t>(source.at("hashes"));
  if (version >= 2) {
    replay.expert_player = source.at("expert_player").get<std::string>();
    replay.learner_players = source.at("learner_players").get<std::vector<std::string>>();
    replay.show_from = source.at("show_from").get<int>();
    replay.toggles = toggles_from_json(source.at("toggles"));
  }
  if (source.contains("rays")) replay.rays = recorded_rays_from_json(source.at("rays"), writer);
  return replay;
}

bool toggles_fit(const Replay& replay) {
  int last = 0;
  for (const VisibilityToggle& toggle : replay.toggles) {
    if (toggle.step < last || toggle.step >= replay.steps()) return false;
    if (toggle.learner < 0 || toggle.learner >= static_cast<int>(replay.spec.presence.size())) return false;
    last = toggle.step;
  }
  return true;
}

void check(const Replay& replay, const std::filesystem::path& file) {
  const std::size_t steps = replay.expert_actions.size(), learners = replay.spec.presence.size();
  const bool sizes_fit = learners > 0 && learners <= kMaximumLearners &&
                         replay.learner_actions.size() == steps * learners && replay.hashes.size() == steps &&
                         steps <= static_cast<std::size_t>(std::max(0, replay.spec.steps));
  const bool names_fit = replay.learner_players.empty() || replay.learner_players.size() == learners;
  const bool clip_fits = replay.show_from >= 0 && replay.show_from <= replay.steps();
  const bool rays_fit = !replay.rays || replay.rays->looks() == replay.steps() / replay.rays->every;
  if (!sizes_fit || !names_fit || !clip_fits || !rays_fit || !toggles_fit(replay))
    reject_damaged(file, "contradicts itself");
}

}  // namespace

void ReplayRecorder::record(const Episode& episode, std::span<const Action> learner_actions) {
  for (int k = 0; k < episode.learners(); ++k) {
    const std::optional<bool> now = episode.visibility_override(k);
    std::optional<bool>& known = overrides_[static_cast<std::size_t>(k)];
    if (now && now != known) replay_.toggles.push_back({replay_.steps(), k, *now});
    known = now;
  }
  replay_.expert_actions.push_back(episode.expert_action());
  replay_.learner_actions.insert(replay_.learner_actions.end(), learner_actions.begin(), learner_actions.end());
  replay_.hashes.push_back(episode.state_hash());
  record_rays(episode);
}

void ReplayRecorder::record_rays(const Episode& episode) {
  if (!replay_.rays)
    replay_.rays =
        RecordedRays{episode.lidar(), static_cast<int>(std::lround(replay_.spec.parameters.control_rate)), {}};
  RecordedRays& rays = *replay_.rays;
  if (replay_.steps() % rays.every != 0) return;
  const int learner = rays.learner_of(rays.looks(), episode.learners());
  rays.hits.resize(rays.hits.size() + static_cast<std::size_t>(rays.lidar.rays()));
  episode.cast_rays(learner, std::span(rays.hits).last(static_cast<std::size_t>(rays.lidar.rays())));
}

void save_replay(const std::filesystem::path& file, const Replay& replay) {
  json whole = {{"version", kReplayVersion},
                {"writer", program_version()},
                {"program_version", replay.program_version},
                {"title", replay.title},
                {"config", replay.config_toml},
                {"expert_player", replay.expert_player},
                {"learner_players", replay.learner_players},
                {"show_from", replay.show_from},
                {"toggles", toggles_to_json(replay.toggles)},
                {"spec", episode_spec_to_json(replay.spec)},
                {"expert_actions", actions_to_json(replay.expert_actions)},
                {"learner_actions", actions_to_json(replay.learner_actions)},
                {"hashes", as_binary(replay.hashes)}};
  if (replay.rays) whole["rays"] = recorded_rays_to_json(*replay.rays);
  std::string bytes;
  json::to_cbor(whole, bytes);
  bytes = std::string(kReplayBegin) + compress(bytes);
  const std::uint64_t hash = XXH3_64bits(bytes.data(), bytes.size());
  bytes.append(reinterpret_cast<const char*>(&hash), kHashSize);
  write_file_atomically(file, bytes);
}

Replay load_replay(const std::filesystem::path& file) {
  const std::string bytes = decompress(read_checked(file), file);
  Replay replay;
  try {
    replay = replay_from_json(json_from_cbor(bytes));
  } catch (const UserError& error) {
    reject(file, std::string("cannot be read: ") + error.what());
  } catch (const json::exception&) {
    reject_damaged(file, "is damaged");
  }
  check(replay, file);
  return replay;
}

Replay cut_clip(const Replay& replay, int begin, int end) {
  if (begin < 0 || begin >= end || end > replay.steps())
    throw UserError("a clip from step " + std::to_string(begin) + " to " + std::to_string(end) +
                    " cannot be cut; give 0 <= begin < end <= " + std::to_string(replay.steps()));
  const auto steps = static_cast<std::size_t>(end);
  Replay clip = replay;
  clip.show_from = begin;
  clip.expert_actions.resize(steps);
  clip.learner_actions.resize(steps * replay.spec.presence.size());
  clip.hashes.resize(steps);
  if (clip.rays) clip.rays->cut(end);
  std::erase_if(clip.toggles, [end](const VisibilityToggle& toggle) { return toggle.step >= end; });
  return clip;
}

}  // namespace medal
