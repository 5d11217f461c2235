#include "agents/training/training_config.h"

namespace medal {

std::optional<DeviceName> parse_device(const std::string& text) {
  if (text == "cpu") return DeviceName{};
  if (text == "cuda") return DeviceName{true, {}};
  const std::string prefix = "cuda:";
  const bool digits = text.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
  if (!text.starts_with(prefix) || text.size() == prefix.size() || text.size() > prefix.size() + 3 || !digits)
    return {};
  return DeviceName{true, std::stoi(text.substr(prefix.size()))};
}

}  // namespace medal
