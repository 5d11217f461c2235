#pragma once

#include <pybind11/numpy.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "agents/agent/agent.h"
#include "agents/checkpoint/checkpoint.h"
#include "experiments/config/config.h"
#include "sim/base/random.h"

namespace medal {

/// An agent as Python holds it: its memory is the caller's, its file's header goes along into the next file.
class PythonAgent {
 public:
  /// RUN|CHECKPOINT, as `medal eval` takes it. Throws UserError.
  static std::unique_ptr<PythonAgent> load(const std::string& run_or_checkpoint);
  /// A new network of random parameters.
  static std::unique_ptr<PythonAgent> create(const std::string& config, const std::vector<std::string>& overrides,
                                             std::uint64_t seed);
  PythonAgent(Agent agent, CheckpointHeader header) : agent_(std::move(agent)), header_(std::move(header)) {}

  const Agent& agent() const { return agent_; }
  /// What it was trained with, with overrides. Throws UserError.
  Config config(const std::vector<std::string>& overrides) const;
  int memory_size() const;

  /// Random(seed) draws the actions from here on.
  void seed(std::uint64_t seed) { random_ = Random(seed); }
  /// One step of N learners: observations [N, O], memory [N, S] changed in place, starts [N] or None: nonzero where an
  /// episode begins. A dict of arrays. Throws UserError on what does not fit.
  pybind11::dict act(const pybind11::object& observations, const pybind11::object& memory,
                     const pybind11::object& starts, bool sample);

  /// Copies, by name.
  pybind11::dict parameters() const;
  /// An agent of the same kind with these parameters. Throws UserError where names or shapes differ.
  std::unique_ptr<PythonAgent> with_parameters(const pybind11::dict& arrays) const;
  /// What the network is made of, for whoever builds the same elsewhere.
  pybind11::dict architecture() const;
  void save(const std::filesystem::path& file) const;

 private:
  Agent agent_;
  CheckpointHeader header_;
  Random random_{kPolicySeed};
};

}  // namespace medal
