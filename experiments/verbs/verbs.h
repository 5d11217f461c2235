#pragma once

#include <span>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace medal {

/// What the verbs share with `main`.
struct Program {
  std::vector<std::string> arguments;  ///< as given, without the program's name
  int exit_code = 0;
};

/// One verb of the command line: `add` declares its options and what runs it. What runs may throw UserError, and sets
/// the exit code where it is not 0.
struct Verb {
  void (*add)(CLI::App& app, Program& program);
};

std::span<const Verb> verbs();

void add_train(CLI::App& app, Program& program);
void add_eval(CLI::App& app, Program& program);
void add_info(CLI::App& app, Program& program);
void add_export(CLI::App& app, Program& program);
void add_bench(CLI::App& app, Program& program);
void add_task(CLI::App& app, Program& program);
void add_report(CLI::App& app, Program& program);
void add_ablate(CLI::App& app, Program& program);
void add_speedrun(CLI::App& app, Program& program);
void add_card(CLI::App& app, Program& program);
void add_verify(CLI::App& app, Program& program);

}  // namespace medal
