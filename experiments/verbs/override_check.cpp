#include "experiments/verbs/override_check.h"

#include <algorithm>

#include "sim/base/error.h"

namespace medal {

void check_overrides(const std::vector<std::string>& overrides, std::initializer_list<std::string_view> prefixes,
                     std::string_view example) {
  for (const std::string& text : overrides) {
    const std::size_t begin = std::min(text.find_first_not_of(" \t"), text.size());
    const auto takes = [&](std::string_view prefix) { return text.compare(begin, prefix.size(), prefix) == 0; };
    if (std::any_of(prefixes.begin(), prefixes.end(), takes)) continue;
    std::string keys;
    for (const std::string_view prefix : prefixes) keys += (keys.empty() ? "" : " and ") + std::string(prefix) + "KEY";
    throw UserError("--set " + text + " would change nothing here; " + keys + " would, such as " +
                    std::string(example));
  }
}

}  // namespace medal
