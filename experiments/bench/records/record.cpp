#include "experiments/bench/records/record.h"

#include <fstream>
#include <iterator>
#include <sstream>

#include "experiments/bench/records/performance_page.h"
#include "experiments/bench/records/processor_family.h"
#include "experiments/processes/child_process.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/simd_path.h"

namespace medal {
namespace {

constexpr const char* kRecords = "experiments/results/bench";
constexpr const char* kPage = "docs/performance.md";
constexpr const char* kCommitDigits = "12";

std::string first_line_of(const std::string& text) { return text.substr(0, text.find('\n')); }

/// What git prints.
std::string git(const std::filesystem::path& root, const std::vector<std::string>& arguments) {
  // run_child keeps stderr, so the shell sends stdout there too; arguments pass through it unread.
  std::vector<std::string> command = {"/bin/sh", "-c", "exec git -C \"$0\" \"$@\" >&2", root.string()};
  command.insert(command.end(), arguments.begin(), arguments.end());
  const ChildResult result = run_child(command);
  if (result.exit_code != 0)
    throw UserError("--record asks git which commit this is, which failed: " + first_line_of(result.errors) +
                    "; record in a clone of the project");
  return result.errors;
}

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::string clean_commit(const std::filesystem::path& root, const std::vector<std::string>& may_differ) {
  if (root.empty())
    throw UserError(
        "--record must know that the program is what the commit holds: run it by ./medal, which builds first");
  if (first_line_of(git(root, {"rev-parse", "--show-prefix"})) != "")
    throw UserError("--record: " + root.string() + " is no clone of its own; record in a clone of the project");
  std::vector<std::string> arguments = {"status", "--porcelain", "--", "."};
  for (const std::string& path : may_differ) arguments.push_back(":!" + path);
  const std::string changed = git(root, arguments);
  if (!changed.empty())
    throw UserError("--record: files differ from the commit (such as" + first_line_of(changed).substr(2) +
                    "); commit or stash them first");
  return first_line_of(git(root, {"rev-parse", "--short=" + std::string(kCommitDigits), "HEAD"}));
}

Record find_record(const std::filesystem::path& root, const std::string& suite) {
  Record record;
  record.commit = clean_commit(root, {kRecords, kPage});
  record.root = root;
  record.file =
      root / kRecords / (processor_family() + "_" + std::string(simd_path_name(best_simd_path()))) / (suite + ".csv");
  record.later = lines_of(git(root, {"rev-list", "--abbrev-commit", "--abbrev=" + std::string(kCommitDigits), "--all",
                                     "--ancestry-path", "^HEAD"}));
  return record;
}

void write_record(const Record& record, RecordRow row) {
  row.insert(row.begin(), {"commit", record.commit});
  RecordTable table = parse_records(read(record.file));
  put_row(table, row, record.later);
  std::filesystem::create_directories(record.file.parent_path());
  write_file_atomically(record.file, records_to_csv(table));
  if (const auto page = record.root / kPage; std::filesystem::exists(page))
    write_file_atomically(page, with_records(read(page), record.root));
}

}  // namespace medal
