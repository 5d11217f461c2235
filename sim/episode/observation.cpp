#include "sim/episode/observation.h"

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"

namespace medal {

namespace {

constexpr int kRayChannels = kSolidKinds + 1 + 3 + 1;
constexpr int kGoalChannel = kSolidKinds, kColourChannel = kGoalChannel + 1, kAvatarChannel = kColourChannel + 3;
constexpr int kBodySize = 3 + 3 + 1 + 1 + 1 + 3 + kActionSize + 1;

Vec3 in_yaw_frame(const Vec3& v, float yaw) {
  const float cosine = std::cos(yaw), sine = std::sin(yaw);
  return {cosine * v.x() + sine * v.y(), cosine * v.y() - sine * v.x(), v.z()};
}

/// Near is large, far is small, nothing is 0.
float proximity(float distance, float scale) { return distance < 0 ? 0.0F : scale / (scale + distance); }

/// In the learner's yaw frame, in units of kPrivilegedScale.
void write_relative(const AvatarState& learner, const Vec3& position, std::span<float> out) {
  const Vec3 relative = in_yaw_frame(position - learner.feet, learner.yaw) / kPrivilegedScale;
  for (std::size_t i = 0; i < 3; ++i) out[i] = relative[static_cast<Eigen::Index>(i)];
}

}  // namespace

int observation_size(const LidarOptions& lidar) { return kRayChannels * lidar.rays() + kBodySize; }

std::vector<ObservationSlice> observation_layout(const LidarOptions& lidar) {
  std::vector<ObservationSlice> layout;
  int offset = 0;
  const auto add = [&](std::string name, int length, const char* unit, float low, float high) {
    layout.push_back({std::move(name), offset, length, unit, low, high});
    offset += length;
  };
  const int rays = lidar.rays();
  for (const std::string_view name : kSolidNames) add("lidar_" + std::string(name), rays, "proximity", 0, 1);
  add("lidar_goal", rays, "proximity", 0, 1);
  for (const char* colour : {"red", "green", "blue"}) add(std::string("lidar_goal_") + colour, rays, "", 0, 1);
  add("lidar_avatar", rays, "proximity", 0, 1);
  add("velocity", 3, "6 m/s, own yaw frame", -2, 2);
  add("up", 3, "own yaw frame", -1, 1);
  add("on_ground", 1, "", 0, 1);
  add("crouching", 1, "", 0, 1);
  add("inside_goal", 1, "", 0, 1);
  for (const char* colour : {"red", "green", "blue"}) add(std::string("inside_goal_") + colour, 1, "", 0, 1);
  add("last_action", kActionSize, "", -1, 1);
  add("last_reward", 1, "", -3, 3);
  MEDAL_CHECK(offset == observation_size(lidar));
  return layout;
}

void write_observation(const LidarOptions& lidar, const Task& task, std::span<const RayHit> hits,
                       const BodyObservation& body, std::span<float> out) {
  const auto rays = static_cast<std::size_t>(lidar.rays());
  std::fill(out.begin(), out.begin() + static_cast<std::ptrdiff_t>(kRayChannels * rays), 0.0F);
  for (std::size_t r = 0; r < rays; ++r) {
    const RayHit& hit = hits[r];
    out[static_cast<std::size_t>(hit.solid) * rays + r] = proximity(hit.solid_distance, lidar.proximity_scale);
    out[kAvatarChannel * rays + r] = proximity(hit.avatar_distance, lidar.proximity_scale);
    if (hit.goal < 0) continue;
    out[kGoalChannel * rays + r] = proximity(hit.goal_distance, lidar.proximity_scale);
    const Vec3& colour = task.goals[static_cast<std::size_t>(hit.goal)].colour;
    for (std::size_t c = 0; c < 3; ++c) out[(kColourChannel + c) * rays + r] = colour[static_cast<Eigen::Index>(c)];
  }
  float* next = out.data() + kRayChannels * rays;
  const AvatarState& avatar = body.avatar;
  for (float v : in_yaw_frame(avatar.velocity, avatar.yaw)) *next++ = v / kAvatar.speed;
  for (float v : in_yaw_frame(body.up, avatar.yaw)) *next++ = v;
  for (bool flag : {avatar.on_ground, avatar.crouching, avatar.inside_goal >= 0}) *next++ = flag ? 1.0F : 0.0F;
  // LIDAR looks through a sphere around the own head, so its colour is told here.
  const int inside = avatar.inside_goal;
  for (float v : inside < 0 ? Vec3(Vec3::Zero()) : task.goals[static_cast<std::size_t>(inside)].colour) *next++ = v;
  const Action& action = body.last_action;
  for (float v : {action.forward, action.strafe, action.turn, action.jump, action.crouch})
    *next++ = std::clamp(v, -1.0F, 1.0F);
  *next++ = body.last_reward;
}

void write_attention_target(const AvatarState& learner, const AvatarState& expert, bool visible, std::span<float> out) {
  write_relative(learner, expert.feet, out);
  out[3] = visible ? 1.0F : 0.0F;
}

void write_order_target(const AvatarState& learner, const Task& task, std::span<const int> goals,
                        std::span<float> out) {
  std::fill(out.begin(), out.end(), 0.0F);
  if (goals.empty()) return;
  write_relative(learner, task.goals[static_cast<std::size_t>(goals.front())].center, out);
  float* next = out.data() + 3;
  for (int goal : goals)
    for (float v : task.goals[static_cast<std::size_t>(goal)].colour) *next++ = v;
  out[kOrderTargetSize - 1] = 1.0F;
}

}  // namespace medal
