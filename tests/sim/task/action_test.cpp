#include "sim/task/action.h"

#include <algorithm>
#include <functional>
#include <limits>
#include <set>

#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("an action's components are its members, in their order and each once, under names of their own") {
  Action action;
  const float* members = &(action.*kActionComponents[0].value);
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kActionComponents.size(); ++i) {
    CHECK(&(action.*kActionComponents[i].value) == members + i);
    CHECK_FALSE(kActionComponents[i].name.empty());
    names.insert(kActionComponents[i].name);
  }
  CHECK(static_cast<const void*>(members) == &action);
  CHECK(names.size() == kActionComponents.size());
}

TEST_CASE("an action that nothing was said of asks for nothing, and each component alone can ask for something") {
  CHECK(is_idle(Action{}));
  for (const ActionComponent& component : kActionComponents) {
    INFO(component.name);
    CHECK(component.is_idle(Action{}));
    Action action;
    action.*component.value = component.bins.back();
    CHECK_FALSE(component.is_idle(action));
    CHECK_FALSE(is_idle(action));
    for (const ActionComponent& other : kActionComponents)
      if (other.name != component.name) CHECK(other.is_idle(action));
  }
}

TEST_CASE("bins rise within [-1, 1] up to the full wish, and rest is one of them; a posture is off or on") {
  for (const ActionComponent& component : kActionComponents) {
    INFO(component.name);
    CHECK(std::is_sorted(component.bins.begin(), component.bins.end(), std::less_equal<>()));
    CHECK(component.bins.front() >= -1.0F);
    CHECK(component.bins.back() == 1.0F);
    CHECK(std::count(component.bins.begin(), component.bins.end(), component.idle()) == 1);
    if (!component.posture) continue;
    REQUIRE(component.bins.size() == 2);
    CHECK(component.bins[0] == component.idle());
    CHECK(component.bins[0] <= 0.0F);
  }
}

TEST_CASE("clamping brings each component into [-1, 1] and leaves what is there alone") {
  constexpr float kMost = std::numeric_limits<float>::max();
  for (const ActionComponent& component : kActionComponents) {
    INFO(component.name);
    for (const auto& [wish, taken] :
         {std::pair(kMost, 1.0F), {1.5F, 1.0F}, {0.3F, 0.3F}, {-1.0F, -1.0F}, {-7.0F, -1.0F}}) {
      Action action;
      action.*component.value = wish;
      CHECK(clamped(action).*component.value == taken);
      for (const ActionComponent& other : kActionComponents)
        if (other.name != component.name) CHECK(clamped(action).*other.value == other.idle());
    }
  }
}
