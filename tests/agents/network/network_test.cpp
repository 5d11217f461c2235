#include "agents/network/network.h"

#include "agents/heads/heads.h"
#include "agents/memory/memories.h"
#include "sim/episode/observation.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

constexpr int kSteps = 6, kBatch = 4;
const LidarOptions kLidar{3, {0.0F}};
const int kObservation = observation_size(kLidar);

NetworkOptions small_options(int memory, ActionHeadKind head) {
  NetworkOptions options;
  options.encoder_size = 16;
  options.memory_size = 12;
  options.trunk_size = 9;
  options.auxiliary_size = 8;
  options.memory = memory;
  options.action_head = head;
  return options;
}

}  // namespace

TEST_CASE("stepping through an unroll gives what the unroll gives", "[simd]") {
  for (int memory = 0; memory < static_cast<int>(memory_kinds().size()); ++memory) {
    INFO(memory_names()[static_cast<std::size_t>(memory)]);
    for (ActionHeadKind head : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
      seed_weights(1);
      const Network network(small_options(memory, head), observation_layout(kLidar));
      const at::Tensor observations = at::randn({kSteps, kBatch, kObservation});
      const at::Tensor starts = (at::rand({kSteps, kBatch}) < 0.3).to(at::kFloat);
      at::Tensor state = at::randn({kBatch, network.memory_state_size()});
      const NetworkOutput whole = network.unroll(observations, state, starts);
      CHECK(whole.action_parameters.requires_grad());
      for (int t = 0; t < kSteps; ++t) {
        network.memory().clear(state, starts[t]);
        const NetworkOutput step = network.step(observations[t], state, true);
        CHECK(!step.value.requires_grad());
        CHECK(step.action_parameters.size(1) == network.actions().parameter_count());
        CHECK(at::allclose(step.action_parameters, whole.action_parameters[t], 1e-4, 1e-5));
        CHECK(at::allclose(step.value, whole.value[t], 1e-4, 1e-5));
        REQUIRE(step.guesses.size() == auxiliary_heads().size());
        for (std::size_t i = 0; i < step.guesses.size(); ++i)
          CHECK(at::allclose(step.guesses[i], whole.guesses[i][t], 1e-4, 1e-5));
      }
    }
  }
}

TEST_CASE("memory carries what was seen to later steps; without memory nothing does", "[simd]") {
  for (int memory = 0; memory < static_cast<int>(memory_kinds().size()); ++memory) {
    INFO(memory_names()[static_cast<std::size_t>(memory)]);
    seed_weights(2);
    const Network network(small_options(memory, ActionHeadKind::bins), observation_layout(kLidar));
    const at::Tensor observation = at::randn({kBatch, kObservation});
    at::Tensor fresh = at::zeros({kBatch, network.memory_state_size()}), used = fresh.clone();
    network.step(at::randn({kBatch, kObservation}), used);
    const bool same = at::equal(network.step(observation, fresh).value, network.step(observation, used).value);
    CHECK(same == (memory == memory_kind("none")));
  }
}

TEST_CASE("a new policy is nearly even, seldom jumps, and the deviations of normals do not depend on the state") {
  seed_weights(3);
  const Network bins(small_options(memory_kind("lstm"), ActionHeadKind::bins), observation_layout(kLidar));
  at::Tensor memory = at::zeros({64, bins.memory_state_size()});
  const at::Tensor logits = bins.step(at::randn({64, kObservation}), memory).action_parameters;
  CHECK((logits - bins.actions().initial_bias()).abs().max().item<float>() < 0.05F);

  const Network normals(small_options(memory_kind("lstm"), ActionHeadKind::gaussian), observation_layout(kLidar));
  memory.zero_();
  const at::Tensor parameters = normals.step(at::randn({64, kObservation}), memory).action_parameters;
  const at::Tensor deviations = parameters.narrow(1, kActionSize, kActionSize);
  CHECK((deviations == deviations[0]).all().item<bool>());
  CHECK(parameters.select(1, 0).std().item<float>() > 0.0F);
}

TEST_CASE("networks of the same seed are the same; every parameter of a network learns", "[simd]") {
  for (int memory = 0; memory < static_cast<int>(memory_kinds().size()); ++memory) {
    INFO(memory_names()[static_cast<std::size_t>(memory)]);
    for (ActionHeadKind head : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
      seed_weights(4);
      const Network one(small_options(memory, head), observation_layout(kLidar));
      seed_weights(4);
      const Network two(small_options(memory, head), observation_layout(kLidar));
      for (std::size_t i = 0; i < one.parameters().size(); ++i)
        CHECK(at::equal(one.parameters()[i].value, two.parameters()[i].value));
      const NetworkOutput output =
          one.unroll(at::randn({kSteps, kBatch, kObservation}), at::randn({kBatch, one.memory_state_size()}),
                     at::zeros({kSteps, kBatch}));
      at::Tensor sum = output.action_parameters.square().sum() + output.value.square().sum();
      for (const at::Tensor& guess : output.guesses) sum = sum + guess.square().sum();
      sum.backward();
      for (const Parameter& parameter : one.parameters()) {
        INFO(parameter.name);
        REQUIRE(parameter.value.grad().defined());
        CHECK(parameter.value.grad().abs().max().item<float>() > 0.0F);
      }
    }
  }
}
