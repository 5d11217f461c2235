#include <algorithm>
#include <fstream>
#include <set>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"
#include "tests/support/program_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

/// A training of a second: 30,720 steps.
std::vector<std::string> training(const std::string& run, const std::vector<std::string>& more = {}) {
  std::vector<std::string> all = {"--steps", "30e3", "--ranks", "1", "--set", "evaluation.tasks=2"};
  all.insert(all.end(), more.begin(), more.end());
  return tiny_training(run, all);
}

/// Runs a shell's line in the folder, where `medal` is the program. Its stderr, then its stdout.
ChildResult shell(const fs::path& folder, const std::string& line) {
  const std::string before = "cd '" + folder.string() + "'; export MEDAL_COMMAND=medal; medal() { '" +
                             program_path().string() + "' \"$@\"; }; ";
  ChildResult result = run_child({"/bin/bash", "-c", before + "{ " + line + "\n} > stdout.txt"});
  result.errors += content_of(folder / "stdout.txt");
  return result;
}

const std::string kTraining =
    "train --config smoke --ranks 1 --steps 30e3 --set evaluation.tasks=2 --set run.report=false";

void check_says(const ChildResult& result, int exit_code, const std::string& words) {
  INFO(result.errors);
  CHECK(result.exit_code == exit_code);
  CHECK(result.errors.find(words) != std::string::npos);
}

}  // namespace

TEST_CASE("a run's name means the run, whatever else is called so") {
  const TemporaryFolder folder("names");
  fs::create_directories(folder.path / "medal");
  std::ofstream(folder.path / "docs") << "no run";
  REQUIRE(run_medal(folder.path, training("medal")).exit_code == 0);
  REQUIRE(run_medal(folder.path, training("docs")).exit_code == 0);
  for (const char* name : {"medal", "docs"})
    check_says(shell(folder.path, std::string("medal info ") + name), 0, std::string("runs/") + name + "/checkpoints/");
  check_says(shell(folder.path, "medal eval medal --tasks 1e0"), 0, "runs/medal/checkpoints/");
}

TEST_CASE("names made by the program do not collide, and commands that it prints can be pasted") {
  const TemporaryFolder folder("pasted");
  check_says(shell(folder.path, "for i in 1 2 3; do medal " + kTraining + " > $i.txt & done; wait; ls runs"), 0,
             "smoke\nsmoke-2\nsmoke-3\n");
  check_says(shell(folder.path, "medal " + kTraining +
                                    " --run \"it's \\\"odd\\\" \\\\x\" | tail -n 1 > next.txt; "
                                    "eval \"$(sed 's/next  *//; s/   .*//' next.txt)\""),
             0, "CT, cultural transmission");
  check_says(shell(folder.path, "medal " + kTraining + " --run ''"), 2, "is not a plain name");
  check_says(shell(folder.path, "medal " + kTraining + " --run $'l\\xe4nger'"), 2, "UTF-8");
}

TEST_CASE("numbers are read alike by all verbs, and what is none is refused") {
  const TemporaryFolder folder("numbers");
  for (const char* number : {"''", "nan", "inf", "-1", "1e99", "x", "'1 2'"})
    for (const char* verb : {"train --steps", "train --ranks", "eval a --tasks", "eval a --seed", "task show --seed",
                             "bench sim --repeats", "ablate a.toml --minutes"})
      check_says(shell(folder.path, std::string("medal ") + verb + " " + number), 2, " must be a ");
  check_says(shell(folder.path, "medal task show --seed 1e3 > a; medal task show --seed 1000 | cmp a -"), 0, "");
}

TEST_CASE("a knob that is set holds for the held-out tasks too, and a key without effect is refused") {
  const TemporaryFolder folder("knobs");
  check_says(shell(folder.path, "medal task show --set task.goals=8"), 0, "8 goals");
  check_says(shell(folder.path, "medal task show --set learner.unroll=8"), 2, "would change nothing here");
  REQUIRE(run_medal(folder.path, training("a", {"--set", "run.minutes=0.001"})).exit_code == 0);
  REQUIRE(
      shell(folder.path, "medal train --config runs/a/config.toml --ranks 1 --run b --minutes 0.001 --set task.goals=4")
          .exit_code == 0);
  check_says(shell(folder.path, "grep -c '^goals = 4' runs/b/config.toml"), 0, "2\n");
  check_says(shell(folder.path, "medal train --resume --run a --ranks 1 --steps 50e3 --minutes 0.001"), 0,
             "run.schedule_steps=30000 keeps them");
}

TEST_CASE("what cannot be done is said before the training, and leaves nothing behind") {
  const TemporaryFolder folder("before");
  check_says(shell(folder.path, "medal " + kTraining + " --set evaluation.minimum_expert_score=1000"), 2,
             "lower evaluation.minimum_expert_score");
  CHECK(fs::is_empty(folder.path / "runs"));
}

