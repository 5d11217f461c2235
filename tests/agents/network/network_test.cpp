#include "agents/network/network.h"

#include "sim/episode/observation.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr int kSteps = 6, kBatch = 4;
const int kObservation = observation_size(LidarOptions{3, {0.0F}});

NetworkOptions small_options(MemoryKind memory, ActionHeadKind head) {
  NetworkOptions options;
  options.encoder_size = 16;
  options.memory_size = 12;
  options.head_size = 9;
  options.attention_size = 8;
  options.memory = memory;
  options.action_head = head;
  return options;
}

}  // namespace

TEST_CASE("stepping through an unroll gives what the unroll gives") {
  for (MemoryKind memory_kind : {MemoryKind::lstm, MemoryKind::none}) {
    for (ActionHeadKind head : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
      torch::manual_seed(1);
      Network network(small_options(memory_kind, head), kObservation);
      const torch::Tensor observations = torch::randn({kSteps, kBatch, kObservation});
      const torch::Tensor starts = (torch::rand({kSteps, kBatch}) < 0.3).to(torch::kFloat);
      torch::Tensor memory = torch::randn({kBatch, network->memory_state_size()});
      const NetworkOutput whole = network->unroll(observations, memory, starts);
      CHECK(whole.action_parameters.requires_grad());
      for (int t = 0; t < kSteps; ++t) {
        memory.mul_((1.0F - starts[t]).unsqueeze(1));
        const NetworkOutput step = network->step(observations[t], memory, true);
        CHECK(!step.value.requires_grad());
        CHECK(step.action_parameters.size(1) == network->actions().parameter_count());
        CHECK(torch::allclose(step.action_parameters, whole.action_parameters[t], 1e-4, 1e-5));
        CHECK(torch::allclose(step.value, whole.value[t], 1e-4, 1e-5));
        CHECK(torch::allclose(step.prediction, whole.prediction[t], 1e-4, 1e-5));
        CHECK(torch::allclose(step.order_prediction, whole.order_prediction[t], 1e-4, 1e-5));
      }
    }
  }
}

TEST_CASE("memory carries what was seen to later steps; without memory nothing does") {
  for (MemoryKind memory_kind : {MemoryKind::lstm, MemoryKind::none}) {
    torch::manual_seed(2);
    Network network(small_options(memory_kind, ActionHeadKind::bins), kObservation);
    const torch::Tensor observation = torch::randn({kBatch, kObservation});
    torch::Tensor fresh = torch::zeros({kBatch, network->memory_state_size()}), used = fresh.clone();
    network->step(torch::randn({kBatch, kObservation}), used);
    const bool same = torch::equal(network->step(observation, fresh).value, network->step(observation, used).value);
    CHECK(same == (memory_kind == MemoryKind::none));
  }
}

TEST_CASE("a new policy is nearly even, seldom jumps, and the deviations of normals do not depend on the state") {
  torch::manual_seed(3);
  Network bins(small_options(MemoryKind::lstm, ActionHeadKind::bins), kObservation);
  torch::Tensor memory = torch::zeros({64, bins->memory_state_size()});
  const torch::Tensor logits = bins->step(torch::randn({64, kObservation}), memory).action_parameters;
  CHECK((logits - bins->actions().initial_bias()).abs().max().item<float>() < 0.05F);

  Network normals(small_options(MemoryKind::lstm, ActionHeadKind::gaussian), kObservation);
  memory.zero_();
  const torch::Tensor parameters = normals->step(torch::randn({64, kObservation}), memory).action_parameters;
  const torch::Tensor deviations = parameters.narrow(1, kActionSize, kActionSize);
  CHECK((deviations == deviations[0]).all().item<bool>());
  CHECK(parameters.select(1, 0).std().item<float>() > 0.0F);
}

TEST_CASE("networks of the same seed are the same; every parameter of a network learns") {
  for (MemoryKind memory_kind : {MemoryKind::lstm, MemoryKind::none}) {
    for (ActionHeadKind head : {ActionHeadKind::bins, ActionHeadKind::gaussian}) {
      torch::manual_seed(4);
      Network one(small_options(memory_kind, head), kObservation);
      torch::manual_seed(4);
      Network two(small_options(memory_kind, head), kObservation);
      for (std::size_t i = 0; i < one->parameters().size(); ++i)
        CHECK(torch::equal(one->parameters()[i], two->parameters()[i]));
      const NetworkOutput output =
          one->unroll(torch::randn({kSteps, kBatch, kObservation}), torch::randn({kBatch, one->memory_state_size()}),
                      torch::zeros({kSteps, kBatch}));
      (output.action_parameters.square().sum() + output.value.square().sum() + output.prediction.square().sum() +
       output.order_prediction.square().sum())
          .backward();
      for (const auto& item : one->named_parameters()) {
        INFO(item.key());
        REQUIRE(item.value().grad().defined());
        CHECK(item.value().grad().abs().max().item<float>() > 0.0F);
      }
    }
  }
}
