#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/bench/records/record_table.h"

namespace medal {

/// Where `medal bench NAME --record` writes, and as which commit's.
struct Record {
  std::filesystem::path root;  ///< of the project
  std::filesystem::path file;  ///< ROOT/experiments/results/bench/FAMILY_PATH/SUITE.csv
  std::string commit;
  std::vector<std::string> later;  ///< the commits that follow it on any branch
};

/// The first digits of the commit in the project's root, which is asked of git. Throws UserError: an empty root, no git
/// there, files other than `may_differ` that are not the commit's.
std::string clean_commit(const std::filesystem::path& root, const std::vector<std::string>& may_differ);

/// Throws UserError as clean_commit does; the records and the page that shows them may differ.
Record find_record(const std::filesystem::path& root, const std::string& suite);

/// Adds the row, or replaces that of the same commit, and brings the tables of docs/performance.md up to date. "commit"
/// comes first by itself.
void write_record(const Record& record, RecordRow row);

}  // namespace medal
