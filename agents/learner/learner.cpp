#include "agents/learner/learner.h"

#include <algorithm>
#include <cmath>

#include "agents/device/rounded_products.h"
#include "agents/heads/auxiliary_head.h"
#include "agents/heads/heads.h"
#include "agents/learner/loss.h"
#include "agents/learner/minibatch.h"

namespace medal {

using at::Tensor;

Learner::Learner(const LearnerOptions& options, std::shared_ptr<Network> network, Communicator& communicator)
    : options_(options),
      network_(std::move(network)),
      communicator_(&communicator),
      optimizer_(network_->parameters(), options.learning_rate),
      queue_(network_->device(), /*urgent=*/false) {
  at::NoGradGuard no_gradient;
  for (const Parameter& parameter : network_->parameters()) {
    if (communicator.size() == 1) break;
    Tensor plain = parameter.value.detach().to(at::kCPU);
    communicator.broadcast(plain);
    Tensor(parameter.value).copy_(plain);
  }
  if (!network_->device().is_cpu()) {
    recorded_ = std::make_unique<RecordedUpdate>(options_, *network_, optimizer_, communicator);
    return;
  }
  const auto terms = static_cast<std::int64_t>(loss_term_names().size());
  flat_gradient_ = at::zeros({count_of(network_->parameters()) + terms}, network_->parameters()[0].value.options());
}

void Learner::clear_gradients() {
  flat_gradient_.zero_();
  std::int64_t offset = 0;
  for (const Parameter& parameter : network_->parameters()) {
    const Tensor& value = parameter.value;
    value.mutable_grad() = flat_gradient_.narrow(0, offset, value.numel()).view(value.sizes());
    offset += value.numel();
  }
}

bool Learner::update_on(const RolloutBuffer& rollout, const Tensor& normalised_advantages, const MinibatchPlan& plan,
                        NamedNumbers& sums) {
  clear_gradients();
  const std::vector<std::string>& names = loss_term_names();
  const auto term_count = static_cast<std::int64_t>(names.size()), count = flat_gradient_.size(0) - term_count;
  Tensor gradient = flat_gradient_.narrow(0, 0, count), terms = flat_gradient_.narrow(0, count, term_count);
  const std::vector<bool> taught = taught_heads(present_);
  for (const MinibatchPlan& part : cache_sized_parts(plan, rollout.unroll, flat_gradient_.device())) {
    const Minibatch batch = gather_minibatch(rollout, normalised_advantages, part, flat_gradient_.device());
    const NetworkOutput output = network_->unroll(batch.observations, batch.memory, batch.starts, taught);
    const Loss loss = compute_loss(present_, network_->actions(), output, batch);
    loss.backward();
    terms.add_(loss.terms);
  }

  at::NoGradGuard no_gradient;
  // A NaN or infinity of any rank reaches all of them through the sum, so that all stop together.
  all_reduce_mean(*communicator_, flat_gradient_);
  const Tensor read = at::cat({terms, gradient.norm().view(1)}).to(at::kCPU, at::kDouble);
  const double* term = read.data_ptr<double>();
  const double norm = term[term_count];
  if (!std::isfinite(term[kTotalLoss]) || !std::isfinite(norm)) return false;

  if (norm > options_.gradient_norm) gradient.mul_(options_.gradient_norm / (norm + 1e-6));
  optimizer_.step();
  for (std::size_t i = kTotalLoss + 1; i < names.size(); ++i)
    sums.add(names[i], term[i]);  // the total tells nothing more
  sums.add("gradient_norm", norm);
  return true;
}

LearnerOptions Learner::options_at(double progress) const {
  const auto share_left = [progress](double final_share) { return 1.0 - progress * (1.0 - final_share); };
  LearnerOptions present = options_;
  present.learning_rate *= share_left(options_.final_learning_rate_share);
  present.entropy_weight *= share_left(options_.final_entropy_share);
  present.posture_prior_weight *= share_left(options_.final_entropy_share);
  for (std::size_t i = 0; i < auxiliary_heads().size(); ++i)
    if (auxiliary_heads()[i].schedule != nullptr) auxiliary_heads()[i].schedule(present.heads.of_head(i), progress);
  return present;
}

LearnerStatistics Learner::update(RolloutBuffer& rollout, std::uint64_t seed, std::int64_t iteration, double progress) {
  begin_update(rollout, seed, iteration, progress);
  return finish_update();
}

void Learner::begin_update(RolloutBuffer& rollout, std::uint64_t seed, std::int64_t iteration, double progress) {
  const PrecisionScope precision(precision_of(options_));
  const RoundedProducts rounded(options_.bf16 && recorded_);
  const DeviceQueue::Scope scope(queue_);
  present_ = options_at(progress);
  optimizer_.set_learning_rate(present_.learning_rate);
  const RolloutSummary summary = summarise_rollout(rollout, *communicator_);
  const std::vector<MinibatchPlan> plans =
      plan_minibatches(rollout, options_.epochs, options_.minibatches, seed, iteration, *communicator_);
  statistics_ = {};
  planned_ = static_cast<int>(plans.size());
  if (recorded_) {
    recorded_->begin(present_, rollout, summary.normalised_advantages, plans);
  } else {
    steps_ = 0;
    for (const MinibatchPlan& plan : plans) {
      if (!update_on(rollout, summary.normalised_advantages, plan, statistics_.numbers)) break;
      ++steps_;
    }
  }
  explained_variance_ = summary.explained_variance;
}

LearnerStatistics Learner::finish_update() {
  const DeviceQueue::Scope scope(queue_);
  if (recorded_) {
    RecordedUpdate::Result result = recorded_->finish();
    statistics_.numbers = result.sums;
    steps_ = result.steps;
  }
  statistics_.finite = steps_ == planned_;
  statistics_.numbers.scale(1.0 / std::max(steps_, 1));
  statistics_.numbers["explained_variance"] = explained_variance_;
  statistics_.numbers["learning_rate"] = present_.learning_rate;
  return statistics_;
}

}  // namespace medal
