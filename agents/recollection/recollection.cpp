#include "agents/recollection/recollection.h"

#include <nlohmann/json.hpp>

namespace medal {

nlohmann::ordered_json to_json(const std::vector<RememberedEvent>& events) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const RememberedEvent& event : events)
    list.push_back({{"colour", {event.colour.x(), event.colour.y(), event.colour.z()}},
                    {"reward", event.reward},
                    {"place", {event.place.x(), event.place.y()}}});
  return list;
}

}  // namespace medal
