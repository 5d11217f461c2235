#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace medal {

/// What one commit measured: names and values as they stand in the file, in the order of the columns.
using RecordRow = std::vector<std::pair<std::string, std::string>>;

/// A file of records: a header, then one line a commit, with commas between. Older rows have nothing in columns that
/// came later.
struct RecordTable {
  std::vector<std::string> columns;  ///< "commit" first
  std::vector<std::map<std::string, std::string>> rows;
};

/// Throws std::runtime_error where a line has more or fewer values than the header.
RecordTable parse_records(const std::string& csv);
std::string records_to_csv(const RecordTable& table);

/// Puts a row in: in place of that of the same commit, else before the first row whose commit is among `later`, else at
/// the end. Columns that are new come after the old ones.
void put_row(RecordTable& table, const RecordRow& row, const std::vector<std::string>& later);

/// As numbers stand in records: four significant digits or whole numbers.
std::string record_number(double value);
/// As numbers stand on pages: three significant digits, thousands as k, millions as M.
std::string page_number(double value);

}  // namespace medal
