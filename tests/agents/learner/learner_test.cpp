#include "agents/learner/learner.h"

#include <torch/cuda.h>

#include <array>
#include <cmath>
#include <limits>

#include "agents/heads/heads.h"
#include "agents/learner/recorded_update.h"
#include "agents/memory/memories.h"
#include "sim/episode/observation.h"
#include "tests/support/catch.h"
#include "tests/support/local_ranks.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

constexpr int kSteps = 8, kLearners = 6;
const LidarOptions kLidar{3, {0.0F}};
const int kObservation = observation_size(kLidar);

std::shared_ptr<Network> small_network(const char* memory = "lstm") {
  seed_weights(21);
  NetworkOptions options;
  options.encoder_size = 16;
  options.memory_size = 12;
  options.auxiliary_size = 8;
  options.memory = memory_kind(memory);
  return std::make_shared<Network>(options, observation_layout(kLidar));
}

/// A rollout of random data; the stored log probabilities are the network's own.
RolloutBuffer random_rollout(const std::shared_ptr<Network>& network, int learners = kLearners) {
  seed_weights(22);
  at::NoGradGuard no_gradient;
  RolloutBuffer rollout(kSteps, learners, kObservation, network->memory_state_size());
  rollout.observations.normal_();
  rollout.starts.bernoulli_(0.1);
  rollout.initial_memory.normal_();
  rollout.privileged.normal_();
  for (const PrivilegedTarget& target : kPrivilegedTargets)
    rollout.privileged.select(2, privileged_slice(target.name).mask()).bernoulli_(0.5);
  rollout.advantages.normal_();
  rollout.returns.normal_();
  const auto output = network->unroll(rollout.observations.narrow(0, 0, kSteps), rollout.initial_memory,
                                      rollout.starts.narrow(0, 0, kSteps));
  const at::Tensor parameters = output.action_parameters.flatten(0, 1);
  const ActionSample sample = network->actions().sample(parameters, at::rand({kSteps * learners, kActionSize}));
  rollout.actions.copy_(sample.stored.view_as(rollout.actions));
  rollout.log_probabilities.copy_(sample.log_probability.view({kSteps, learners}));
  return rollout;
}

/// The same on another device, with what its memory has written.
RolloutBuffer moved(const RolloutBuffer& rollout, const Network& network, at::Device device) {
  at::NoGradGuard no_gradient;
  RolloutBuffer other(rollout.unroll, rollout.learners, static_cast<int>(rollout.observations.size(2)),
                      network.memory_state_size(), device, static_cast<int>(network.memory().written_size()));
  const std::array<std::pair<at::Tensor, at::Tensor>, 8> pairs = {{{other.observations, rollout.observations},
                                                                   {other.privileged, rollout.privileged},
                                                                   {other.starts, rollout.starts},
                                                                   {other.actions, rollout.actions},
                                                                   {other.log_probabilities, rollout.log_probabilities},
                                                                   {other.advantages, rollout.advantages},
                                                                   {other.returns, rollout.returns},
                                                                   {other.initial_memory, rollout.initial_memory}}};
  for (auto [to, from] : pairs) to.copy_(from);
  if (!other.written.defined()) return other;
  at::Tensor state = rollout.initial_memory.clone();
  for (int t = 0; t < rollout.unroll; ++t) {
    network.memory().clear(state, rollout.starts[t]);
    network.step(rollout.observations[t], state);
    other.written[t].copy_(state.narrow(1, state.size(1) - other.written.size(2), other.written.size(2)));
  }
  return other;
}

/// The part of a rollout that some learners live in.
RolloutBuffer part_of(const RolloutBuffer& whole, int begin, int count) {
  RolloutBuffer part = whole;
  part.learners = count;
  for (at::Tensor* tensor :
       {&part.observations, &part.privileged, &part.starts, &part.actions, &part.log_probabilities, &part.values,
        &part.rewards, &part.terminated, &part.truncated, &part.final_values, &part.advantages, &part.returns})
    *tensor = tensor->narrow(1, begin, count).contiguous();
  for (at::Tensor* tensor : {&part.final_observations, &part.initial_memory})
    *tensor = tensor->narrow(0, begin, count).contiguous();
  return part;
}

double largest_difference(const std::vector<at::Tensor>& a, const std::vector<at::Tensor>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, (a[i] - b[i]).abs().max().item<double>());
  return largest;
}

LearnerOptions one_update() {
  LearnerOptions options;
  options.epochs = options.minibatches = 1;
  return options;
}

}  // namespace

