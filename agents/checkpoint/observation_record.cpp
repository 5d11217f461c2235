#include "agents/checkpoint/observation_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/base/error.h"

namespace medal {
namespace {

using nlohmann::json;
using Slice = ObservationRecord::Slice;

const Slice* find_slice(const std::vector<Slice>& slices, const std::string& name) {
  const auto found = std::find_if(slices.begin(), slices.end(), [&](const Slice& slice) { return slice.name == name; });
  return found == slices.end() ? nullptr : &*found;
}

void add(std::string& text, const std::string& more) { text += (text.empty() ? "" : ", ") + more; }

/// By slice; where all slices are the same, by their order.
std::string slice_difference(const std::vector<Slice>& trained, const std::vector<Slice>& now) {
  std::string text;
  for (const Slice& slice : trained) {
    const Slice* other = find_slice(now, slice.name);
    if (other == nullptr)
      add(text, slice.name + " is missing");
    else if (other->length != slice.length)
      add(text, slice.name + " has " + std::to_string(other->length) + " numbers, not " + std::to_string(slice.length));
  }
  for (const Slice& slice : now)
    if (find_slice(trained, slice.name) == nullptr) add(text, slice.name + " is new");
  if (text.empty() && trained != now) text = "the parts have another order";
  return text;
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
  if (trained.slices.empty())
    return trained.size == now.size
               ? ""
               : "there are " + std::to_string(now.size) + " numbers, not " + std::to_string(trained.size);
  const std::string slices = slice_difference(trained.slices, now.slices);
  if (!slices.empty() || trained.rings == now.rings) return slices;
  return "the rays lie in " + std::to_string(now.rings) + " rings, not in " + std::to_string(trained.rings);
}

void check_observation(const ObservationRecord& trained, const LidarOptions& lidar, const std::string& agent) {
  const std::string difference = observation_difference(trained, lidar);
  if (!difference.empty())
    throw UserError(agent + " was trained on other observations: " + difference +
                    "; give lidar.azimuths and lidar.pitches as 'medal info AGENT --config' prints them");
}

}  // namespace medal
