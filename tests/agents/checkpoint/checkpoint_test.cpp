#include "agents/checkpoint/checkpoint.h"

#include <cstring>
#include <fstream>

#include "agents/checkpoint/rank_state.h"
#include "agents/network/network.h"
#include "agents/optimizer/adam.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

const LidarOptions kLidar{3, {0.0F}};
const int kObservationSize = observation_size(kLidar);

Network small_network(std::uint64_t seed) {
  seed_weights(seed);
  NetworkOptions options;
  options.encoder_size = 8;
  options.memory_size = 8;
  return Network(options, observation_layout(kLidar));
}

/// Runs a few Adam updates on an arbitrary loss.
void train(const Network& network, Adam& optimizer, int updates) {
  for (int i = 0; i < updates; ++i) {
    for (const Parameter& parameter : network.parameters()) parameter.value.mutable_grad() = at::Tensor();
    const auto output = network.unroll(at::ones({4, 3, kObservationSize}), at::zeros({3, network.memory_state_size()}),
                                       at::zeros({4, 3}));
    (output.action_parameters.pow(2).mean() + output.value.mean() + output.guesses[0].abs().mean()).backward();
    optimizer.step();
  }
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string error_of(const std::filesystem::path& file) {
  try {
    Checkpoint checkpoint(file);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

std::filesystem::path write_sample(const std::filesystem::path& folder) {
  Network network = small_network(1);
  Adam optimizer(network.parameters(), 1e-3);
  train(network, optimizer, 1);
  save_checkpoint(folder / "sample.medal", CheckpointHeader{}, network, optimizer, {});
  return folder / "sample.medal";
}

}  // namespace

TEST_CASE("training goes on from a checkpoint as if it had not stopped") {
  const TemporaryFolder folder("checkpoint");
  Network network = small_network(1);
  Adam optimizer(network.parameters(), 1e-2);
  train(network, optimizer, 3);
  save_checkpoint(folder.path / "a.medal", CheckpointHeader{}, network, optimizer, {});
  train(network, optimizer, 3);

  Network other = small_network(2);
  Adam other_optimizer(other.parameters(), 1e-2);
  const Checkpoint checkpoint(folder.path / "a.medal");
  checkpoint.load_parameters(other);
  checkpoint.load_optimizer(other, other_optimizer);
  train(other, other_optimizer, 3);

  const auto expected = copies(network.parameters()), actual = copies(other.parameters());
  REQUIRE(expected.size() == actual.size());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(at::equal(expected[i], actual[i]));
}

TEST_CASE("the live state of learners without memory is read back") {
  RankState state;
  state.memory = at::zeros({5, 0});
  state.starts = at::ones({5});
  CHECK(unpack_rank_state(pack_rank_state(state), program_version()).memory.sizes() == state.memory.sizes());
}

TEST_CASE("a rank's live state survives packing bit for bit") {
  RankState state;
  state.memory = at::randn({5, 6});
  state.starts = at::tensor({0.0F, 1.0F, 0.0F, 0.0F, 1.0F});
  WorldRecord record;
  record.world = 3;
  record.episode = 41;
  record.spec.parameters.penalty = 0.7F;
  record.spec.parameters.expert = ExpertKind::noisy;
  record.spec.seed = 0xFFFFFFFFFFFFFFF1ULL;
  record.spec.presence = {PresenceTimeline{PresenceKind::markov, true, {3, 9, 27}}, PresenceTimeline{}};
  record.spec.steps = 600;
  record.spec.geometry_seed = 0xFFFFFFFFFFFFFFF7ULL;
  record.spec.common_spawn = true;
  record.spec.tag = 6;
  record.task_replaced = true;
  record.actions = {Action{.forward = 0.1F, .strafe = -0.2F, .turn = 1.0F / 3.0F, .jump = 1}, Action{}};
  record.state_hash = 0xABCDEF0123456789ULL;
  state.worlds.push_back(record);

  const RankState copy = unpack_rank_state(pack_rank_state(state), program_version());
  CHECK(at::equal(copy.memory, state.memory));
  CHECK(at::equal(copy.starts, state.starts));
  REQUIRE(copy.worlds.size() == 1);
  const WorldRecord& world = copy.worlds[0];
  CHECK(world.world == 3);
  CHECK(world.episode == 41);
  CHECK(world.spec.parameters == record.spec.parameters);
  CHECK(world.spec.seed == record.spec.seed);
  CHECK((world.spec.presence == record.spec.presence));
  CHECK(world.spec.geometry_seed == record.spec.geometry_seed);
  CHECK(world.spec.common_spawn);
  CHECK(world.spec.steps == 600);
  CHECK(world.spec.tag == 6);
  CHECK(world.task_replaced);
  CHECK(world.state_hash == record.state_hash);
  REQUIRE(world.actions.size() == 2);
  for (std::size_t i = 0; i < 2; ++i) CHECK(std::memcmp(&world.actions[i], &record.actions[i], sizeof(Action)) == 0);
}

TEST_CASE("a truncated checkpoint is refused by name wherever it was cut") {
  const TemporaryFolder folder("checkpoint");
  const std::string whole = read_file(write_sample(folder.path));
  for (const std::size_t length :
       {std::size_t{0}, std::size_t{7}, std::size_t{20}, whole.size() / 2, whole.size() - 1}) {
    write_file_atomically(folder.path / "cut.medal", whole.substr(0, length));
    const std::string message = error_of(folder.path / "cut.medal");
    INFO("length " << length << ": " << message);
    CHECK(message.find("cut.medal") != std::string::npos);
    CHECK(message.find('\n') == std::string::npos);
  }
}

TEST_CASE("a flipped bit anywhere in a checkpoint is noticed") {
  const TemporaryFolder folder("checkpoint");
  const std::string whole = read_file(write_sample(folder.path));
  for (const double share : {0.001, 0.2, 0.5, 0.9, 0.999}) {
    std::string damaged = whole;
    damaged[static_cast<std::size_t>(share * static_cast<double>(whole.size()))] ^= 4;
    write_file_atomically(folder.path / "damaged.medal", damaged);
    CHECK(!error_of(folder.path / "damaged.medal").empty());
  }
}

TEST_CASE("missing and foreign files are told apart from checkpoints") {
  const TemporaryFolder folder("checkpoint");
  CHECK(error_of(folder.path / "none.medal").find("cannot be opened") != std::string::npos);
  write_file_atomically(folder.path / "foreign.medal", std::string(4096, 'x'));
  CHECK(error_of(folder.path / "foreign.medal").find("not a Medal checkpoint") != std::string::npos);
}

TEST_CASE("a checkpoint of another network is refused") {
  const TemporaryFolder folder("checkpoint");
  const Checkpoint checkpoint(write_sample(folder.path));
  NetworkOptions options;
  options.encoder_size = 16;
  options.memory_size = 8;
  Network other(options, observation_layout(kLidar));
  CHECK_THROWS_AS(checkpoint.load_parameters(other), UserError);
}

TEST_CASE("an agent saved alone has the same network and nothing to go on from") {
  const TemporaryFolder folder("checkpoint");
  const Checkpoint whole(write_sample(folder.path));
  Network network = small_network(2);
  whole.load_parameters(network);
  for (const char* name : {"agent.medal", "again.medal"}) save_agent(folder.path / name, whole.header(), network);
  const Checkpoint agent(folder.path / "agent.medal");
  CHECK(agent.parameter_hash() == whole.parameter_hash());
  CHECK(!agent.has_live_state());
  CHECK(read_file(folder.path / "agent.medal") == read_file(folder.path / "again.medal"));
  Network other = small_network(3);
  agent.load_parameters(other);
  const auto expected = copies(network.parameters()), actual = copies(other.parameters());
  for (std::size_t i = 0; i < expected.size(); ++i) CHECK(at::equal(expected[i], actual[i]));
}

TEST_CASE("an agent with memory is refused by a network without, where all else fits") {
  const TemporaryFolder folder("checkpoint");
  const Checkpoint checkpoint(write_sample(folder.path));
  NetworkOptions options;
  options.encoder_size = 8;
  options.memory_size = 8;
  options.memory = memory_kind("none");
  Network other(options, observation_layout(kLidar));
  const std::string message = user_error_of([&] { checkpoint.load_parameters(other); });
  CHECK(message.find("does not fit this network (memory") != std::string::npos);
}