TEST_CASE("a rewarded action becomes more likely") {
  for (const char* memory : {"lstm", "none"}) {
    const auto network = small_network(memory);
    const auto communicator = make_communicator(RankSettings{});
    LearnerOptions options;
    options.learning_rate = 3e-3;
    Learner learner(options, network, *communicator);
    // The reward is for turning left (bin 2 of dimension 2), whatever is seen.
    const auto share_of_left = [](const RolloutBuffer& rollout) {
      return (rollout.actions.select(2, 2) == 2).to(at::kFloat).mean().item<float>();
    };
    float first = 0, last = 0;
    for (int iteration = 0; iteration < 40; ++iteration) {
      RolloutBuffer rollout = random_rollout(network, 32);
      rollout.rewards.copy_((rollout.actions.select(2, 2) == 2).to(at::kFloat));
      rollout.terminated.fill_(1);
      rollout.values.zero_();
      compute_advantages(rollout, 0.99, 0.95);
      last = share_of_left(rollout);
      if (iteration == 0) first = last;
      learner.update(rollout, 1, iteration, 0.0);
    }
    CHECK(first == Approx(1.0 / 3).margin(0.1));
    CHECK(last > 0.8F);
  }
}

TEST_CASE("the statistics of the first update are those of the loss in plain words") {
  const auto network = small_network();
  const auto communicator = make_communicator(RankSettings{});
  LearnerOptions options = one_update();
  options.learning_rate = 1e-3;
  options.final_learning_rate_share = 0.1;
  options.bf16 = false;  // the unroll below is in single precision
  Learner learner(options, network, *communicator);
  RolloutBuffer rollout = random_rollout(network);
  const auto output = network->unroll(rollout.observations.narrow(0, 0, kSteps), rollout.initial_memory,
                                      rollout.starts.narrow(0, 0, kSteps));
  double distance = 0, seen = 0, value = 0;
  for (int t = 0; t < kSteps; ++t) {
    for (int i = 0; i < kLearners; ++i) {
      value += 0.5 * std::pow((output.value[t][i] - rollout.returns[t][i]).item<double>(), 2) / (kSteps * kLearners);
      if (rollout.privileged[t][i][3].item<float>() == 0.0F) continue;
      ++seen;
      for (int axis = 0; axis < 3; ++axis)
        distance += std::abs((output.guesses[head_index("expert_place")][t][i][axis] - rollout.privileged[t][i][axis])
                                 .item<double>()) /
                    3;
    }
  }
  const LearnerStatistics statistics = learner.update(rollout, 1, 0, 0.5);
  CHECK(statistics.numbers.at("loss/attention") == Approx(distance / seen).epsilon(1e-4));
  CHECK(statistics.numbers.at("loss/value") == Approx(value).epsilon(1e-4));
  // Nothing has changed since the actions were chosen, and normalised advantages have the mean 0.
  CHECK(statistics.numbers.at("loss/policy") == Approx(0).margin(1e-5));
  CHECK(statistics.numbers.at("approximate_kl") == Approx(0).margin(1e-6));
  CHECK(statistics.numbers.at("clip_fraction") == 0.0);
  CHECK(statistics.numbers.at("learning_rate") == Approx(0.55e-3));
  CHECK(statistics.numbers.at("gradient_norm") > 0.0);
}

TEST_CASE("where the expert is not seen, its position teaches nothing") {
  const auto communicator = make_communicator(RankSettings{});
  const auto update_with_positions = [&](float offset, bool seen) {
    const auto network = small_network();
    Learner learner(one_update(), network, *communicator);
    RolloutBuffer rollout = random_rollout(network);
    at::Tensor visible = rollout.privileged.select(2, 3);
    const at::Tensor moved = visible.eq(seen ? 1 : 0).unsqueeze(2).to(at::kFloat) * offset;
    rollout.privileged.narrow(2, 0, 3).add_(moved);
    learner.update(rollout, 1, 0, 0.0);
    return copies(network->parameters());
  };
  const auto unchanged = update_with_positions(0.0F, false);
  CHECK(largest_difference(unchanged, update_with_positions(5.0F, false)) == 0.0);
  CHECK(largest_difference(unchanged, update_with_positions(5.0F, true)) > 1e-6);
}

TEST_CASE("the order loss rises from nothing over its share of the run") {
  const auto communicator = make_communicator(RankSettings{});
  const auto order_head_after = [&](double warmup_share, double progress) {
    const auto network = small_network();
    LearnerOptions options = one_update();
    options.heads["order_weight"] = 1;
    options.heads["order_warmup_share"] = warmup_share;
    Learner learner(options, network, *communicator);
    RolloutBuffer rollout = random_rollout(network);
    learner.update(rollout, 1, 0, progress);
    return named(network->parameters(), "order.guess.weight").detach().clone();
  };
  const auto untouched = small_network();
  const at::Tensor before = named(untouched->parameters(), "order.guess.weight");
  CHECK(at::equal(order_head_after(0.5, 0.0), before));
  CHECK(!at::equal(order_head_after(0.5, 0.25), before));
  CHECK(!at::equal(order_head_after(0.0, 0.0), before));
  CHECK(at::equal(order_head_after(0.5, 0.75), order_head_after(0.0, 0.75)));
}

