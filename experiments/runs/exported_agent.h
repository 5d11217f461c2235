#pragma once

#include <filesystem>
#include <string>
#include <utility>

namespace medal {

/// A trained agent apart from its run, as `medal export` writes it and as some ship in agents/pretrained/:
///   agent.medal   network, config, curriculum and counters (save_agent)
///   card.json     where it comes from, how it scores, how it was made (export_card.h)
///   README.md     the same for a person
class ExportedAgent {
 public:
  /// Names the folder; touches nothing.
  explicit ExportedAgent(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path agent() const { return path_ / "agent.medal"; }
  std::filesystem::path card() const { return path_ / "card.json"; }
  std::filesystem::path readme() const { return path_ / "README.md"; }

  /// Whether an agent is there.
  bool exists() const;
  /// Throws UserError unless the folder is not there, is empty, or holds an exported agent and nothing else.
  void check_replaceable() const;

 private:
  std::filesystem::path path_;
};

/// Where agents ship, below the repository's root.
inline constexpr const char* kPretrainedFolder = "agents/pretrained";

/// The folder of the agent that a person meets who names none: the most skilled one that ships below `root` (medal,
/// else quick). Empty where there is none.
std::filesystem::path shipped_agent(const std::filesystem::path& root);
/// The same below the working folder, else below a folder that this program lies in.
std::filesystem::path shipped_agent();
/// The folder of the shipped agent of that name, looked for in the same places. Empty where there is none.
std::filesystem::path shipped_agent_called(const std::string& name);

}  // namespace medal
