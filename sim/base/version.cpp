#include "sim/base/version.h"

#include "sim/base/shown_text.h"

namespace medal {

std::string program_version() { return MEDAL_VERSION; }

std::string writer_text(const std::string& writer) {
  const std::string who = writer.empty() ? "another version of medal" : "medal " + shown_text(writer);
  return "; " + who + " wrote it, this is medal " + program_version() + ": use the version that wrote it";
}

}  // namespace medal