TEST_CASE("what is named as an output stays what it is") {
  const TemporaryFolder folder("outputs");
  check_says(shell(folder.path,
                   "echo {} > real.json; ln -s real.json link.json; medal task export --out link.json && "
                   "test -L link.json && grep -o medal-task real.json"),
             0, "medal-task");
  check_says(shell(folder.path, "medal task export --out /dev/stdout"), 0, "medal-task");
  check_says(shell(folder.path, "echo '# mine' > notes.md; medal task export --out notes.md"), 2, "not replaced");
  check_says(shell(folder.path, "mkdir f; medal task export --out f"), 2, "this is a folder");
  check_says(shell(folder.path, "medal report a --out x.jpg"), 2, "end in .png");
  check_says(shell(folder.path, "medal task export > /dev/full"), 1, "not all could be written");
  check_says(shell(folder.path, "medal task export | head -c 1 > /dev/null; echo ${PIPESTATUS[0]}"), 0, "0\n");
}

TEST_CASE("several ranks read a config from a pipe") {
  const TemporaryFolder folder("piped");
  check_says(shell(folder.path,
                   "medal train --config <(printf 'extends = \"smoke\"\\n[run]\\nsteps = 2000\\nreport = "
                   "false\\n[evaluation]\\ntasks = 2\\n') --ranks 2 --run a"),
             0, "CT, cultural transmission");
}

TEST_CASE("every signal that asks a run to end saves it first") {
  const TemporaryFolder folder("signals");
  for (const char* signal : {"INT", "TERM", "HUP", "QUIT", "USR1", "USR2", "XCPU", "ALRM"}) {
    INFO(signal);
    const std::string name = std::string("of_") + signal;
    check_says(shell(folder.path, "timeout --foreground -s " + std::string(signal) + " 4 '" + program_path().string() +
                                      "' train --config smoke --ranks 2 --run " + name + " --steps 1e9; ls runs/" +
                                      name + "/checkpoints"),
               0, "saved after ");
  }
}

TEST_CASE("a rank that is killed ends the others, with what was learnt saved") {
  const TemporaryFolder folder("killed_rank");
  const std::string begin = "'" + program_path().string() +
                            "' train --config smoke --ranks 2 --run a --steps 1e9 --set run.checkpoint_minutes=100 "
                            "> log.txt 2>&1 & parent=$!; sleep 5; ";
  check_says(shell(folder.path, begin + "kill -9 $(pgrep -P $parent | head -n 1); wait $parent; ls runs/a/checkpoints"),
             0, ".medal");
  check_says(shell(folder.path, "medal train --resume --run a --ranks 2 --minutes 0.01"), 0,
             "its ranks lost each other");
}

TEST_CASE("what was trained verifies, and what was altered does not") {
  const TemporaryFolder folder("verified");
  REQUIRE(run_medal(folder.path, training("a", {"--set", "run.checkpoint_minutes=0.01"})).exit_code == 0);
  check_says(shell(folder.path, "medal verify a"), 0, "verified: trained again from ");
  check_says(shell(folder.path, "medal verify a --from 0"), 0, "verified: trained again from 0 to 30720 steps");
  check_says(shell(folder.path, "medal verify runs/a/replays/*.replay"), 0, "come out as recorded");
  check_says(
      shell(folder.path, "cp runs/a/replays/*.replay cut.replay; truncate -s -9 cut.replay; medal verify cut.replay"),
      1, "truncated or damaged");
  check_says(shell(folder.path,
                   "sed -i '$!s/\"wrong\":[0-9.e+-]*/\"wrong\":99/' runs/a/metrics.jsonl; medal verify a --from 0"),
             1, "wrong in metrics.jsonl at ");
}

TEST_CASE("a limit on memory that the program cannot be loaded within is told in one line") {
  const TemporaryFolder folder("limited");
  const std::string told = "medal: LibTorch cannot be loaded within ";
  int times_told = 0, exit_code = -1, megabytes = 350;
  while (exit_code != 0 && megabytes <= 3000) {
    megabytes += 50;
    const std::string limit = std::to_string(megabytes) + "000";
    const ChildResult result =
        shell(folder.path, "ulimit -v " + limit + "; exec '" + program_path().string() + "' --version");
    INFO(limit << " kB: " << result.errors);
    exit_code = result.exit_code;
    CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
    if (exit_code == 2) CHECK(result.errors.starts_with(told + limit + " kB"));
    if (exit_code == 2)
      ++times_told;
    else if (exit_code != 0)
      check_says(result, 127, "error while loading shared libraries");  // the loader's own line
  }
  CHECK(times_told > 0);
  CHECK(exit_code == 0);
  // At the limit at which it is loaded, it computes too.
  const std::string agent = (source_folder() / "agents/pretrained/quick").string();
  check_says(shell(folder.path, "ulimit -v " + std::to_string(megabytes) + "000; medal info " + agent), 0,
             "parameters");
}
