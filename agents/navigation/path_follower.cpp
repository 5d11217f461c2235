#include "agents/navigation/path_follower.h"

#include <algorithm>

namespace medal {
namespace {

constexpr float kArrival = 0.5F;      // m from a corner that counts as there
constexpr float kLinkArrival = 0.3F;  // m from the beginning of a link
constexpr float kBraking = 3.0F;      // 1/s: speed per metre left before a link
constexpr float kSlowestApproach = 1.0F;
constexpr float kCrossingSpeed = 3.6F;  // m/s, the least at which a bar is crossed
constexpr float kPastBar = 0.7F;        // m behind the middle of a link: the body is past the bar
constexpr float kLanding = 2.0F;        // 1/s: in the air, speed per metre left to the end

}  // namespace

FollowerWish PathFollower::follow(const AvatarState& self, float speed) {
  const Vec2 position = self.feet.head<2>();
  while (!done()) {
    if (next_ > 0 && path_.waypoints[next_ - 1].passage != Passage::walk) {
      const FollowerWish wish = cross(self, speed);
      if (wish.on_link) return wish;
    } else {
      const Waypoint& target = path_.waypoints[next_];
      const float arrival = target.passage == Passage::walk ? kArrival : kLinkArrival;
      // The last waypoint is walked to until whoever steers is content.
      if (next_ + 1 == path_.waypoints.size() || (target.position.head<2>() - position).norm() > arrival)
        return walk(position, speed);
    }
    ++next_;
  }
  return {};
}

FollowerWish PathFollower::walk(const Vec2& position, float speed) {
  const Waypoint& target = path_.waypoints[next_];
  const Vec2 way = target.position.head<2>() - position;
  const float left = way.norm();
  FollowerWish wish;
  if (left < 1e-3F) return wish;
  if (target.passage != Passage::walk) speed = std::min(speed, std::max(kSlowestApproach, kBraking * left));
  wish.velocity = way / left * speed;
  return wish;
}

FollowerWish PathFollower::cross(const AvatarState& self, float speed) {
  const Waypoint& begin = path_.waypoints[next_ - 1];
  const Vec2 from = begin.position.head<2>(), to = path_.waypoints[next_].position.head<2>();
  const float length = (to - from).norm();
  const Vec2 along = (to - from) / length;
  const Vec2 position = self.feet.head<2>();
  const float progress = along.dot(position - from) - 0.5F * length;           // 0 in the middle of the bar
  const Vec2 beside = (from - position) + along * along.dot(position - from);  // back onto the link's line
  FollowerWish wish;
  const bool past = progress > kPastBar;
  if (past && (self.on_ground || begin.passage == Passage::crouch)) return wish;
  wish.on_link = true;
  wish.crouch = begin.passage == Passage::crouch;
  wish.jump = begin.passage == Passage::jump && progress < 0 && beside.norm() < kLinkArrival;
  const float crossing = std::max(speed, kCrossingSpeed);
  const float ahead = past ? std::clamp(kLanding * (to - position).dot(along), -crossing, crossing)
                           : (wish.crouch ? crossing : kCrossingSpeed);
  wish.velocity = along * ahead + 2.0F * beside;
  return wish;
}

}  // namespace medal
