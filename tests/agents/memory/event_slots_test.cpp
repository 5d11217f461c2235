#include "agents/memory/event_slots.h"

#include "sim/episode/episode.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

using Slots = EventSlots;
const LidarOptions kLidar{4, {0.0F}};
const ObservationLayout kLayout = observation_layout(kLidar);

struct Memory {
  std::vector<float> slots = std::vector<float>(Slots::kSize, 0.0F);
  Slots rule{kLayout};

  float at(int field, int slot) const { return slots[static_cast<std::size_t>(field * Slots::kLanes + slot)]; }
  Vec3 colour(int slot, int field = Slots::kColour) const {
    return {at(field, slot), at(field + 1, slot), at(field + 2, slot)};
  }
  void see(const std::vector<float>& observation) { rule.update(observation.data(), slots.data()); }
  void enter(const Vec3& colour, float reward) { see(observation_of(true, colour, reward)); }
  void leave() { see(observation_of(false, Vec3::Zero(), 0)); }

  static std::vector<float> observation_of(bool inside, const Vec3& colour, float reward) {
    std::vector<float> row(static_cast<std::size_t>(kLayout.size));
    const auto number = [&](const char* name) -> float& {
      return row[static_cast<std::size_t>(kLayout.find(name)->offset)];
    };
    number("inside_goal") = inside ? 1.0F : 0.0F;
    number("inside_goal_red") = colour.x();
    number("inside_goal_green") = colour.y();
    number("inside_goal_blue") = colour.z();
    number("last_reward") = reward;
    number("control_interval") = 1;
    return row;
  }
};

}  // namespace

TEST_CASE("an entry is written down once, with its colour, what came before it, and what it paid; newest first") {
  Memory memory;
  const Vec3 red(1, 0, 0), teal(0.1F, 0.6F, 0.5F);
  memory.leave();
  CHECK(memory.at(Slots::kWritten, 0) == 0);
  memory.enter(red, 1);
  memory.enter(red, 0);  // still in it
  memory.leave();
  memory.enter(red, 0);  // again the same: no news, and no reward by the rules
  memory.enter(teal, -1);
  CHECK(memory.colour(0) == teal);
  CHECK(memory.colour(0, Slots::kPrevious) == red);
  CHECK(memory.at(Slots::kReward, 0) == -1);
  CHECK(memory.at(Slots::kColourLength, 0) == Approx(teal.squaredNorm()));
  CHECK(memory.at(Slots::kPreviousLength, 0) == Approx(1));
  CHECK(memory.colour(1) == red);
  CHECK(memory.at(Slots::kReward, 1) == 1);
  CHECK(memory.at(Slots::kPreviousLength, 1) == Slots::kNothingBefore);
  CHECK(memory.at(Slots::kRecency, 0) == 1);
  CHECK(memory.at(Slots::kRecency, 1) == 0.5F);
  for (int slot = 2; slot < Slots::kSlots; ++slot)
    for (int field = 0; field < Slots::kFields; ++field) CHECK(memory.at(field, slot) == 0);
}

TEST_CASE("a full memory forgets its oldest entry, and the null slot stays empty") {
  Memory memory;
  for (int k = 0; k < Slots::kSlots + 4; ++k) memory.enter(Vec3(static_cast<float>(k), 0, 0), 1);
  CHECK(memory.at(Slots::kColour, 0) == Slots::kSlots + 3);
  CHECK(memory.at(Slots::kColour, Slots::kSlots - 1) == 4);
  for (int field = 0; field < Slots::kFields; ++field)
    CHECK(memory.at(field, Slots::kNull) == (field == Slots::kIsNull || field == Slots::kPresent ? 1 : 0));
}

TEST_CASE("where an entry was is known by dead reckoning, at any control rate") {
  for (const float rate : {10.0F, 30.0F}) {
    TaskParameters parameters;
    parameters.arena_size = 14;
    parameters.bumpiness = 0.25F;
    parameters.upright_density = parameters.low_bar_density = parameters.overhead_bar_density = 0;
    parameters.control_rate = rate;
    const auto task = std::make_shared<const Task>(generate_task(parameters, 11));
    const LidarCaster caster(kLidar);
    EpisodeSpec spec;
    spec.parameters = parameters;
    spec.steps = parameters.episode_steps();
    spec.presence.assign(1, {PresenceKind::solo, false, {}});
    Episode episode(spec, task, nullptr, caster);
    Memory memory;
    Random random(3);
    std::vector<float> observation(static_cast<std::size_t>(kLayout.size));
    std::optional<Vec3> entered;  // where the newest entry was
    float known = 0;
    int compared = 0;
    double error = 0;
    Action action;
    while (!episode.finished()) {
      if (episode.step_count() % 8 == 0)
        action = {.forward = 1, .strafe = random.uniform() - 0.5F, .turn = 2 * random.uniform() - 1};
      episode.step(std::span(&action, 1));
      episode.observe(0, observation);
      memory.see(observation);
      const AvatarState& self = episode.learner_avatar(0);
      if (memory.at(Slots::kWritten, 0) > 0 && memory.colour(0).sum() != known) {
        known = memory.colour(0).sum();
        entered = self.feet;
      }
      if (!entered || (self.feet - *entered).norm() < 1) continue;
      const Vec3 truth = in_yaw_frame(*entered - self.feet, self.yaw);
      const Vec3 believed = Vec3(memory.at(Slots::kPlace, 0), memory.at(Slots::kPlace + 1, 0), 0) * 10;
      error += static_cast<double>((truth - believed).head<2>().norm());
      ++compared;
    }
    REQUIRE(compared > 100);
    CHECK(error / compared < 1.0);  // m; a goal is 2 m wide
  }
}

TEST_CASE("slots written by tensor operations are those of the rule, whatever is entered and wherever one walks") {
  seed_weights(9);
  constexpr std::int64_t kRows = 12, kSteps = 80;
  const Slots rule(kLayout);
  const at::Tensor colours = at::rand({4, 3});
  const auto at_slice = [](const at::Tensor& rows, const char* name) {
    const ObservationSlice* slice = kLayout.find(name);
    return rows.narrow(1, slice->offset, slice->length);
  };
  at::Tensor by_rule = at::zeros({kRows, Slots::kSize}), by_tensors = by_rule;
  for (std::int64_t step = 0; step < kSteps; ++step) {
    const at::Tensor rows = at::randn({kRows, kLayout.size});
    at_slice(rows, "inside_goal").bernoulli_(0.5);
    at_slice(rows, "control_interval").uniform_(0.5, 3);
    rows.narrow(1, kLayout.find("inside_goal_red")->offset, 3).copy_(colours.index_select(0, at::randint(4, {kRows})));
    by_tensors = rule.updated_by_tensors(rows, by_tensors);
    for (std::int64_t row = 0; row < kRows; ++row)
      rule.update(rows.data_ptr<float>() + row * kLayout.size, by_rule.data_ptr<float>() + row * Slots::kSize);
    REQUIRE(at::allclose(by_tensors, by_rule, 1e-4, 1e-4));
  }
  CHECK(by_rule.view({kRows, Slots::kFields, Slots::kLanes})[0][Slots::kWritten][Slots::kSlots - 1].item<float>() == 1);
}
