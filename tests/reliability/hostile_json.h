#pragma once

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <vector>

#include "sim/base/random.h"

namespace medal {

/// Values that a reader may not expect where it stands.
inline nlohmann::json hostile_value(Random& random) {
  using nlohmann::json;
  const auto nested = [](int depth) {
    json value = json::array();
    for (int i = 0; i < depth; ++i) value = json::array({std::move(value)});
    return value;
  };
  switch (random.integer(0, 18)) {
    case 0:
      return -1;
    case 1:
      return 0;
    case 2:
      return std::numeric_limits<std::int64_t>::max();
    case 3:
      return std::numeric_limits<std::int64_t>::min();
    case 4:
      return std::numeric_limits<std::uint64_t>::max();
    case 5:
      return std::numeric_limits<double>::quiet_NaN();
    case 6:
      return -std::numeric_limits<double>::infinity();
    case 7:
      return 1e308;
    case 8:
      return nullptr;
    case 9:
      return true;
    case 10:
      return json::array();
    case 11:
      return json::object();
    case 12:
      return "";
    case 13:
      return std::string(100'000, 'x');
    case 14:
      return "\xff\xfe not UTF-8";
    case 15:
      return nested(random.integer(1, 2000));
    case 16:
      return json::binary(std::vector<std::uint8_t>(static_cast<std::size_t>(random.integer(0, 64)), 0xff));
    case 17:
      return "two\nlines";
    default:
      return random.integer(-100'000, 100'000);
  }
}

/// Replaces, removes, renames or adds one thing anywhere in it.
inline void make_hostile(nlohmann::json& json, Random& random) {
  nlohmann::json* node = &json;
  while (node->is_structured() && !node->empty() && !random.bernoulli(0.15F)) {
    auto inside = node->begin();
    std::advance(inside, random.integer(0, static_cast<int>(node->size()) - 1));
    if (node->is_object() && random.bernoulli(0.1F)) {
      nlohmann::json value = *inside;
      node->erase(inside);
      if (random.bernoulli(0.5F)) (*node)["another\nname"] = std::move(value);
      return;
    }
    if (node->is_array() && random.bernoulli(0.1F)) {
      random.bernoulli(0.5F) ? node->erase(inside) : node->insert(inside, hostile_value(random));
      return;
    }
    node = &*inside;
  }
  *node = hostile_value(random);
}

/// Cuts, flips, inserts or repeats some bytes.
inline void damage(std::string& bytes, Random& random) {
  const auto place = [&] { return static_cast<std::size_t>(random.integer(0, static_cast<int>(bytes.size()))); };
  const std::size_t at = place(), count = static_cast<std::size_t>(random.integer(1, 64));
  switch (random.integer(0, 4)) {
    case 0:
      bytes.resize(at);
      break;
    case 1:
      for (std::size_t i = 0; i < count && !bytes.empty(); ++i)
        bytes[place() % bytes.size()] = static_cast<char>(random.integer(0, 255));
      break;
    case 2:
      for (std::size_t i = 0; i < count; ++i)
        bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(at), static_cast<char>(random.integer(0, 255)));
      break;
    case 3:
      bytes.insert(at, bytes.substr(at, count));
      break;
    default:
      bytes.erase(at, count);
      break;
  }
}

}  // namespace medal
