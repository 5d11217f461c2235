// Counts what the whole program asks the heap for. Left out under the sanitizers, whose own `operator new` checks more.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

#include <LinearMath/btAlignedAllocator.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "sim/episode/episode.h"
#include "sim/episode/presence_timeline.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/wanderer.h"

namespace {

std::atomic<long> news{0}, bullet_allocations{0};

void* allocate_for_bullet(std::size_t size) {
  bullet_allocations.fetch_add(1, std::memory_order_relaxed);
  return std::malloc(size);
}

}  // namespace

// The array, nothrow and sized forms call these by default.
void* operator new(std::size_t size) {
  news.fetch_add(1, std::memory_order_relaxed);
  if (void* memory = std::malloc(size > 0 ? size : 1)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

using namespace medal;

namespace {

struct Allocations {
  long news, by_bullet;
};

/// During 550 steps after 50 for warming up.
Allocations allocations_of_steps(const TaskParameters& parameters, std::uint64_t seed, int learners) {
  EpisodeSpec spec;
  spec.parameters = parameters;
  spec.steps = 600;
  spec.presence.assign(static_cast<std::size_t>(learners), fixed_presence(PresenceKind::half, spec.steps));
  const LidarCaster caster{LidarOptions{}};
  Episode episode(spec, std::make_shared<const Task>(generate_task(parameters, seed)), std::make_unique<Wanderer>(seed),
                  caster);
  std::vector<float> row(static_cast<std::size_t>(observation_size(caster.options())));
  std::vector<std::vector<Action>> actions;
  for (int step = 0; step < spec.steps; ++step) actions.push_back(wander_all(seed, learners, step));
  Allocations before{};
  for (int step = 0; step < spec.steps; ++step) {
    if (step == 50) before = {news, bullet_allocations};
    episode.step(actions[static_cast<std::size_t>(step)]);
    for (int k = 0; k < learners; ++k) episode.observe(k, row);
  }
  return {news - before.news, bullet_allocations - before.by_bullet};
}

}  // namespace

TEST_CASE("stepping and observing allocate nothing, on bare ground and among obstacles") {
  // Bullet's own arrays double in size a few times, when more contacts come together than ever before in the episode.
  constexpr long kBulletGrowth = 20;
  btAlignedAllocSetCustom(allocate_for_bullet, std::free);
  TaskParameters bare;
  bare.upright_density = bare.low_bar_density = bare.overhead_bar_density = 0;
  for (const TaskParameters& parameters : {bare, TaskParameters{}})
    for (std::uint64_t seed = 1; seed < 6; ++seed)
      for (const int learners : {1, 4, kMaximumLearners}) {
        const Allocations counted = allocations_of_steps(parameters, seed, learners);
        CHECK(counted.news == 0);
        CHECK(counted.by_bullet <= kBulletGrowth);
      }
  // The counters do count: building the worlds took memory of both kinds.
  CHECK(news.load() > 1000);
  CHECK(bullet_allocations.load() > 1000);
}

#endif
