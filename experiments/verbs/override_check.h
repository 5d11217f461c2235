#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace medal {

/// For verbs that read a part of the config only: a key that would change nothing must not look as if it did.
/// `prefixes` are of the keys that the verb takes ("task."), the first one's `example` is shown. Throws UserError.
void check_overrides(const std::vector<std::string>& overrides, std::initializer_list<std::string_view> prefixes,
                     std::string_view example);

}  // namespace medal
