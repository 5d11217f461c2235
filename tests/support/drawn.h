#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "experiments/processes/child_process.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"

namespace medal {

/// Runs tests/support/drawn.py, which writes what it finds into `folder`, and reads NAME.json there.
inline nlohmann::json run_drawn(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                                const std::string& name) {
  std::vector<std::string> command = {"/usr/bin/python3", (source_folder() / "tests/support/drawn.py").string(),
                                      folder.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ChildResult result = run_child(command);
  INFO(result.errors);
  REQUIRE(result.exit_code == 0);
  return nlohmann::json::parse(content_of(folder / (name + ".json")));
}

/// What a script of experiments/plots draws into the picture NAME.png: its axes, as tests/support/drawn.py describes.
inline nlohmann::json drawn_by(const std::filesystem::path& folder, const std::string& script,
                               const std::vector<std::string>& arguments, const std::string& name) {
  std::vector<std::string> all = {(source_folder() / "experiments/plots" / script).string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return run_drawn(folder, all, name);
}

/// Pixels of a PNG that have exactly this colour, "#rrggbb".
inline int pixels_of(const std::filesystem::path& picture, const std::string& colour) {
  const TemporaryFolder folder("colours");
  return run_drawn(folder.path, {"--colours", picture.string()}, "colours").value(colour, 0);
}

/// The one whose `key` is `text`; fails the test where there is none.
inline nlohmann::json one_with(const nlohmann::json& list, const std::string& key, const std::string& text) {
  for (const nlohmann::json& item : list)
    if (item.at(key) == text) return item;
  FAIL("none has the " << key << " '" << text << "' in " << list.dump().substr(0, 2000));
  return {};
}

}  // namespace medal
