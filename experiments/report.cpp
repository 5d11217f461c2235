#include "experiments/report.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>

#include "experiments/child_process.h"
#include "sim/atomic_file.h"

namespace medal {
namespace {

/// The script's exit code where it cannot import what it needs.
constexpr int kNoMatplotlib = 3;
constexpr int kNotStarted = 127;
constexpr int kUserMistake = 2;

/// The script in a folder of its own: Python looks for modules beside a script, and in /tmp it could find anything.
class ScriptFile {
 public:
  ScriptFile() {
    std::error_code error;
    std::string name = (std::filesystem::temp_directory_path(error) / "medal-report-XXXXXX").string();
    if (error) throw UserError("TMPDIR names no folder; unset it or name one that you may write to");
    if (::mkdtemp(name.data()) == nullptr) throw cannot_write(name, errno);
    folder_ = name;
    try {
      write_file_atomically(path(), learning_curves_script());
    } catch (...) {
      remove();
      throw;
    }
  }
  ~ScriptFile() { remove(); }
  ScriptFile(const ScriptFile&) = delete;
  ScriptFile& operator=(const ScriptFile&) = delete;

  std::filesystem::path path() const { return folder_ / "learning_curves.py"; }

 private:
  void remove() const {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::filesystem::path folder_;
};

/// The one line that says what went wrong; a Python traceback has it last.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

}  // namespace

void write_report(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out) {
  MEDAL_CHECK(!runs.empty());
  const ScriptFile script;
  // "--" keeps a run whose name begins with a dash from being taken for an option.
  std::vector<std::string> command = {"", script.path().string()};
  if (!out.empty()) command.push_back("--out=" + out.string());
  command.push_back("--");
  for (const std::filesystem::path& run : runs) command.push_back(run.string());

  // The distribution's Python has its packages; another that comes first in PATH may not.
  for (const char* python : {"/usr/bin/python3", "python3"}) {
    command[0] = python;
    const ChildResult result = run_child(command);
    if (result.exit_code == 0) return;
    if (result.exit_code == kNotStarted || result.exit_code == kNoMatplotlib) continue;
    if (result.exit_code == kUserMistake) throw UserError(last_line(result.errors));
    throw UserError("the report cannot be drawn: " + last_line(result.errors) +
                    "; run experiments/plots/learning_curves.py on the run folder to see more");
  }
  throw UserError("the report cannot be drawn without python3 and matplotlib; install python3-matplotlib");
}

}  // namespace medal
