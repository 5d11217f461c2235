#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "agents/checkpoint/checkpoint.h"
#include "curriculum/curriculum.h"
#include "experiments/config/config_file.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "experiments/training/progress.h"
#include "experiments/verbs/verbs.h"
#include "sim/episode/observation.h"

namespace medal {
namespace {

void print_network(const LoadedAgent& agent) {
  const NetworkOptions& n = agent.config.network;
  tell("network      {} parameters: {} x {} encoder, memory {} of {}, action head {}\n", agent.agent.parameter_count(),
       n.encoder_layers, n.encoder_size, memory_names()[static_cast<std::size_t>(n.memory)], n.memory_size,
       kActionHeadNames[static_cast<std::size_t>(n.action_head)]);
}

void print_curriculum(const CheckpointHeader& header, const Config& config) {
  Curriculum curriculum(config.curriculum, config.adr, config.task, config.environment.learners_per_world,
                        std::max(1, config.run.learners / config.environment.learners_per_world), 0);
  curriculum.from_json(header.curriculum_json);
  for (const AdrRange& range : curriculum.adr().ranges())
    tell("ADR          {:<22} {:g} .. {:g}\n", range.knob, range.low, range.high);
}

void print_observation(const LidarOptions& lidar) {
  const ObservationLayout layout = observation_layout(lidar);
  tell("observation  {} numbers:\n", layout.size);
  for (const ObservationSlice& slice : layout.slices)
    tell("             {:>5} +{:<5} {:<26} {:g} .. {:g} {}\n", slice.offset, slice.length, slice.name,
         static_cast<double>(slice.low), static_cast<double>(slice.high), slice.unit);
}

void info(const std::string& name, bool with_config) {
  const Checkpoint checkpoint = open_checkpoint(name);
  if (with_config) {
    tell("{}", checkpoint.header().config_toml);
    return;
  }
  const LoadedAgent agent = load_agent(checkpoint, {});
  tell("checkpoint   {}\n", agent.file.string());
  tell("written by   medal {}, format {}\n", checkpoint.header().program_version, checkpoint.header().version);
  tell("trained      {} of {} learner steps in {}, {} learners, {} rank{}, seed {}\n", agent.steps,
       agent.config.run.steps, duration_text(agent.elapsed_seconds), agent.config.run.learners, checkpoint.rank_count(),
       checkpoint.rank_count() == 1 ? "" : "s", agent.config.run.seed);
  if (const std::string& begun = agent.config.program.initial_agent; !begun.empty()) tell("begun from   {}\n", begun);
  if (!checkpoint.can_go_on())
    tell("exported     the agent alone: train another from it with --from, --resume needs a run\n");
  tell("parameters   hash {:016x}\n", checkpoint.parameter_hash());
  print_network(agent);
  print_curriculum(checkpoint.header(), agent.config);
  print_observation(agent.config.environment.lidar);
}

}  // namespace

void add_info(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("info", "Say what a run or checkpoint holds");
  auto name = std::make_shared<std::string>();
  auto with_config = std::make_shared<bool>(false);
  verb->add_option("agent", *name, "A run's folder or name, an exported agent's folder, or a .medal checkpoint")
      ->required();
  verb->add_flag("--config", *with_config, "Print the resolved config instead");
  verb->callback([name, with_config] { info(*name, *with_config); });
}

}  // namespace medal
