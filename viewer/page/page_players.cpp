#include "viewer/page/page_players.h"

#include "viewer/drawing/scene/palette.h"
#include "viewer/page/packed_numbers.h"
#include "viewer/page/page_world.h"

namespace medal {
namespace {

using nlohmann::ordered_json;

// Bits of what an avatar is in a step.
constexpr std::uint8_t kCrouches = 1, kSeesExpert = 2;

void add_place(std::vector<std::int16_t>& numbers, const Vec3& place) {
  for (const float value : place) numbers.push_back(page_length(value));
}

ordered_json page_player(const ReplaySession& session, int avatar) {
  const auto index = static_cast<std::size_t>(avatar);
  const bool is_expert = avatar == 0;
  std::vector<std::int16_t> poses;
  std::vector<std::uint8_t> flags;
  for (int step = session.first_step(); step <= session.last_step(); ++step) {
    const AvatarMoment& moment = session.timeline().at(step, avatar);
    add_place(poses, moment.state.feet);
    poses.push_back(page_angle(moment.state.yaw));
    flags.push_back(
        static_cast<std::uint8_t>((moment.state.crouching ? kCrouches : 0) | (moment.sees_expert ? kSeesExpert : 0)));
  }
  const Palette palette;
  const Vec3& colour = palette.avatar(is_expert ? AvatarRole::expert : AvatarRole::learner, avatar - 1);
  return {{"name", session.cast().names[index]},
          {"role", is_expert ? "expert" : "learner"},
          {"present", static_cast<bool>(session.cast().present[index])},
          {"colour", page_colour(colour)},
          {"poses", packed(poses)},
          {"flags", packed(flags)}};
}

/// Of each remembered event: colour in 1/255, reward as a sign, place ahead and to the left.
void add_event(std::vector<std::int16_t>& numbers, const RememberedEvent& event) {
  for (const float value : event.colour) numbers.push_back(page_share(value));
  numbers.push_back(static_cast<std::int16_t>(event.reward > 0 ? 1 : event.reward < 0 ? -1 : 0));
  for (const float value : event.place) numbers.push_back(page_length(value));
}

ordered_json page_mind(std::span<const std::shared_ptr<const AgentThought>> thoughts) {
  std::vector<float> values;
  std::vector<std::int16_t> guesses, events;
  std::vector<std::uint8_t> certainty, event_counts, readings;
  for (const auto& thought : thoughts) {
    values.push_back(thought->value);
    add_place(guesses, thought->expert_guess);
    certainty.push_back(page_share(thought->presence_belief));
    event_counts.push_back(static_cast<std::uint8_t>(thought->recollection.events.size()));
    for (const RememberedEvent& event : thought->recollection.events) add_event(events, event);
    for (const MemoryReading& reading : thought->recollection.readings) {
      for (const float value : reading.colour) readings.push_back(page_share(value));
      readings.push_back(page_share(reading.found));
    }
  }
  return {{"values", packed(values)},
          {"expert_places", packed(guesses)},
          {"certainty", packed(certainty)},
          {"heads", thoughts.front()->recollection.readings.size()},
          {"event_counts", packed(event_counts)},
          {"events", packed(events)},
          {"readings", packed(readings)}};
}

}  // namespace

ordered_json page_players(const ReplaySession& session) {
  ordered_json players = ordered_json::array();
  for (int avatar = 0; avatar < session.timeline().avatars(); ++avatar) {
    ordered_json player = page_player(session, avatar);
    const auto first = static_cast<std::size_t>(session.first_step());
    if (avatar > 0 && !session.thoughts(avatar - 1).empty())
      player["mind"] = page_mind(session.thoughts(avatar - 1).subspan(first));
    players.push_back(std::move(player));
  }
  return players;
}

ordered_json page_entries(const ReplaySession& session) {
  ordered_json all = ordered_json::array();
  for (const AvatarEntry& entry : session.timeline().entries())
    all.push_back({{"player", entry.avatar},
                   {"step", entry.entry.step},
                   {"goal", entry.entry.goal},
                   {"reward", entry.entry.reward}});
  return all;
}

}  // namespace medal
