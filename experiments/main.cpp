#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>

#include "agents/learning/communicator.h"
#include "experiments/local_ranks.h"
#include "experiments/verbs/verbs.h"
#include "sim/error.h"
#include "sim/nearest_name.h"

namespace {

constexpr int kUserMistake = 2;

/// CLI11 would only say that a verb is required.
void check_verb(const CLI::App& app, const medal::Program& program) {
  if (program.arguments.empty() || program.arguments.front().starts_with('-')) return;
  const std::string& given = program.arguments.front();
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) names.push_back(verb->get_name());
  if (std::find(names.begin(), names.end(), given) == names.end())
    throw medal::UserError("there is no verb '" + given + "'; the nearest is '" + medal::nearest_name(given, names) +
                           "', see 'medal --help'");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Medal: cultural transmission in reinforcement learning", "medal");
  app.set_version_flag("--version", MEDAL_VERSION);
  app.require_subcommand(1);
  medal::Program program{{argv + 1, argv + argc}};
  for (const medal::Verb& verb : medal::verbs()) verb.add(app, program);
  try {
    check_verb(app, program);
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
  } catch (const medal::LostRank& error) {
    // Beside local ranks the one that failed has spoken; elsewhere its words may be on another machine.
    if (!medal::is_local_rank()) std::fprintf(stderr, "medal: %s\n", error.what());
    return medal::kLostRankExitCode;
  } catch (const std::exception& error) {
    // LibTorch's messages go on with a stack trace.
    const std::string text = error.what();
    std::fprintf(stderr, "medal: internal error: %s\n", text.substr(0, text.find('\n')).c_str());
    return 1;
  }
}
