#include "experiments/bench/records/record.h"

#include "experiments/bench/records/processor_family.h"
#include "experiments/processes/child_process.h"
#include "sim/base/simd_path.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

namespace {

/// A clone with one commit.
struct Clone {
  Clone() {
    git({"init", "-q"});
    commit("first");
  }
  void git(const std::vector<std::string>& arguments) const {
    std::vector<std::string> command = {"git",
                                        "-C",
                                        path().string(),
                                        "-c",
                                        "user.name=A",
                                        "-c",
                                        "user.email=a@example.org",
                                        "-c",
                                        "commit.gpgsign=false",
                                        "-c",
                                        "init.defaultBranch=main"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ChildResult result = run_child(command);
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
  }
  void write(const std::string& name, const std::string& content) const { std::ofstream(path() / name) << content; }
  void commit(const std::string& content) const {
    write("code.cpp", content);
    git({"add", "."});
    git({"commit", "-q", "-m", content});
  }
  const std::filesystem::path& path() const { return folder.path; }

  TemporaryFolder folder{"record"};
};

}  // namespace

TEST_CASE("a record goes to the file of processor family, vector path and suite, by the commit's name") {
  const Clone clone;
  const Record record = find_record(clone.path(), "sim");
  const std::string folder = processor_family() + "_" + std::string(simd_path_name(best_simd_path()));
  CHECK(record.file == clone.path() / "experiments/results/bench" / folder / "sim.csv");
  CHECK(record.commit.size() == 12);
  CHECK(record.later.empty());
  write_record(record, {{"rate", "1"}});
  write_record(record, {{"rate", "2"}});
  CHECK(content_of(record.file) == "commit,rate\n" + record.commit + ",2\n");
}

TEST_CASE("an older commit that is recorded later has its row before those that follow it") {
  const Clone clone;
  const std::string first = find_record(clone.path(), "sim").commit;
  clone.commit("second");
  const Record second = find_record(clone.path(), "sim");
  write_record(second, {{"rate", "2"}});
  clone.git({"checkout", "-q", "HEAD~1"});
  const Record again = find_record(clone.path(), "sim");
  CHECK(again.commit == first);
  CHECK(again.later == std::vector<std::string>{second.commit});
  write_record(again, {{"rate", "1"}});
  CHECK(content_of(again.file) == "commit,rate\n" + first + ",1\n" + second.commit + ",2\n");
}

TEST_CASE("a record brings the page of performance up to date") {
  const Clone clone;
  std::filesystem::create_directory(clone.path() / "docs");
  const std::string folder = processor_family() + "_" + std::string(simd_path_name(best_simd_path()));
  const auto page = [&](const char* median) {
    return "<!-- from experiments/results/bench/" + folder + " -->\n| figure | median |\n|---|---|\n| `sim.rate` | " +
           median + " |\n<!-- end -->\n";
  };
  clone.write("docs/performance.md", page("?"));
  clone.commit("with a page");
  write_record(find_record(clone.path(), "sim"), {{"sim.rate", "2"}, {"sim.rate.min", "1"}, {"sim.rate.max", "3"}});
  CHECK(content_of(clone.path() / "docs/performance.md") == page("2.00 (1.00 .. 3.00)"));
  CHECK_NOTHROW(find_record(clone.path(), "lidar"));
}

TEST_CASE("what is not the commit's code is not recorded as the commit's") {
  const Clone clone;
  write_record(find_record(clone.path(), "sim"), {{"rate", "1"}});
  CHECK_NOTHROW(find_record(clone.path(), "lidar"));  // the records themselves may wait for their commit
  clone.write("new.cpp", "int x;");
  CHECK(user_error_of([&] { find_record(clone.path(), "sim"); }).find("new.cpp); commit or stash") !=
        std::string::npos);
  std::filesystem::remove(clone.path() / "new.cpp");
  clone.write("code.cpp", "changed");
  CHECK(user_error_of([&] { find_record(clone.path(), "sim"); }).find("code.cpp); commit or stash") !=
        std::string::npos);
}

TEST_CASE("a record is refused where there is no clone of the project") {
  const TemporaryFolder folder("record_nowhere");
  CHECK(user_error_of([&] { find_record(folder.path, "sim"); }).find("record in a clone") != std::string::npos);
  CHECK(user_error_of([&] { find_record("", "sim"); }).find("run it by ./medal") != std::string::npos);
  const Clone other;
  std::filesystem::create_directory(other.path() / "unpacked");
  CHECK(user_error_of([&] { find_record(other.path() / "unpacked", "sim"); }).find("unpacked is no clone") !=
        std::string::npos);
}
