#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "agents/device/recorded_work.h"
#include "agents/learner/learner_options.h"
#include "agents/learner/minibatch.h"
#include "agents/network/network.h"
#include "agents/optimizer/adam.h"
#include "agents/ranks/communicator.h"

namespace medal {

/// The gradient steps of an iteration as a GPU takes them: the minibatches are gathered there, each step is two
/// recordings (gradient; clipping and Adam), and nothing waits for the device before `finish`. For any device; tested
/// against the learner's own steps on the CPU.
class RecordedUpdate {
 public:
  RecordedUpdate(const LearnerOptions& options, const Network& network, Adam& adam, Communicator& communicator);

  /// Asks for one gradient step along each plan. `options` with the weights of the moment; the rollout, on the
  /// network's device, must stay until `finish`.
  void begin(const LearnerOptions& options, const RolloutBuffer& rollout, const at::Tensor& normalised_advantages,
             const std::vector<MinibatchPlan>& plans);

  struct Result {
    NamedNumbers sums;  ///< of the steps' statistics
    int steps = 0;      ///< that were taken: all whose loss and gradient were finite on all ranks
  };
  /// Waits until the steps are done.
  Result finish();

 private:
  /// Of one size, and with the same heads taught.
  struct Recording {
    Minibatch batch;
    std::vector<bool> taught;
    std::unique_ptr<RecordedWork> gradient;
  };
  using Kind = std::pair<std::int64_t, std::vector<bool>>;

  Recording& recording(const Kind& kind, const RolloutBuffer& rollout);
  void gather(Recording& recording, const RolloutBuffer& rollout, const at::Tensor& normalised_advantages,
              const at::Tensor& rows) const;
  void find_gradient(const Recording& recording);
  void take_step();

  LearnerOptions options_;
  const Network* network_;
  Adam* adam_;
  Communicator* communicator_;
  std::vector<at::Tensor> parameters_;
  std::int64_t gradient_size_, term_count_;
  at::Tensor flat_gradient_;  ///< all gradients, then the minibatch's terms: one collective for both
  at::Tensor factors_;        ///< of the step: weights of the terms, masked samples of the heads, Adam's plan
  at::Tensor sums_;           ///< of terms and gradient norms, then how many steps were taken
  std::map<Kind, Recording> recordings_;
  RecordedWork step_;
};

}  // namespace medal
