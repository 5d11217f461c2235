#include "agents/learner/rollout_buffer.h"

#include "sim/task/avatar.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

TEST_CASE("advantages look across steps but not across episodes, and bootstrap what time cut off") {
  // Discount 0.5 and lambda 0.5, so that one step back weighs a quarter.
  RolloutBuffer rollout(3, 3, 2, 0);
  rollout.rewards.copy_(at::tensor({1.0F, 1.0F, 1.0F, 0.0F, 0.0F, 0.0F, 2.0F, 2.0F, 2.0F}).view({3, 3}));
  rollout.values.copy_(at::tensor({1.0F, 2.0F, 4.0F, 8.0F}).unsqueeze(1).repeat({1, 3}));
  rollout.truncated[1][1] = 1;
  rollout.final_values[1][1] = 10.0F;
  rollout.terminated[1][2] = 1;
  compute_advantages(rollout, 0.5, 0.5);

  const auto advantage = [&](int t, int learner) { return rollout.advantages[t][learner].item<float>(); };
  // Learner 0: errors 1 + 0.5 * 2 - 1 = 1; 0 + 0.5 * 4 - 2 = 0; 2 + 0.5 * 8 - 4 = 2.
  CHECK(advantage(2, 0) == 2.0F);
  CHECK(advantage(1, 0) == 0.5F);
  CHECK(advantage(0, 0) == 1.125F);
  // Learner 1 is truncated after step 1: error 0 + 0.5 * 10 - 2 = 3, and step 2 does not count.
  CHECK(advantage(2, 1) == 2.0F);
  CHECK(advantage(1, 1) == 3.0F);
  CHECK(advantage(0, 1) == 1.75F);
  // Learner 2 terminates there: error 0 - 2 = -2.
  CHECK(advantage(1, 2) == -2.0F);
  CHECK(advantage(0, 2) == 0.5F);
  CHECK(at::equal(rollout.returns, rollout.advantages + rollout.values.narrow(0, 0, 3)));
}

TEST_CASE("the simulator's outputs of step t are the observations of t + 1 and the rewards of t") {
  RolloutBuffer rollout(4, 3, 5, 2);
  for (int t = 0; t < 4; ++t) {
    const StepOutputs outputs = rollout.outputs_of(t);
    REQUIRE(outputs.observations.size() == 15);
    REQUIRE(outputs.privileged.size() == 3 * kPrivilegedSize);
    REQUIRE(outputs.rewards.size() == 3);
    REQUIRE(outputs.final_observations.size() == 15);
    const auto number = static_cast<float>(t + 1);
    std::fill(outputs.observations.begin(), outputs.observations.end(), number);
    std::fill(outputs.privileged.begin(), outputs.privileged.end(), number);
    std::fill(outputs.rewards.begin(), outputs.rewards.end(), number);
    std::fill(outputs.terminated.begin(), outputs.terminated.end(), std::uint8_t(t));
    std::fill(outputs.truncated.begin(), outputs.truncated.end(), std::uint8_t(t + 1));
  }
  const StepOutputs first = rollout.outputs_of_reset();
  std::fill(first.observations.begin(), first.observations.end(), 0.0F);
  std::fill(first.privileged.begin(), first.privileged.end(), 0.0F);
  for (int t = 0; t <= 4; ++t) {
    CHECK((rollout.observations[t] == t).all().item<bool>());
    CHECK((rollout.privileged[t] == t).all().item<bool>());
  }
  for (int t = 0; t < 4; ++t) {
    CHECK((rollout.rewards[t] == t + 1).all().item<bool>());
    CHECK((rollout.terminated[t] == t).all().item<bool>());
    CHECK((rollout.truncated[t] == t + 1).all().item<bool>());
  }
}

TEST_CASE("an unroll begins with what the one before ended with") {
  RolloutBuffer rollout(4, 3, 5, 2);
  rollout.observations[4].fill_(7.0F);
  rollout.privileged[4].fill_(8.0F);
  rollout.starts[4].fill_(1.0F);
  const float* memory = rollout.observations.data_ptr<float>();
  rollout.carry_over();
  CHECK((rollout.observations[0] == 7).all().item<bool>());
  CHECK((rollout.privileged[0] == 8).all().item<bool>());
  CHECK((rollout.starts[0] == 1).all().item<bool>());
  CHECK(rollout.observations.data_ptr<float>() == memory);
}

TEST_CASE("advantages found for all steps at once are those of the loop, for unrolls of any length") {
  seed_weights(31);
  for (const int steps : {1, 2, 7, 64}) {
    RolloutBuffer one(steps, 5, 2, 0);
    for (const at::Tensor& tensor : {one.rewards, one.values, one.final_values}) at::Tensor(tensor).normal_();
    one.truncated.bernoulli_(0.2);
    one.terminated.bernoulli_(0.1);
    compute_advantages(one, 0.99, 0.95);
    const at::Tensor advantages = one.advantages.clone(), returns = one.returns.clone();
    compute_advantages_by_tensors(one, 0.99, 0.95);
    CHECK(at::allclose(one.advantages, advantages, 1e-4, 1e-5));
    CHECK(at::allclose(one.returns, returns, 1e-4, 1e-5));
  }
}
