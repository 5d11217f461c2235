#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace medal {

/// JSON of a file that anybody may have written: nested no deeper than ours ever is, since what reads and prints it
/// goes down by recursion. Throws nlohmann::json::exception where it is malformed, UserError where it is nested deeper.
nlohmann::json json_from_text(std::string_view text);
nlohmann::json json_from_cbor(std::string_view bytes);

}  // namespace medal