TEST_CASE("the entropy bonus falls to its final share, linearly in progress") {
  const auto communicator = make_communicator(RankSettings{});
  const auto network_after = [&](double weight, double final_share, double progress) {
    const auto network = small_network();
    LearnerOptions options = one_update();
    options.entropy_weight = weight;
    options.final_entropy_share = final_share;
    Learner learner(options, network, *communicator);
    RolloutBuffer rollout = random_rollout(network);
    learner.update(rollout, 1, 0, progress);
    return copies(network->parameters());
  };
  CHECK(largest_difference(network_after(0.1, 0.2, 0.0), network_after(0.1, 1.0, 0.0)) == 0.0);
  CHECK(largest_difference(network_after(0.1, 0.2, 0.5), network_after(0.06, 1.0, 0.5)) < 1e-8);
  CHECK(largest_difference(network_after(0.1, 0.2, 1.0), network_after(0.02, 1.0, 1.0)) < 1e-8);
  CHECK(largest_difference(network_after(0.1, 0.2, 1.0), network_after(0.1, 1.0, 1.0)) > 1e-6);
}

TEST_CASE("without attention loss the attention head stays as it is") {
  const auto communicator = make_communicator(RankSettings{});
  for (double weight : {0.0, 1.0}) {
    const auto network = small_network();
    LearnerOptions options = one_update();
    options.heads["attention_weight"] = weight;
    Learner learner(options, network, *communicator);
    const auto head = [&] { return named(network->parameters(), "expert_place.guess.weight").detach().clone(); };
    const at::Tensor before = head();
    RolloutBuffer rollout = random_rollout(network);
    learner.update(rollout, 1, 0, 0.0);
    CHECK(at::equal(before, head()) == (weight == 0.0));
  }
}

TEST_CASE("a NaN or an infinity anywhere stops the update before it touches the network") {
  const auto communicator = make_communicator(RankSettings{});
  for (float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    for (int where = 0; where < 3; ++where) {
      const auto network = small_network();
      Learner learner(one_update(), network, *communicator);
      RolloutBuffer rollout = random_rollout(network);
      if (where == 0) rollout.observations[2][1][3] = bad;
      if (where == 1) rollout.returns[0][0] = bad;
      if (where == 2) rollout.advantages[0][0] = bad;
      const auto before = copies(network->parameters());
      CHECK_FALSE(learner.update(rollout, 1, 0, 0.0).finite);
      CHECK(largest_difference(before, copies(network->parameters())) == 0.0);
    }
  }
}

TEST_CASE("updates are repeatable, and minibatches depend on the iteration") {
  const auto communicator = make_communicator(RankSettings{});
  const auto updated = [&](std::uint64_t seed, std::int64_t iteration) {
    const auto network = small_network();
    Learner learner(LearnerOptions{}, network, *communicator);
    RolloutBuffer rollout = random_rollout(network);
    learner.update(rollout, seed, iteration, 0.0);
    return copies(network->parameters());
  };
  const auto first = updated(1, 5);
  CHECK(largest_difference(first, updated(1, 5)) == 0.0);
  CHECK(largest_difference(first, updated(1, 6)) > 0.0);
  CHECK(largest_difference(first, updated(2, 5)) > 0.0);
}

TEST_CASE("two ranks learn what one rank would from all their learners") {
  const auto communicator = make_communicator(RankSettings{});
  const auto whole = small_network();
  const RolloutBuffer data = random_rollout(whole);
  const auto before = copies(whole->parameters());
  LearnerOptions options = one_update();
  options.epochs = 2;
  LearnerStatistics expected;
  {
    Learner learner(options, whole, *communicator);
    RolloutBuffer rollout = part_of(data, 0, kLearners);
    expected = learner.update(rollout, 1, 0, 0.0);
  }
  std::vector<std::shared_ptr<Network>> networks;
  for (int rank = 0; rank < 2; ++rank) networks.push_back(small_network());
  {
    // The second rank's own start does not matter.
    at::NoGradGuard no_gradient;
    for (const Parameter& parameter : networks[1]->parameters()) at::Tensor(parameter.value).add_(1.0F);
  }
  std::vector<LearnerStatistics> statistics(2);
  run_ranks(2, [&](Communicator& rank_communicator) {
    const int rank = rank_communicator.rank();
    Learner learner(options, networks[static_cast<std::size_t>(rank)], rank_communicator);
    RolloutBuffer rollout = part_of(data, rank * kLearners / 2, kLearners / 2);
    statistics[static_cast<std::size_t>(rank)] = learner.update(rollout, 1, 0, 0.0);
  });
  REQUIRE(largest_difference(before, copies(whole->parameters())) > 1e-4);
  CHECK(largest_difference(copies(networks[0]->parameters()), copies(networks[1]->parameters())) == 0.0);
  CHECK(largest_difference(copies(networks[0]->parameters()), copies(whole->parameters())) < 1e-5);
  for (const LearnerStatistics& one : statistics) {
    CHECK(one.numbers.at("loss/attention") == Approx(expected.numbers.at("loss/attention")).epsilon(1e-4));
    CHECK(one.numbers.at("gradient_norm") == Approx(expected.numbers.at("gradient_norm")).epsilon(1e-4));
    CHECK(one.numbers.at("explained_variance") == Approx(expected.numbers.at("explained_variance")).epsilon(1e-6));
  }
}

