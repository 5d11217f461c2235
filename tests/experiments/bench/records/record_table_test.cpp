#include "experiments/bench/records/record_table.h"

#include "tests/support/catch.h"

using namespace medal;

namespace {

RecordTable table_of(const std::vector<RecordRow>& rows) {
  RecordTable table;
  for (const RecordRow& row : rows) put_row(table, row, {});
  return table;
}

}  // namespace

TEST_CASE("records read back as they were written") {
  const std::string csv = "commit,worlds,rate\nabc,32,91\ndef,32,\n";
  CHECK(records_to_csv(parse_records(csv)) == csv);
  CHECK(parse_records(csv).rows[1].at("rate").empty());
  CHECK(parse_records("").rows.empty());
  CHECK_THROWS(parse_records("commit,rate\nabc\n"));
}

TEST_CASE("a commit that is recorded again has its row replaced, in its place") {
  RecordTable table = table_of({{{"commit", "a"}, {"rate", "1"}}, {{"commit", "b"}, {"rate", "2"}}});
  put_row(table, {{"commit", "a"}, {"rate", "3"}}, {"b"});
  CHECK(records_to_csv(table) == "commit,rate\na,3\nb,2\n");
}

TEST_CASE("rows stand in the order of history, whenever they were recorded") {
  RecordTable table = table_of({{{"commit", "a"}, {"rate", "1"}}, {{"commit", "c"}, {"rate", "3"}}});
  put_row(table, {{"commit", "b"}, {"rate", "2"}}, {"d", "c"});
  put_row(table, {{"commit", "e"}, {"rate", "5"}}, {});
  CHECK(records_to_csv(table) == "commit,rate\na,1\nb,2\nc,3\ne,5\n");
}

TEST_CASE("a figure that is new, or no longer given, leaves a gap in the other rows") {
  RecordTable table = table_of({{{"commit", "a"}, {"old", "1"}}});
  put_row(table, {{"commit", "b"}, {"new", "2"}}, {});
  CHECK(records_to_csv(table) == "commit,old,new\na,1,\nb,,2\n");
}

TEST_CASE("numbers have four significant digits in records and three on pages") {
  CHECK(record_number(92374.889) == "92375");
  CHECK(record_number(16.2487) == "16.25");
  CHECK(record_number(0.00061511) == "0.0006151");
  CHECK(page_number(92374.889) == "92.4 k");
  CHECK(page_number(258'400) == "258 k");
  CHECK(page_number(999'700) == "1.00 M");
  CHECK(page_number(16.2487) == "16.2");
  CHECK(page_number(1.6) == "1.60");
  CHECK(page_number(0.9826) == "0.983");
  CHECK(page_number(298.36) == "298");
  CHECK(page_number(999.7) == "1.00 k");
}
