#include "agents/training/training_config.h"

#include "sim/base/option_error.h"

namespace medal {

DeviceName parse_device(const std::string& text) {
  if (text == "cpu") return DeviceName{};
  if (text == "cuda") return DeviceName{true, {}};
  const std::string prefix = "cuda:";
  const bool digits = text.find_first_not_of("0123456789", prefix.size()) == std::string::npos;
  if (!text.starts_with(prefix) || text.size() == prefix.size() || text.size() > prefix.size() + 3 || !digits)
    throw OptionError("run.device", "must be cpu, cuda or cuda:N, not '" + text + "'");
  return DeviceName{true, std::stoi(text.substr(prefix.size()))};
}

}  // namespace medal
