#include "agents/recordings/recorded_rays.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/lidar/ray_direction.h"

namespace medal {
namespace {

using nlohmann::json;

constexpr float kTolerance = 0.01F + 0.005F;  // m: of vector paths, and of what is written
constexpr float kHair = 2e-4F;                // rad

bool agree(float a, float b) { return std::abs(a - b) <= kTolerance; }

bool agree(const RayHit& a, const RayHit& b) {
  return agree(a.solid_distance, b.solid_distance) && (a.solid_distance < 0 || a.solid == b.solid) &&
         agree(a.goal_distance, b.goal_distance) && a.goal == b.goal && agree(a.avatar_distance, b.avatar_distance);
}

/// Whether the ray, or one beside it, meets that exactly.
bool may_be_met(const RayHit& recorded, const Episode& episode, int learner, int ray) {
  const AvatarState& self = episode.learner_avatar(learner);
  const LidarAvatar expert{episode.expert_avatar().feet, episode.expert_avatar().height()};
  const std::span<const LidarAvatar> visible(&expert, episode.expert_visible(learner) ? 1U : 0U);
  const Vec3 ahead = ray_direction(episode.lidar(), ray, self.yaw);
  const Vec3 left = Vec3::UnitZ().cross(ahead).normalized(), up = ahead.cross(left);
  for (int i = -1; i <= 1; ++i)
    for (int j = -1; j <= 1; ++j) {
      const Vec3 beside = ahead + kHair * (static_cast<float>(i) * left + static_cast<float>(j) * up);
      const Vec3 direction = beside.normalized();
      if (agree(recorded, cast_ray_reference(episode.task(), self.eye(), direction, episode.lidar().range, visible)))
        return true;
    }
  return false;
}

constexpr std::uint16_t kNothing = 0xffff;  // of centimetres; ranges end at 100 m

template <class Number, class Of>
json column(const std::vector<RayHit>& hits, Of&& of) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(hits.size() * sizeof(Number));
  for (const RayHit& hit : hits) {
    const auto number = static_cast<Number>(of(hit));
    std::uint8_t value[sizeof(Number)];
    std::memcpy(value, &number, sizeof value);
    bytes.insert(bytes.end(), std::begin(value), std::end(value));
  }
  return json::binary(std::move(bytes));
}

json distances(const std::vector<RayHit>& hits, float RayHit::*member) {
  return column<std::uint16_t>(hits, [member](const RayHit& hit) {
    return hit.*member < 0 ? kNothing : static_cast<std::uint16_t>(std::lround(hit.*member * 100));
  });
}

/// Calls `take(hit, number)` for each hit with its number of the column.
template <class Number, class Take>
void read_column(const json& source, std::vector<RayHit>& hits, Take&& take) {
  const auto& bytes = source.get_binary();
  if (bytes.size() != hits.size() * sizeof(Number)) throw UserError("its rays are cut short");
  for (std::size_t i = 0; i < hits.size(); ++i) {
    Number number{};
    std::memcpy(&number, bytes.data() + i * sizeof number, sizeof number);
    take(hits[i], number);
  }
}

void read_distances(const json& source, std::vector<RayHit>& hits, float RayHit::*member) {
  read_column<std::uint16_t>(source, hits, [member](RayHit& hit, std::uint16_t centimetres) {
    hit.*member = centimetres == kNothing ? -1.0F : static_cast<float>(centimetres) / 100;
  });
}

std::vector<SolidKind> kinds_from_json(const json& names, const std::string& writer) {
  std::vector<SolidKind> kinds;
  for (const json& name : names) {
    const int kind = choice_index(kSolidNames, name.get<std::string>());
    if (kind < 0) throw UserError("its rays met a solid that is not known here" + writer_text(writer));
    kinds.push_back(static_cast<SolidKind>(kind));
  }
  return kinds;
}

LidarOptions lidar_from_json(const json& source) {
  LidarOptions lidar;
  lidar.azimuths = source.at("azimuths").get<int>();
  lidar.pitches = source.at("pitches").get<std::vector<float>>();
  lidar.range = source.at("range").get<float>();
  bool fits = true;
  const auto within = [&](const Field& field, double value) { fits &= value >= field.low && value <= field.high; };
  describe(lidar, [&](const Field& field, const auto& value) {
    if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>)
      within(field, static_cast<double>(value));
    else
      for (const float each : value) within(field, static_cast<double>(each));
  });
  if (!fits || lidar.pitches.empty() || lidar.pitches.size() > 100)
    throw UserError("its rays are of a lidar that cannot be");
  return lidar;
}

}  // namespace

void RecordedRays::cut(int steps) {
  hits.resize(std::min(hits.size(), static_cast<std::size_t>(steps / every) * static_cast<std::size_t>(lidar.rays())));
}

std::optional<RayDifference> ray_difference(const RecordedRays& rays, const Episode& episode) {
  const int step = episode.step_count(), look = step / rays.every - 1;
  if (step % rays.every != 0 || look < 0 || look >= rays.looks()) return std::nullopt;
  const int learner = rays.learner_of(look, episode.learners());
  std::vector<RayHit> met(static_cast<std::size_t>(rays.lidar.rays()));
  episode.cast_rays(learner, met);
  for (int ray = 0; ray < rays.lidar.rays(); ++ray) {
    const RayHit& now = met[static_cast<std::size_t>(ray)];
    const RayHit& recorded = rays.hits[static_cast<std::size_t>(look * rays.lidar.rays() + ray)];
    if (!agree(recorded, now) && !may_be_met(recorded, episode, learner, ray))
      return RayDifference{step, learner, ray, recorded, now};
  }
  return std::nullopt;
}

json recorded_rays_to_json(const RecordedRays& rays) {
  return {{"azimuths", rays.lidar.azimuths},
          {"pitches", rays.lidar.pitches},
          {"range", rays.lidar.range},
          {"every", rays.every},
          {"solid_distance", distances(rays.hits, &RayHit::solid_distance)},
          {"goal_distance", distances(rays.hits, &RayHit::goal_distance)},
          {"avatar_distance", distances(rays.hits, &RayHit::avatar_distance)},
          {"solids", kSolidNames},
          {"solid", column<std::uint8_t>(rays.hits, [](const RayHit& hit) { return hit.solid; })},
          {"goal", column<std::int8_t>(rays.hits, [](const RayHit& hit) { return hit.goal; })}};
}

RecordedRays recorded_rays_from_json(const json& source, const std::string& writer) {
  RecordedRays rays{lidar_from_json(source), source.at("every").get<int>(), {}};
  if (rays.every < 1) throw UserError("its rays were recorded never");
  rays.hits.resize(source.at("goal").get_binary().size());
  if (rays.hits.size() % static_cast<std::size_t>(rays.lidar.rays()) != 0) throw UserError("its rays are cut short");
  read_distances(source.at("solid_distance"), rays.hits, &RayHit::solid_distance);
  read_distances(source.at("goal_distance"), rays.hits, &RayHit::goal_distance);
  read_distances(source.at("avatar_distance"), rays.hits, &RayHit::avatar_distance);
  const std::vector<SolidKind> kinds = kinds_from_json(source.at("solids"), writer);
  read_column<std::uint8_t>(source.at("solid"), rays.hits, [&](RayHit& hit, std::uint8_t kind) {
    if (kind >= kinds.size()) throw UserError("its rays met no solid");
    hit.solid = kinds[kind];
  });
  read_column<std::int8_t>(source.at("goal"), rays.hits, [](RayHit& hit, std::int8_t goal) { hit.goal = goal; });
  return rays;
}

}  // namespace medal
