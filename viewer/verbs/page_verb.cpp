#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/processes/tell.h"
#include "sim/base/atomic_file.h"
#include "viewer/page/page.h"
#include "viewer/verbs/viewer_verbs.h"
#include "viewer/verbs/window_options.h"

namespace medal {
namespace {

struct PageArguments {
  std::string file, agent, out;
};

void make_page(const PageArguments& arguments) {
  check_output_file("--out", arguments.out, kPageBegin);
  const ReplaySession session(load_replay(arguments.file), open_agent_if_named(arguments.agent));
  const std::string page = replay_page(session);
  write_file_atomically(arguments.out, page);
  tell("{}  {:.1f} s, {:.0f} kB\n", arguments.out, session.total_seconds(), static_cast<double>(page.size()) / 1e3);
}

}  // namespace

void add_page(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("page", "Make of a recorded game one HTML file, for any browser");
  auto arguments = std::make_shared<PageArguments>();
  verb->add_option("file", arguments->file, "The replay")->required();
  verb->add_option("--agent", arguments->agent,
                   "Run, checkpoint or exported agent: the page shows what it makes of the recording");
  verb->add_option("--out", arguments->out, "File to write, .html")->required();
  verb->callback([arguments] { make_page(*arguments); });
}

}  // namespace medal