TEST_CASE("a NaN on one rank stops all ranks alike") {
  const auto data_network = small_network();
  const RolloutBuffer data = random_rollout(data_network);
  std::vector<std::shared_ptr<Network>> networks{small_network(), small_network()};
  const auto before = copies(networks[0]->parameters());
  std::vector<LearnerStatistics> statistics(2);
  run_ranks(2, [&](Communicator& communicator) {
    const auto rank = static_cast<std::size_t>(communicator.rank());
    Learner learner(one_update(), networks[rank], communicator);
    RolloutBuffer rollout = part_of(data, 0, kLearners);
    if (rank == 1) rollout.returns[3][2] = std::numeric_limits<float>::quiet_NaN();
    statistics[rank] = learner.update(rollout, 1, 0, 0.0);
  });
  for (std::size_t rank = 0; rank < 2; ++rank) {
    CHECK_FALSE(statistics[rank].finite);
    CHECK(largest_difference(before, copies(networks[rank]->parameters())) == 0.0);
  }
}

TEST_CASE("the gradient steps that a GPU records are those of the CPU, on whatever device they are made") {
  std::vector<at::Device> devices = {at::kCPU};
  if (torch::cuda::is_available()) devices.emplace_back(at::kCUDA, 0);
  for (const char* memory : {"lstm", "events"})
    for (const at::Device& device : devices) {
      INFO(memory << " on " << device.str());
      LearnerOptions options;
      options.minibatches = 2;
      options.bf16 = false;
      options.blind_share = 0.5;
      const auto plain = small_network(memory), recorded = small_network(memory);
      const auto communicator = make_communicator();
      RolloutBuffer rollout = random_rollout(plain);
      RolloutBuffer there = moved(rollout, *plain, device);
      Learner learner(options, plain, *communicator);
      recorded->to(device);
      Adam adam(recorded->parameters(), options.learning_rate);
      RecordedUpdate update(options, *recorded, adam, *communicator);
      DeviceQueue queue(device, false);
      queue.follow_present();
      const DeviceQueue::Scope scope(queue);
      for (int iteration = 0; iteration < 3; ++iteration) {  // recorded for the first time, then done again
        learner.update(rollout, 5, iteration, 0.0);
        const RolloutSummary summary = summarise_rollout(there, *communicator);
        const auto plans = plan_minibatches(there, options.epochs, 2, 5, iteration, *communicator);
        update.begin(options, there, summary.normalised_advantages, plans);
        CHECK(update.finish().steps == static_cast<int>(plans.size()));
      }
      // Adam makes whole steps of gradients that are next to nothing, whose sign is rounding: all of them count.
      double apart = 0, way = 0;
      const auto wanted = copies(plain->parameters()), begun = copies(small_network(memory)->parameters());
      const auto other = copies(recorded->parameters());
      for (std::size_t i = 0; i < wanted.size(); ++i) {
        apart += (other[i].to(at::kCPU) - wanted[i]).square().sum().item<double>();
        way += (begun[i] - wanted[i]).square().sum().item<double>();
      }
      CHECK(std::sqrt(apart / way) < 0.02);
    }
}

TEST_CASE("recorded steps along what is no number change nothing and are counted as not taken") {
  const auto network = small_network();
  const auto communicator = make_communicator();
  RolloutBuffer rollout = random_rollout(network);
  rollout.returns[0][0] = std::numeric_limits<float>::quiet_NaN();
  const LearnerOptions options = one_update();
  Adam adam(network->parameters(), options.learning_rate);
  RecordedUpdate update(options, *network, adam, *communicator);
  const std::vector<at::Tensor> before = copies(network->parameters());
  update.begin(options, rollout, rollout.advantages, plan_minibatches(rollout, 1, 1, 1, 0, *communicator));
  CHECK(update.finish().steps == 0);
  CHECK(largest_difference(before, copies(network->parameters())) == 0);
}
