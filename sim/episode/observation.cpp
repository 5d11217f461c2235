#include "sim/episode/observation.h"

#include <algorithm>
#include <array>
#include <utility>

#include "sim/base/error.h"

namespace medal {

namespace {

constexpr std::string_view kItself[] = {""};
constexpr std::string_view kColours[] = {"red", "green", "blue"};

/// What the writers of one observation read.
struct RaysSeen {
  const Task& task;
  float proximity_scale;
  std::size_t rays;

  /// Near is large, far is small, nothing is 0.
  float proximity(float distance) const { return distance < 0 ? 0.0F : proximity_scale / (proximity_scale + distance); }
};
struct BodyFelt {
  const Task& task;
  const BodyObservation& body;

  void write_in_own_frame(const Vec3& v, float unit, std::span<float> out) const {
    const Vec3 own = in_yaw_frame(v, body.avatar.yaw);
    for (std::size_t i = 0; i < 3; ++i) out[i] = own[static_cast<Eigen::Index>(i)] / unit;
  }
};

/// Neighbours in the layout that are written together: a slice named prefix + ending for each ending.
struct Part {
  std::string_view prefix;
  std::span<const std::string_view> endings;
  std::string_view unit;
  float low, high;
};

/// Slices of the rays. `write` is called for each ray: out[i * rays] is its number in the i-th slice, 0 before. What a
/// ray has met is all that it may tell: new knowledge begins as a member of RayHit, which sim/lidar fills.
struct RayPart : Part {
  void (*write)(const RaysSeen& seen, const RayHit& hit, float* out);
};
constexpr RayPart kRayParts[] = {
    {{"lidar_", kSolidNames, "proximity", 0, 1},
     [](const RaysSeen& seen, const RayHit& hit, float* out) {
       out[static_cast<std::size_t>(hit.solid) * seen.rays] = seen.proximity(hit.solid_distance);
     }},
    {{"lidar_goal", kItself, "proximity", 0, 1},
     [](const RaysSeen& seen, const RayHit& hit, float* out) {
       if (hit.goal >= 0) *out = seen.proximity(hit.goal_distance);
     }},
    {{"lidar_goal_", kColours, "", 0, 1},
     [](const RaysSeen& seen, const RayHit& hit, float* out) {
       if (hit.goal < 0) return;
       const Vec3& colour = seen.task.goals[static_cast<std::size_t>(hit.goal)].colour;
       for (std::size_t c = 0; c < 3; ++c) out[c * seen.rays] = colour[static_cast<Eigen::Index>(c)];
     }},
    {{"lidar_avatar", kItself, "proximity", 0, 1},
     [](const RaysSeen& seen, const RayHit& hit, float* out) { *out = seen.proximity(hit.avatar_distance); }},
};

/// Slices of the body, each of `length` numbers. `write` fills all of them.
struct BodyPart : Part {
  int length;
  void (*write)(const BodyFelt& felt, std::span<float> out);
};
constexpr BodyPart kBodyParts[] = {
    {{"velocity", kItself, "6 m/s, own yaw frame", -2, 2},
     3,
     [](const BodyFelt& felt, std::span<float> out) {
       felt.write_in_own_frame(felt.body.avatar.velocity, kAvatar.speed, out);
     }},
    {{"up", kItself, "own yaw frame", -1, 1},
     3,
     [](const BodyFelt& felt, std::span<float> out) { felt.write_in_own_frame(felt.body.up, 1, out); }},
    {{"on_ground", kItself, "", 0, 1},
     1,
     [](const BodyFelt& felt, std::span<float> out) { out[0] = felt.body.avatar.on_ground ? 1.0F : 0.0F; }},
    {{"crouching", kItself, "", 0, 1},
     1,
     [](const BodyFelt& felt, std::span<float> out) { out[0] = felt.body.avatar.crouching ? 1.0F : 0.0F; }},
    {{"inside_goal", kItself, "", 0, 1},
     1,
     [](const BodyFelt& felt, std::span<float> out) { out[0] = felt.body.avatar.inside_goal >= 0 ? 1.0F : 0.0F; }},
    // LIDAR looks through a sphere around the own head, so its colour is told here.
    {{"inside_goal_", kColours, "", 0, 1},
     1,
     [](const BodyFelt& felt, std::span<float> out) {
       const int inside = felt.body.avatar.inside_goal;
       for (std::size_t c = 0; c < 3; ++c)
         out[c] =
             inside < 0 ? 0.0F : felt.task.goals[static_cast<std::size_t>(inside)].colour[static_cast<Eigen::Index>(c)];
     }},
    {{"last_action", kItself, "", -1, 1},
     kActionSize,
     [](const BodyFelt& felt, std::span<float> out) {
       const Action action = clamped(felt.body.last_action);
       for (std::size_t i = 0; i < out.size(); ++i) out[i] = action.*kActionComponents[i].value;
     }},
    {{"last_reward", kItself, "", -3, 3},
     1,
     [](const BodyFelt& felt, std::span<float> out) { out[0] = felt.body.last_reward; }},
    // How long a step is, not how late it is: who knows its velocity and this knows how far it came.
    {{"control_interval", kItself, "0.1 s", 0, 2},
     1,
     [](const BodyFelt& felt, std::span<float> out) { out[0] = 10.0F / felt.task.parameters.control_rate; }},
};

constexpr std::size_t numbers_of(const RayPart& part) { return part.endings.size(); }  // for each ray
constexpr std::size_t numbers_of(const BodyPart& part) {
  return part.endings.size() * static_cast<std::size_t>(part.length);
}

/// Where each part begins; at last, where all end.
template <class P, std::size_t count>
constexpr std::array<std::size_t, count + 1> offsets_of(const P (&parts)[count]) {
  std::array<std::size_t, count + 1> offsets{};
  for (std::size_t i = 0; i < count; ++i) offsets[i + 1] = offsets[i] + numbers_of(parts[i]);
  return offsets;
}
constexpr auto kRayOffsets = offsets_of(kRayParts);
constexpr auto kBodyOffsets = offsets_of(kBodyParts);
constexpr std::size_t kRayChannels = kRayOffsets.back(), kBodySize = kBodyOffsets.back();

// Unrolled over the tables, so that no writer is called through a pointer.

template <std::size_t... i>
void write_ray(const RaysSeen& seen, const RayHit& hit, float* out, std::index_sequence<i...>) {
  (kRayParts[i].write(seen, hit, out + kRayOffsets[i] * seen.rays), ...);
}

template <std::size_t... i>
void write_body(const BodyFelt& felt, std::span<float> out, std::index_sequence<i...>) {
  (kBodyParts[i].write(felt, out.subspan(kBodyOffsets[i], numbers_of(kBodyParts[i]))), ...);
}

}  // namespace

int observation_size(const LidarOptions& lidar) {
  return static_cast<int>(kRayChannels) * lidar.rays() + static_cast<int>(kBodySize);
}

ObservationLayout observation_layout(const LidarOptions& lidar) {
  ObservationLayout layout{{}, 0, static_cast<int>(kRayChannels), lidar.rays()};
  const auto add = [&layout](const Part& part, int length) {
    for (const std::string_view ending : part.endings) {
      layout.slices.push_back({std::string(part.prefix) + std::string(ending), layout.size, length,
                               std::string(part.unit), part.low, part.high});
      layout.size += length;
    }
  };
  for (const RayPart& part : kRayParts) add(part, layout.rays);
  for (const BodyPart& part : kBodyParts) add(part, part.length);
  MEDAL_CHECK(layout.size == observation_size(lidar));
  return layout;
}

const ObservationSlice* ObservationLayout::find(std::string_view name) const {
  const auto found =
      std::find_if(slices.begin(), slices.end(), [name](const ObservationSlice& slice) { return slice.name == name; });
  return found == slices.end() ? nullptr : &*found;
}

void write_observation(const LidarOptions& lidar, const Task& task, std::span<const RayHit> hits,
                       const BodyObservation& body, std::span<float> out) {
  const RaysSeen seen{task, lidar.proximity_scale, static_cast<std::size_t>(lidar.rays())};
  std::fill_n(out.begin(), kRayChannels * seen.rays, 0.0F);
  for (std::size_t ray = 0; ray < seen.rays; ++ray)
    write_ray(seen, hits[ray], out.data() + ray, std::make_index_sequence<std::size(kRayParts)>());
  write_body({task, body}, out.subspan(kRayChannels * seen.rays), std::make_index_sequence<std::size(kBodyParts)>());
}

}  // namespace medal
