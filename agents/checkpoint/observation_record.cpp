#include "agents/checkpoint/observation_record.h"

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <utility>

#include "sim/base/error.h"
#include "sim/base/shown_text.h"

namespace medal {
namespace {

using nlohmann::json;
using Slice = ObservationRecord::Slice;

const Slice* find_slice(const std::vector<Slice>& slices, const std::string& name) {
  const auto found = std::find_if(slices.begin(), slices.end(), [&](const Slice& slice) { return slice.name == name; });
  return found == slices.end() ? nullptr : &*found;
}

void add(std::string& text, const std::string& more) { text += (text.empty() ? "" : ", ") + more; }

/// By slice; where all of them are there, by their order.
std::string slice_difference(const std::vector<Slice>& trained, const std::vector<Slice>& now) {
  std::string text;
  std::vector<Slice> common;
  for (const Slice& slice : now)
    if (find_slice(trained, slice.name) != nullptr) common.push_back(slice);
  for (const Slice& slice : trained) {
    const Slice* other = find_slice(now, slice.name);
    if (other == nullptr)
      add(text, shown_text(slice.name) + " is missing");
    else if (other->length != slice.length)
      add(text, slice.name + " has " + std::to_string(other->length) + " numbers, not " + std::to_string(slice.length));
  }
  if (text.empty() && trained != common) text = "the parts have another order";
  return text;
}

/// What 0.1.0 sensed with that LIDAR; its files hold the size alone.
std::vector<Slice> slices_of_release_one(const LidarOptions& lidar) {
  std::vector<Slice> slices;
  for (const char* name : {"terrain", "upright", "low_bar", "overhead_bar", "wall", "goal", "goal_red", "goal_green",
                           "goal_blue", "avatar"})
    slices.push_back({std::string("lidar_") + name, lidar.rays()});
  for (const auto& [name, length] : std::initializer_list<std::pair<const char*, int>>{{"velocity", 3},
                                                                                       {"up", 3},
                                                                                       {"on_ground", 1},
                                                                                       {"crouching", 1},
                                                                                       {"inside_goal", 1},
                                                                                       {"inside_goal_red", 1},
                                                                                       {"inside_goal_green", 1},
                                                                                       {"inside_goal_blue", 1},
                                                                                       {"last_action", 5},
                                                                                       {"last_reward", 1}})
    slices.push_back({name, length});
  return slices;
}

int size_of(const std::vector<Slice>& slices) {
  int size = 0;
  for (const Slice& slice : slices) size += slice.length;
  return size;
}

}  // namespace

ObservationRecord observation_record(const LidarOptions& lidar) {
  const ObservationLayout layout = observation_layout(lidar);
  ObservationRecord record{layout.size, {}, static_cast<int>(lidar.pitches.size())};
  for (const ObservationSlice& slice : layout.slices) record.slices.push_back({slice.name, slice.length});
  return record;
}

json observation_to_json(const ObservationRecord& record) {
  json slices = json::array();
  for (const Slice& slice : record.slices) slices.push_back({{"name", slice.name}, {"length", slice.length}});
  return {{"size", record.size}, {"rings", record.rings}, {"slices", slices}};
}

ObservationRecord observation_from_json(const json& source) {
  ObservationRecord record{source.at("size").get<int>(), {}, source.at("rings").get<int>()};
  for (const json& slice : source.at("slices"))
    record.slices.push_back({slice.at("name").get<std::string>(), slice.at("length").get<int>()});
  return record;
}

std::string observation_difference(const ObservationRecord& trained, const LidarOptions& lidar) {
  const ObservationRecord now = observation_record(lidar);
  if (trained.slices.empty()) {
    const std::vector<Slice> then = slices_of_release_one(lidar);
    if (trained.size == size_of(then)) return slice_difference(then, now.slices);
    return "there are " + std::to_string(size_of(then)) + " numbers, not " + std::to_string(trained.size);
  }
  const std::string slices = slice_difference(trained.slices, now.slices);
  if (!slices.empty() || trained.rings == now.rings) return slices;
  return "the rays lie in " + std::to_string(now.rings) + " rings, not in " + std::to_string(trained.rings);
}

namespace {

[[noreturn]] void reject(const std::string& agent, const std::string& difference) {
  throw UserError(agent + " was trained on other observations: " + difference +
                  "; give lidar.azimuths and lidar.pitches as 'medal info AGENT --config' prints them");
}

}  // namespace

SensedSlices sensed_by(const ObservationRecord& trained, const LidarOptions& lidar, const std::string& agent) {
  if (const std::string difference = observation_difference(trained, lidar); !difference.empty())
    reject(agent, difference);
  const ObservationLayout now = observation_layout(lidar);
  SensedSlices sensed;
  for (const Slice& slice : trained.slices.empty() ? slices_of_release_one(lidar) : trained.slices) {
    ObservationSlice own = *now.find(slice.name);
    sensed.offsets.push_back(own.offset);
    own.offset = sensed.layout.size;
    sensed.layout.size += own.length;
    sensed.layout.slices.push_back(own);
    if (!slice.name.starts_with("lidar_")) continue;
    ++sensed.layout.ray_channels;
    sensed.layout.rays = own.length;
  }
  return sensed;
}

}  // namespace medal
