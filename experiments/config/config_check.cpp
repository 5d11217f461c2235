#include "experiments/config/config_check.h"

#include <algorithm>

#include "agents/config/config_value.h"
#include "experiments/config/config_knobs.h"
#include "sim/base/option_error.h"

namespace medal {
namespace {

class Checker {
 public:
  Checker(const Config& config, const Origins& origins) : config_(config), origins_(origins) {}
  void check() const;

 private:
  /// Throws unless `fine`. `key` begins the message.
  void require(bool fine, const std::string& key, const std::string& why) const {
    if (fine) return;
    const auto origin = origins_.find(key);
    reject({key, origin == origins_.end() ? "" : origin->second, nullptr}, why);
  }
  void check_learners() const;
  void check_curriculum() const;
  void check_device() const;
  void check_control_rate(const std::string& section, const TaskDistribution& task) const;
  void check_expert_agent() const;

  const Config& config_;
  const Origins& origins_;
};

void Checker::check_learners() const {
  const int learners = config_.run.learners, per_world = config_.environment.learners_per_world;
  require(learners % per_world == 0,
          origins_.contains("run.learners") ? "run.learners" : "environment.learners_per_world",
          "does not fit: run.learners (" + std::to_string(learners) +
              ") must be a multiple of environment.learners_per_world (" + std::to_string(per_world) + ")");
  require(config_.learner.minibatches <= learners, "learner.minibatches",
          "is " + std::to_string(config_.learner.minibatches) + ", more than there are learners (run.learners is " +
              std::to_string(learners) + ")");
}

/// Builds what the run will build: the rules are the curriculum's.
void Checker::check_curriculum() const {
  const int learners_per_world = config_.environment.learners_per_world;
  try {
    Curriculum(config_.curriculum, config_.adr, config_.task, learners_per_world,
               config_.run.learners / learners_per_world, 0);
  } catch (const OptionError& error) {
    require(false, error.key, error.why);
  }
}

void Checker::check_device() const {
  try {
    parse_device(config_.run.device);
  } catch (const OptionError& error) {
    require(false, error.key, error.why);
  }
}

/// Slower than this the expert is no longer sure of its way: it touches wrong goals now and then. What was recorded at
/// 5 Hz is still read.
void Checker::check_control_rate(const std::string& section, const TaskDistribution& task) const {
  constexpr double kSlowest = 6;
  const KnobDistribution* knob = find_distribution(task, "control_rate");
  const double slowest = knob ? std::min(knob->low, knob->high) : static_cast<double>(task.base.control_rate);
  require(slowest >= kSlowest, section + ".control_rate", "must be 6 Hz or more: the expert errs at lower rates");
}

void Checker::check_expert_agent() const {
  const bool wanted = may_be_agent(config_.task) || may_be_agent(config_.evaluation_task);
  const bool named = !config_.environment.expert_agent.empty();
  require(named || !wanted, may_be_agent(config_.task) ? "task.expert" : "evaluation.task.expert",
          "is agent, but nobody says which; set environment.expert_agent to a run or an exported agent");
  require(wanted || !named, "environment.expert_agent",
          "plays nowhere; set task.expert or evaluation.task.expert to agent");
}

void Checker::check() const {
  check_expert_agent();
  check_control_rate("task", config_.task);
  check_control_rate(kEvaluationTask, config_.evaluation_task);
  check_learners();
  check_curriculum();
  check_device();
}

}  // namespace

void check_config(const Config& config, const Origins& origins) { Checker(config, origins).check(); }

}  // namespace medal
