#pragma once

#include <cstdint>
#include <string>

#include "sim/base/options.h"

namespace medal {

/// A number of the command line, read as those of a config are: 1e3 is a whole number too, NaN, infinity and nothing at
/// all are none. `option` ("--tasks") begins messages. Throws UserError where it lies outside field.low .. field.high.
void read_number(const std::string& option, const Field& field, const std::string& text, int& out);
void read_number(const std::string& option, const Field& field, const std::string& text, std::int64_t& out);
void read_number(const std::string& option, const Field& field, const std::string& text, float& out);
void read_number(const std::string& option, const Field& field, const std::string& text, double& out);
/// A seed: any whole number from 0 to 2^64 - 1; the field's range plays no part.
void read_number(const std::string& option, const Field& field, const std::string& text, std::uint64_t& out);

}  // namespace medal
