#include "experiments/verbs/command_line.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstring>
#include <exception>
#include <new>
#include <string>

#include "agents/ranks/lost_rank.h"
#include "experiments/processes/command_text.h"
#include "experiments/processes/local_ranks.h"
#include "sim/base/error.h"
#include "sim/base/nearest_name.h"

namespace medal {
namespace {

constexpr int kUserMistake = 2;

/// CLI11 would only say that a verb is required.
void check_verb(const CLI::App& app, const Program& program) {
  if (program.arguments.empty() || program.arguments.front().starts_with('-')) return;
  const std::string& given = program.arguments.front();
  std::vector<std::string> names;
  for (const CLI::App* verb : app.get_subcommands(nullptr)) names.push_back(verb->get_name());
  if (std::find(names.begin(), names.end(), given) == names.end())
    throw UserError("there is no verb '" + given + "'; the nearest is '" + nearest_name(given, names) + "', see '" +
                    app.get_name() + " --help'");
}

/// What was printed has reached whoever wanted it; a reader that has gone wants no more.
bool is_delivered(const std::string& name) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return true;
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  if (::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0) return true;
  std::fprintf(stderr, "%s: not all could be written to standard output; is the disk full?\n", name.c_str());
  return false;
}

/// LibTorch has an error of its own for it, which only its words tell.
bool is_out_of_memory(const std::exception& error) {
  return dynamic_cast<const std::bad_alloc*>(&error) != nullptr ||
         std::strstr(error.what(), "can't allocate memory") != nullptr;
}

}  // namespace

int run_command_line(CLI::App& app, std::span<const Verb> verbs, int argc, char** argv) {
  ::signal(SIGPIPE, SIG_IGN);  // a closed window or pipe must not end the work
  app.require_subcommand(1);
  Program program{{argv + 1, argv + argc}};
  for (const Verb& verb : verbs) verb.add(app, program);
  const std::string name = app.get_name();
  if (name == "medal") note_medal_command(argv[0]);
  try {
    check_verb(app, program);
    app.parse(argc, argv);
    return is_delivered(name) || program.exit_code != 0 ? program.exit_code : 1;
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return app.exit(error);  // --help, --version
    std::fprintf(stderr, "%s: %s; see '%s %s--help'\n", name.c_str(), error.what(), name.c_str(),
                 app.get_subcommands().empty() ? "" : (app.get_subcommands().front()->get_name() + " ").c_str());
    return kUserMistake;
  } catch (const UserError& error) {
    std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
    return kUserMistake;
  } catch (const LostRank& error) {
    // Beside local ranks the one that failed has spoken; elsewhere its words may be on another machine.
    if (!is_local_rank()) std::fprintf(stderr, "%s: %s\n", name.c_str(), error.what());
    return kLostRankExitCode;
  } catch (const std::exception& error) {
    if (is_out_of_memory(error)) {
      std::fprintf(stderr, "%s: there is not enough memory; end other programs, or raise the limit (ulimit -v)\n",
                   name.c_str());
      return 1;
    }
    // LibTorch's messages go on with a stack trace.
    std::fprintf(stderr, "%s: internal error: %s\n", name.c_str(), first_line(error).c_str());
    return 1;
  }
}

}  // namespace medal
