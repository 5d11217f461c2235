#include "agents/learner/loss.h"

#include <algorithm>
#include <cmath>

#include "agents/heads/heads.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

constexpr int kUnroll = 7, kBatch = 5;

at::Tensor random_bins() {
  std::vector<at::Tensor> components;
  for (const int bins : ActionDistribution::kBinsOf) components.push_back(at::randint(0, bins, {kUnroll, kBatch}));
  return at::stack(components, 2).to(at::kFloat);
}

at::Tensor with_gradient(at::Tensor tensor) { return tensor.requires_grad_(); }

struct Case {
  /// `known`: the share of steps in which the heads' targets are.
  explicit Case(double known) {
    for (const AuxiliaryHead& head : auxiliary_heads()) {
      output.guesses.push_back(with_gradient(at::randn({kUnroll, kBatch, head.guess_size})));
      at::Tensor mask = batch.privileged.select(2, head.target_offset + head.target_size - 1);
      mask.bernoulli_(known);
      batch.masked_samples.push_back(std::max(1e-6, mask.sum().item<double>()));
    }
    // Old probabilities near the new ones, so that some ratios are clipped and some not.
    at::NoGradGuard no_gradient;
    batch.log_probabilities =
        actions.log_probability(output.action_parameters, batch.actions) + 0.3 * at::randn({kUnroll, kBatch});
  }
  ActionDistribution actions{ActionHeadKind::bins};
  NetworkOutput output{with_gradient(at::randn({kUnroll, kBatch, ActionDistribution::kBinCount})),
                       with_gradient(at::randn({kUnroll, kBatch})),
                       {},
                       {},
                       {}};
  Minibatch batch{{},
                  {},
                  {},
                  random_bins(),
                  {},
                  at::randn({kUnroll, kBatch}),
                  at::randn({kUnroll, kBatch}),
                  at::randn({kUnroll, kBatch, kPrivilegedSize}),
                  {},
                  2.0 * kUnroll* kBatch,  // as half of a minibatch
                  {}};

  /// Of what the network says: action parameters, value, guesses.
  std::vector<at::Tensor> gradients(const Loss& loss) const {
    std::vector<at::Tensor> outputs = {output.action_parameters, output.value}, result;
    outputs.insert(outputs.end(), output.guesses.begin(), output.guesses.end());
    for (const at::Tensor& tensor : outputs) tensor.mutable_grad() = at::Tensor();
    loss.backward();
    for (const at::Tensor& tensor : outputs) result.push_back(tensor.grad().clone());
    return result;
  }
};

}  // namespace

TEST_CASE("the loss in one pass has the terms and the gradients of plain tensor operations") {
  seed_weights(51);
  for (double seen : {0.0, 0.5, 1.0}) {
    for (double posture_share : {0.0, 1.0}) {
      const Case c(seen);
      LearnerOptions options;
      options.entropy_weight = 0.3;  // large, so that a mistake in it shows
      options.posture_entropy_share = posture_share;
      options.posture_prior_weight = 0.6 - 0.3 * posture_share;
      options.heads["presence_weight"] = 0.4;
      options.heads["order_weight"] = 0.7;
      const Loss own = compute_loss(options, c.actions, c.output, c.batch);
      const Loss plain = compute_loss_by_tensors(options, c.actions, c.output, c.batch);
      REQUIRE(own.terms.numel() == static_cast<std::int64_t>(loss_term_names().size()));
      CHECK(at::allclose(own.terms, plain.terms, 1e-4, 1e-6));
      CHECK(plain.terms[kClipFraction].item<double>() > 0.1);
      CHECK(plain.terms[kClipFraction].item<double>() < 0.4);
      const auto own_gradients = c.gradients(own), plain_gradients = c.gradients(plain);
      for (std::size_t i = 0; i < own_gradients.size(); ++i) {
        INFO("gradient " << i << ", seen " << seen << ", posture " << posture_share);
        CHECK(at::allclose(own_gradients[i], plain_gradients[i], 1e-4, 1e-7));
      }
    }
  }
}

TEST_CASE("the posture prior rests at a new agent's chances, and pulls one back that has given up jumping") {
  seed_weights(54);
  const Case c(0.5);
  constexpr int kJump = 9;  // the first bin, `off`
  const auto jump_gradient = [&](float chance, double weight) {
    at::NoGradGuard no_gradient;
    c.output.action_parameters.select(-1, kJump).zero_();
    c.output.action_parameters.select(-1, kJump + 1).fill_(std::log(chance / (1 - chance)));
    LearnerOptions options;
    options.posture_prior_weight = weight;
    at::AutoGradMode gradient(true);
    return c.gradients(compute_loss(options, c.actions, c.output, c.batch))[0].select(-1, kJump + 1);
  };
  const auto of_prior = [&](float chance) { return jump_gradient(chance, 1.0) - jump_gradient(chance, 0.0); };
  const float rest = ActionDistribution::initial_posture_chance();
  CHECK(of_prior(rest).abs().max().item<double>() < 1e-6);
  // Descent adds to the logit of jumping, however little is left of it.
  CHECK((of_prior(1e-6F) < -0.9 * rest / c.batch.samples).all().item<bool>());
  CHECK((of_prior(0.5F) > 0.4 / c.batch.samples).all().item<bool>());
}

TEST_CASE("drawn actions carry their log probability") {
  seed_weights(53);
  for (ActionHeadKind kind : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
    const ActionDistribution actions(kind);
    const at::Tensor parameters = at::randn({64, actions.parameter_count()});
    const ActionSample sample = actions.sample(parameters, at::rand({64, kActionSize}));
    CHECK(at::allclose(sample.log_probability, actions.log_probability(parameters, sample.stored), 1e-5, 1e-5));
  }
}

TEST_CASE("a head whose terms all weigh nothing needs no guess, and all else stays as it is") {
  seed_weights(53);
  const Case c(0.5);
  LearnerOptions options;
  options.heads["order_weight"] = 0;
  options.heads["attention_weight"] = 1;
  CHECK(taught_heads(options) == std::vector<bool>{true, false});
  NetworkOutput without = c.output;
  without.guesses[head_index("order")] = at::Tensor();
  const auto order = static_cast<std::size_t>(
      std::find(loss_term_names().begin(), loss_term_names().end(), "loss/order") - loss_term_names().begin());
  const Loss whole = compute_loss(options, c.actions, c.output, c.batch);
  const Loss own = compute_loss(options, c.actions, without, c.batch);
  const Loss plain = compute_loss_by_tensors(options, c.actions, without, c.batch);
  REQUIRE(own.gradients.size() + 1 == whole.gradients.size());
  for (std::size_t i = 0; i < own.gradients.size(); ++i) CHECK(at::equal(own.gradients[i], whole.gradients[i]));
  for (std::size_t i = 0; i < loss_term_names().size(); ++i) {
    const auto term = [i](const Loss& loss) { return loss.terms[static_cast<std::int64_t>(i)].item<float>(); };
    CHECK(term(own) == (i == order ? 0.0F : term(whole)));
    CHECK(term(plain) == Approx(term(own)).margin(1e-5));
  }
}
