#include "sim/episode/privileged.h"

#include <set>
#include <vector>

#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr float kQuarterTurn = 1.5707963F;

/// Four goals in the order 1, 2, 0, 3, and a learner that looks to the left.
struct World {
  World() {
    for (int i = 0; i < 4; ++i) {
      const auto number = static_cast<float>(i);
      task.goals.push_back({Vec3(number, 3, 1), 1, Vec3(number, 0.5F, 0.1F * number)});
    }
    task.order = {1, 2, 0, 3};
    learner.feet = Vec3(2, 1, 0);
    learner.yaw = kQuarterTurn;
    expert.feet = Vec3(2, 6, 0.5F);
    history.last_goal = 1;
    history.direction = 1;
  }
  PrivilegedView view() const { return {task, learner, expert, visible, history, expert_history}; }
  std::vector<float> all(float before = 0) const {
    std::vector<float> numbers(kPrivilegedSize, before);
    write_privileged(view(), numbers);
    return numbers;
  }
  std::vector<float> target(std::string_view name) const {
    const auto [offset, length] = privileged_slice(name);
    const std::vector<float> numbers = all();
    return {numbers.begin() + offset, numbers.begin() + offset + length};
  }

  Task task;
  AvatarState learner, expert;
  bool visible = true;
  GoalHistory history, expert_history;
};

}  // namespace

TEST_CASE("privileged targets lie side by side under names of their own and fill the row") {
  std::set<std::string_view> names;
  int offset = 0;
  for (const PrivilegedTarget& target : kPrivilegedTargets) {
    const PrivilegedSlice slice = privileged_slice(target.name);
    CHECK(slice.offset == offset);
    CHECK(slice.length == target.length);
    CHECK(slice.mask() == offset + target.length - 1);
    offset += target.length;
    names.insert(target.name);
  }
  CHECK(offset == kPrivilegedSize);
  CHECK(names.size() == kPrivilegedTargets.size());
  CHECK(privileged_slice("nothing").length == 0);
}

TEST_CASE("each privileged target writes all of its numbers and no other, and the last of them is a mask") {
  for (const bool known : {true, false}) {
    World world;
    world.visible = known;
    if (!known) world.history = {};
    for (const PrivilegedTarget& target : kPrivilegedTargets) {
      INFO(target.name);
      constexpr float kBefore = 77;
      constexpr std::size_t kGuard = 8;
      const auto length = static_cast<std::size_t>(target.length);
      std::vector<float> memory(length + 2 * kGuard, kBefore);
      target.write(world.view(), std::span(memory).subspan(kGuard, length));
      for (std::size_t i = 0; i < memory.size(); ++i)
        CHECK((memory[i] == kBefore) == (i < kGuard || i >= kGuard + length));
      CHECK(memory[kGuard + length - 1] == (known ? 1.0F : 0.0F));
    }
    CHECK(world.all(55) == world.all(-77));
  }
}

TEST_CASE("the expert's place is its position in the own yaw frame, in tens of metres, hidden or not") {
  World world;
  for (const bool visible : {true, false}) {
    world.visible = visible;
    const std::vector<float> target = world.target("expert_place");
    CHECK(target[0] == Approx(0.5));
    CHECK(target[1] == Approx(0).margin(1e-6));
    CHECK(target[2] == Approx(0.05));
    CHECK(target[3] == (visible ? 1 : 0));
  }
}

TEST_CASE("the order target is where the next goal lies from the learner, and the colours of those to come") {
  World world;
  const std::vector<double> expected = {0.2, 0, 0.1, 2, 0.5, 0.2, 0, 0.5, 0, 3, 0.5, 0.3, 1};
  const std::vector<float> target = world.target("order");
  REQUIRE(target.size() == expected.size());
  for (std::size_t i = 0; i < target.size(); ++i) CHECK(target[i] == Approx(expected[i]).margin(1e-6));
}

TEST_CASE("which way the order runs is told by the learner's own run or else the expert's; else all is 0") {
  World world;
  const std::vector<float> own = world.target("order");
  world.history.direction = 0;
  for (const float value : world.target("order")) CHECK(value == 0);
  world.expert_history.direction = 1;
  CHECK(world.target("order") == own);
  world.expert_history.direction = -1;
  CHECK(world.target("order") != own);
}
