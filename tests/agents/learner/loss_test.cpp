#include "agents/learner/loss.h"

#include <cmath>

#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr int kSteps = 7, kBatch = 5;

struct Case {
  explicit Case(double seen) {
    batch.privileged.select(2, kAttentionTargetSize - 1).bernoulli_(seen);
    batch.privileged.select(2, kPrivilegedSize - 1).bernoulli_(0.7);
    batch.visible_steps = std::max(1e-6, batch.privileged.select(2, kAttentionTargetSize - 1).sum().item<double>());
    // Old probabilities near the new ones, so that some ratios are clipped and some not.
    torch::NoGradGuard no_gradient;
    batch.log_probabilities =
        actions.log_probability(output.action_parameters, batch.actions) + 0.3 * torch::randn({kSteps, kBatch});
  }
  ActionDistribution actions{ActionHeadKind::bins};
  NetworkOutput output{torch::randn({kSteps, kBatch, ActionDistribution::kBinCount}).requires_grad_(),
                       torch::randn({kSteps, kBatch}).requires_grad_(),
                       torch::randn({kSteps, kBatch, kAttentionTargetSize}).requires_grad_(),
                       torch::randn({kSteps, kBatch, kOrderTargetSize - 1}).requires_grad_()};
  Minibatch batch{{},
                  {},
                  {},
                  torch::cat({torch::randint(0, 3, {kSteps, kBatch, 3}), torch::randint(0, 2, {kSteps, kBatch, 2})}, 2)
                      .to(torch::kFloat),
                  {},
                  torch::randn({kSteps, kBatch}),
                  torch::randn({kSteps, kBatch}),
                  torch::randn({kSteps, kBatch, kPrivilegedSize}),
                  2.0 * kSteps* kBatch,  // as half of a minibatch
                  1};

  std::vector<torch::Tensor> gradients(const Loss& loss) const {
    return torch::autograd::grad({loss.total},
                                 {output.action_parameters, output.value, output.prediction, output.order_prediction});
  }
};

}  // namespace

TEST_CASE("the loss in one node has the terms and the gradients of plain tensor operations") {
  torch::manual_seed(51);
  for (double seen : {0.0, 0.5, 1.0}) {
    for (double posture_share : {0.0, 1.0}) {
      const Case c(seen);
      LearnerOptions options;
      options.entropy_weight = 0.3;  // large, so that a mistake in it shows
      options.posture_entropy_share = posture_share;
      options.posture_prior_weight = 0.6 - 0.3 * posture_share;
      options.presence_weight = 0.4;
      options.order_weight = 0.7;
      const Loss own = compute_loss(options, c.actions, c.output, c.batch);
      const Loss plain = compute_loss_by_tensors(options, c.actions, c.output, c.batch);
      CHECK(own.total.item<double>() == Approx(plain.total.item<double>()).margin(1e-5));
      CHECK(torch::allclose(own.terms, plain.terms, 1e-4, 1e-6));
      CHECK(plain.terms[kClipFraction].item<double>() > 0.1);
      CHECK(plain.terms[kClipFraction].item<double>() < 0.4);
      const auto own_gradients = c.gradients(own), plain_gradients = c.gradients(plain);
      for (std::size_t i = 0; i < own_gradients.size(); ++i) {
        INFO("gradient " << i << ", seen " << seen << ", posture " << posture_share);
        CHECK(torch::allclose(own_gradients[i], plain_gradients[i], 1e-4, 1e-7));
      }
    }
  }
}

TEST_CASE("the posture prior rests at a new agent's chances, and pulls one back that has given up jumping") {
  torch::manual_seed(54);
  const Case c(0.5);
  constexpr int kJump = 9;  // the first bin, `off`
  const auto jump_gradient = [&](float chance, double weight) {
    torch::NoGradGuard no_gradient;
    c.output.action_parameters.select(-1, kJump).zero_();
    c.output.action_parameters.select(-1, kJump + 1).fill_(std::log(chance / (1 - chance)));
    LearnerOptions options;
    options.posture_prior_weight = weight;
    torch::AutoGradMode gradient(true);
    return c.gradients(compute_loss(options, c.actions, c.output, c.batch))[0].select(-1, kJump + 1);
  };
  const auto of_prior = [&](float chance) { return jump_gradient(chance, 1.0) - jump_gradient(chance, 0.0); };
  const float rest = ActionDistribution::initial_posture_chance();
  CHECK(of_prior(rest).abs().max().item<double>() < 1e-6);
  // Descent adds to the logit of jumping, however little is left of it.
  CHECK((of_prior(1e-6F) < -0.9 * rest / c.batch.samples).all().item<bool>());
  CHECK((of_prior(0.5F) > 0.4 / c.batch.samples).all().item<bool>());
}

TEST_CASE("a gradient of the loss can be scaled") {
  torch::manual_seed(52);
  const Case c(0.5);
  const Loss loss = compute_loss({}, c.actions, c.output, c.batch);
  const auto once = torch::autograd::grad({loss.total}, {c.output.value}, {}, true);
  const auto thrice = torch::autograd::grad({3 * loss.total}, {c.output.value});
  CHECK(torch::allclose(thrice[0], 3 * once[0]));
}

TEST_CASE("drawn actions carry their log probability") {
  torch::manual_seed(53);
  for (ActionHeadKind kind : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
    const ActionDistribution actions(kind);
    const torch::Tensor parameters = torch::randn({64, actions.parameter_count()});
    const ActionSample sample = actions.sample(parameters, torch::rand({64, kActionSize}));
    CHECK(torch::allclose(sample.log_probability, actions.log_probability(parameters, sample.stored), 1e-5, 1e-5));
  }
}
