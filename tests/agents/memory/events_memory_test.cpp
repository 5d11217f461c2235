#include <array>

#include "agents/memory/event_slots.h"
#include "agents/memory/memories.h"
#include "agents/memory/memory_cell.h"
#include "sim/base/random.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

constexpr std::int64_t kInputs = 5, kWidth = 6;
const LidarOptions kLidar{4, {0.0F}};
const ObservationLayout kLayout = observation_layout(kLidar);

struct Events {
  Parameters parameters;
  std::unique_ptr<MemoryCell> memory;
  at::Tensor state;

  explicit Events(const char* kind) {
    seed_weights(8);
    memory = memory_kinds()[static_cast<std::size_t>(memory_kind(kind))].make(
        {ParameterScope(parameters), kInputs, kWidth, kLayout});
    state = at::zeros({1, memory->state_size()});
  }

  /// What is read after a step inside a goal of that colour.
  at::Tensor enter(const std::array<float, 3>& colour, float reward) {
    at::Tensor observation = at::zeros({1, kLayout.size});
    observation[0][kLayout.find("inside_goal")->offset] = 1;
    for (int c = 0; c < 3; ++c)
      observation[0][kLayout.find("inside_goal_red")->offset + c] = colour[static_cast<std::size_t>(c)];
    observation[0][kLayout.find("last_reward")->offset] = reward;
    observation[0][kLayout.find("control_interval")->offset] = 1;
    return memory->step({at::zeros({1, kInputs}), observation, {}}, state).reads[0];
  }
};

/// Random colours, at least 0.45 apart.
std::vector<std::array<float, 3>> random_colours(int count, Random& random) {
  std::vector<std::array<float, 3>> colours;
  while (static_cast<int>(colours.size()) < count) {
    const std::array<float, 3> colour = {random.uniform(), random.uniform(), random.uniform()};
    const auto far = [&](const std::array<float, 3>& other) {
      float sum = 0;
      for (std::size_t c = 0; c < 3; ++c) sum += (colour[c] - other[c]) * (colour[c] - other[c]);
      return sum >= 0.45F * 0.45F;
    };
    if (std::all_of(colours.begin(), colours.end(), far)) colours.push_back(colour);
  }
  return colours;
}

}  // namespace

TEST_CASE("a new episodic memory tells what followed a goal when it was entered last, for colours never seen before",
          "[simd]") {
  for (const char* kind : {"events", "events_only"}) {
    Random random(5);
    for (int episode = 0; episode < 50; ++episode) {
      Events events(kind);
      const auto colours = random_colours(6, random);
      for (const auto& colour : colours) events.enter(colour, 1);
      for (std::size_t i = 0; i < colours.size(); ++i) {  // the second lap
        const at::Tensor read = events.enter(colours[i], 1);
        const auto& next = colours[(i + 1) % colours.size()];
        for (std::size_t c = 0; c < 3; ++c)
          CHECK(read[static_cast<std::int64_t>(c)].item<float>() == Approx(next[c]).margin(0.12));
      }
    }
  }
}

TEST_CASE("on the first lap nothing follows yet, and the null slot says so", "[simd]") {
  Random random(6);
  Events events("events");
  for (const auto& colour : random_colours(4, random)) {
    const at::Tensor read = events.enter(colour, 1);
    CHECK(read[EventSlots::kIsNull].item<float>() > 0.8F);
    CHECK(read[EventSlots::kWritten].item<float>() < 0.2F);
  }
}

TEST_CASE("who may not read sees nothing of what was written, keeps writing, and reads it when allowed again") {
  Random random(7);
  const auto colours = random_colours(4, random);
  Events blind("events"), seeing("events");
  blind.memory->allow_reading(blind.state, at::zeros({1}));
  for (int lap = 0; lap < 2; ++lap)
    for (const auto& colour : colours) {
      const at::Tensor read = blind.enter(colour, 1), wanted = seeing.enter(colour, 1);
      CHECK(read.narrow(0, 0, read.size(0) - 1).abs().max().item<float>() == 0);
      CHECK(wanted.abs().max().item<float>() > 0);
    }
  blind.memory->clear(blind.state, at::zeros({1}));  // no episode begins
  blind.memory->allow_reading(blind.state, at::ones({1}));
  CHECK(at::equal(blind.enter(colours[0], 1), seeing.enter(colours[0], 1)));

  blind.memory->allow_reading(blind.state, at::zeros({1}));
  blind.memory->clear(blind.state, at::ones({1}));
  CHECK(blind.enter(colours[1], 1).abs().sum().item<float>() == 1);  // still blind; only the constant is told
}
