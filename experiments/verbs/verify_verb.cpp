#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>

#include "agents/recordings/damaged_file.h"
#include "agents/recordings/replay.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "experiments/training/verify_run.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/error.h"

namespace medal {
namespace {

namespace fs = std::filesystem;

struct VerifyOptions {
  std::string what;
  std::optional<std::int64_t> from, to;
};

int differs(const std::string& what) {
  tell("does not verify: {}\n", what);
  return 1;
}

std::string hit_text(const RayHit& hit) {
  std::string text =
      hit.solid_distance < 0 ? "no solid" : fmt::format("{} at {:.2f} m", name_of(hit.solid), hit.solid_distance);
  if (hit.goal >= 0) text += fmt::format(", goal {} at {:.2f} m", hit.goal, hit.goal_distance);
  if (hit.avatar_distance >= 0) text += fmt::format(", the expert at {:.2f} m", hit.avatar_distance);
  return text;
}

int verify_replay(const fs::path& file) {
  const Replay replay = load_replay(file);
  const double rate = static_cast<double>(replay.spec.parameters.control_rate);
  const auto [state, ray] = find_differences(replay);
  if (ray)
    return differs(fmt::format("played again ray {} of learner {} meets {} after step {} ({:.2f} s), not {}", ray->ray,
                               ray->learner, hit_text(ray->met), ray->step, ray->step / rate, hit_text(ray->recorded)));
  if (state >= 0)
    return differs(fmt::format("played again it differs first after step {} of {} ({:.2f} s)", state + 1,
                               replay.steps(), (state + 1) / rate));
  tell("verified: {} steps come out as recorded, state by state, {}\n", replay.steps(),
       replay.rays ? fmt::format("and what {} rays met", replay.rays->hits.size())
                   : "but it holds nothing that rays met");
  return 0;
}

/// The one with that many steps; its message names those that there are.
fs::path checkpoint_at(const RunFolder& run, std::int64_t steps, const char* option) {
  std::string there;
  for (const fs::path& file : run.checkpoint_files()) {
    if (file == run.checkpoint_file(steps)) return file;
    there += (there.empty() ? "" : ", ") + std::to_string(std::atoll(file.stem().c_str()));
  }
  throw UserError(fmt::format("{} {}: the run keeps no checkpoint of that many steps; there are {}", option, steps,
                              there.empty() ? "none" : there));
}

/// Null: the run's start. By default the checkpoint before the end.
std::optional<Checkpoint> begin_of(const RunFolder& run, const VerifyOptions& options, const fs::path& end) {
  if (options.from && *options.from == 0) return std::nullopt;
  if (options.from) return Checkpoint(checkpoint_at(run, *options.from, "--from"));
  const std::vector<fs::path> files = run.checkpoint_files();
  const auto found = std::find(files.begin(), files.end(), end);
  if (found == files.begin()) return std::nullopt;
  return Checkpoint(*(found - 1));
}

int verify_run(const RunFolder& run, const VerifyOptions& options, const std::vector<std::string>& arguments) {
  const std::vector<fs::path> files = run.checkpoint_files();
  if (files.empty()) throw UserError("'" + run.path().string() + "' keeps no checkpoint to verify");
  const Checkpoint end(options.to ? checkpoint_at(run, *options.to, "--to") : files.back());
  if (!end.has_live_state())
    throw UserError("'" + end.file().string() + "' was saved after a rank was lost, and holds no episodes; " +
                    "verify up to another with --to");
  if (end.rank_count() > 1 && !is_local_rank()) return run_local_ranks(end.rank_count(), arguments);
  const std::optional<Checkpoint> begin = begin_of(run, options, end.file());
  const std::int64_t from = begin ? steps_of(*begin) : 0, to = steps_of(end);
  if (from >= to) throw UserError("--from must lie before --to");
  const auto communicator = make_communicator();
  const std::string difference = first_difference({begin ? &*begin : nullptr, end, run}, *communicator);
  if (communicator->rank() != 0) return 0;
  if (!difference.empty())
    return differs(
        fmt::format("trained again from {} to {} steps, what differs first is {}; it was altered, or trained "
                    "by another build or on a processor with other vectors",
                    from, to, difference));
  tell(
      "verified: trained again from {} to {} steps on {} rank{}, log and checkpoint come out the same to the last bit "
      "(parameters {:016x})\n",
      from, to, end.rank_count(), end.rank_count() == 1 ? "" : "s", end.parameter_hash());
  return 0;
}

int verify(VerifyOptions options, const std::vector<std::string>& arguments) {
  std::error_code ignored;
  const fs::path path = options.what;
  const bool is_file = fs::is_regular_file(path, ignored);
  try {
    if (is_file && path.extension() == kReplayExtension) return verify_replay(path);
    if (!is_file) return verify_run(find_run(options.what), options, arguments);
    const Checkpoint checkpoint(path);
    const RunFolder run(fs::absolute(path).parent_path().parent_path());
    if (run.checkpoints() != fs::absolute(path).parent_path())
      throw UserError("'" + path.string() + "' lies in no run: it is whole, but how it was trained cannot be told");
    options.to = steps_of(checkpoint);
    return verify_run(run, options, arguments);
  } catch (const DamagedFile& error) {
    return differs(error.what());
  }
}

}  // namespace

void add_verify(CLI::App& app, Program& program) {
  CLI::App* verb = app.add_subcommand(
      "verify", "Play a replay, or train a stretch of a run, again: is it the same to the last bit?");
  auto options = std::make_shared<VerifyOptions>();
  verb->add_option("what", options->what, "A .replay, a run's name or folder, or one of its checkpoints")->required();
  add_number(*verb, "--to", options->to,
             {"", "", 1, 1e15, "Up to the run's checkpoint after so many learner steps; default: the newest"});
  add_number(*verb, "--from", options->from,
             {"", "", 0, 1e15, "From that one on, 0 for the run's start; default: the one before"});
  verb->callback([options, &program] { program.exit_code = verify(*options, program.arguments); });
}

}  // namespace medal
