#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>

#include "experiments/verbs/verbs.h"
#include "sim/error.h"

namespace {

constexpr int kUserMistake = 2;

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Medal: cultural transmission in reinforcement learning", "medal");
  app.set_version_flag("--version", MEDAL_VERSION);
  app.require_subcommand(1);
  medal::Program program{{argv + 1, argv + argc}};
  for (const medal::Verb& verb : medal::verbs()) verb.add(app, program);
  try {
    app.parse(argc, argv);
    return program.exit_code;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::fprintf(stderr, "medal: %s; see 'medal %s--help'\n", error.what(),
                 app.get_subcommands().empty() ? "" : (app.get_subcommands().front()->get_name() + " ").c_str());
    return kUserMistake;
  } catch (const medal::UserError& error) {
    std::fprintf(stderr, "medal: %s\n", error.what());
    return kUserMistake;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "medal: internal error: %s\n", error.what());
    return 1;
  }
}
