#include "experiments/runs/exported_agent.h"

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

fs::path shipped_agent(const fs::path& root) {
  for (const char* name : {"medal", "quick"}) {
    const ExportedAgent agent(root / kPretrainedFolder / name);
    if (agent.exists()) return agent.path();
  }
  return {};
}

fs::path shipped_agent() {
  if (fs::path here = shipped_agent(fs::path()); !here.empty()) return here;
  std::error_code ignored;
  fs::path root = fs::read_symlink("/proc/self/exe", ignored);
  while (root.has_relative_path()) {
    root = root.parent_path();
    if (fs::path found = shipped_agent(root); !found.empty()) return found;
  }
  return {};
}

}  // namespace medal
