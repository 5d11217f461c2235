#include "experiments/runs/exported_agent.h"

#include <vector>

#include "sim/base/error.h"

namespace medal {

namespace fs = std::filesystem;

bool ExportedAgent::exists() const {
  std::error_code ignored;
  return fs::is_regular_file(agent(), ignored);
}

void ExportedAgent::check_replaceable() const {
  std::error_code error;
  if (!fs::exists(path_, error)) return;
  if (!fs::is_directory(path_, error))
    throw UserError("'" + path_.string() + "' is no folder; name one that an agent can be exported to");
  for (const auto& entry : fs::directory_iterator(path_, error)) {
    const fs::path& found = entry.path();
    const bool ours = found == agent() || found == card() || found == readme();
    if (!ours || !exists())
      throw UserError("'" + path_.string() + "' holds something else than an exported agent (" +
                      found.filename().string() + "); choose another folder");
  }
  if (error)
    throw UserError("'" + path_.string() + "' cannot be looked into: " + error.message() + "; choose another folder");
}

namespace {

/// Where agents may ship: the working folder, then those that this program lies in.
std::vector<fs::path> roots() {
  std::vector<fs::path> all = {fs::path()};
  std::error_code ignored;
  fs::path folder = fs::read_symlink("/proc/self/exe", ignored);
  while (folder.has_relative_path()) all.push_back(folder = folder.parent_path());
  return all;
}

fs::path shipped_below(const fs::path& root, const std::string& name) {
  const ExportedAgent agent(root / kPretrainedFolder / name);
  return agent.exists() ? agent.path() : fs::path();
}

}  // namespace

fs::path shipped_agent(const fs::path& root) {
  for (const char* name : {"medal", "quick"})
    if (fs::path found = shipped_below(root, name); !found.empty()) return found;
  return {};
}

fs::path shipped_agent() {
  for (const fs::path& root : roots())
    if (fs::path found = shipped_agent(root); !found.empty()) return found;
  return {};
}

fs::path shipped_agent_called(const std::string& name) {
  for (const fs::path& root : roots())
    if (fs::path found = shipped_below(root, name); !found.empty()) return found;
  return {};
}

}  // namespace medal
