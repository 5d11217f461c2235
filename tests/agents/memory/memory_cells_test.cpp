#include "agents/memory/memories.h"
#include "agents/memory/memory_cell.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

constexpr std::int64_t kSteps = 7, kBatch = 4, kInputs = 5, kWidth = 6;
const LidarOptions kLidar{3, {0.0F}};

struct Cell {
  std::string name;
  Parameters parameters;
  std::unique_ptr<MemoryCell> memory;
};

/// Each kind that there is.
std::vector<std::unique_ptr<Cell>> all_cells() {
  std::vector<std::unique_ptr<Cell>> cells;
  for (const MemoryKind& kind : memory_kinds()) {
    seed_weights(31);
    auto cell = std::make_unique<Cell>();
    cell->name = kind.name;
    cell->memory = kind.make({ParameterScope(cell->parameters), kInputs, kWidth, observation_layout(kLidar)});
    cells.push_back(std::move(cell));
  }
  return cells;
}

int offset_of(std::string_view name) { return observation_layout(kLidar).find(name)->offset; }

/// Rows of random senses in which a learner is inside a goal of one of three colours now and then.
MemoryInput random_input() {
  MemoryInput input{at::randn({kSteps * kBatch, kInputs}), at::randn({kSteps * kBatch, observation_size(kLidar)}), {}};
  const at::Tensor colours = at::rand({3, 3});
  for (std::int64_t row = 0; row < kSteps * kBatch; ++row) {
    at::Tensor seen = input.observations[row];
    const bool inside = at::rand({1}).item<float>() < 0.5F;
    seen[offset_of("inside_goal")] = inside ? 1 : 0;
    const auto which = at::randint(0, 3, {1}).item<std::int64_t>();
    seen.narrow(0, offset_of("inside_goal_red"), 3).copy_(inside ? colours[which] : at::zeros({3}));
  }
  return input;
}

MemoryInput rows_of_step(const MemoryInput& input, std::int64_t step) {
  return {input.encoded.narrow(0, step * kBatch, kBatch), input.observations.narrow(0, step * kBatch, kBatch), {}};
}

}  // namespace

TEST_CASE("stepping a memory gives what its unroll gives, with episodes that start inside", "[simd]") {
  for (const auto& cell : all_cells()) {
    INFO(cell->name);
    const MemoryInput input = random_input();
    const at::Tensor starts = (at::rand({kSteps, kBatch}) < 0.3).to(at::kFloat);
    at::Tensor state = at::zeros({kBatch, cell->memory->state_size()});
    const MemoryOutput whole = cell->memory->unroll(input, state, starts);
    REQUIRE(whole.out.sizes() == at::IntArrayRef({kSteps * kBatch, cell->memory->output_size()}));
    CHECK(whole.reads.defined() == (cell->memory->read_size() > 0));
    at::NoGradGuard no_gradient;
    for (std::int64_t t = 0; t < kSteps; ++t) {
      cell->memory->clear(state, starts[t]);
      const MemoryOutput step = cell->memory->step(rows_of_step(input, t), state);
      CHECK(at::allclose(step.out, whole.out.narrow(0, t * kBatch, kBatch), 1e-4, 1e-5));
      if (whole.reads.defined()) CHECK(at::allclose(step.reads, whole.reads.narrow(0, t * kBatch, kBatch), 1e-4, 1e-5));
    }
  }
}

TEST_CASE("nothing of an episode reaches the next one", "[simd]") {
  for (const auto& cell : all_cells()) {
    INFO(cell->name);
    const MemoryInput input = random_input();
    MemoryInput other = random_input();
    constexpr std::int64_t kStart = 3;
    for (at::Tensor MemoryInput::*part : {&MemoryInput::encoded, &MemoryInput::observations})
      (other.*part)
          .narrow(0, kStart * kBatch, (kSteps - kStart) * kBatch)
          .copy_((input.*part).narrow(0, kStart * kBatch, (kSteps - kStart) * kBatch));
    at::Tensor starts = at::zeros({kSteps, kBatch});
    starts[kStart].fill_(1.0F);
    const at::Tensor state = at::zeros({kBatch, cell->memory->state_size()});
    const MemoryOutput one = cell->memory->unroll(input, state, starts),
                       two = cell->memory->unroll(other, state, starts);
    const auto after = [](const at::Tensor& rows) {
      return rows.narrow(0, kStart * kBatch, (kSteps - kStart) * kBatch);
    };
    CHECK(at::equal(after(one.out), after(two.out)));
    if (one.reads.defined()) CHECK(at::equal(after(one.reads), after(two.reads)));
  }
}

TEST_CASE("a memory's gradients are those of finite differences", "[simd]") {
  for (const auto& cell : all_cells()) {
    MemoryInput input = random_input();
    input.encoded.requires_grad_();
    const at::Tensor starts = (at::rand({kSteps, kBatch}) < 0.2).to(at::kFloat);
    const at::Tensor state = at::zeros({kBatch, cell->memory->state_size()});
    at::Tensor weights = at::randn({kSteps * kBatch, cell->memory->output_size() + cell->memory->read_size()});
    const auto value = [&] {
      const MemoryOutput output = cell->memory->unroll(input, state, starts);
      const at::Tensor all = output.reads.defined() ? at::cat({output.out, output.reads}, 1) : output.out;
      return (all * weights).to(at::kDouble).sum();
    };
    value().backward();
    std::vector<std::pair<std::string, at::Tensor>> learnt = {{"encoded", input.encoded}};
    for (const Parameter& parameter : cell->parameters) learnt.emplace_back(parameter.name, parameter.value);
    for (const auto& [name, tensor] : learnt) {
      INFO(cell->name << ", " << name);
      REQUIRE(tensor.grad().defined());
      // Along a random direction, by four points: floats allow no finer step, and attention bends.
      constexpr float kStep = 1e-3F;
      const at::Tensor direction = at::randn(tensor.sizes());
      at::NoGradGuard no_gradient;
      at::Tensor moving = tensor;
      const auto value_at = [&](float steps) {
        moving.add_(direction, steps * kStep);
        const double result = value().item<double>();
        moving.sub_(direction, steps * kStep);
        return result;
      };
      const double slope =
          (8 * (value_at(1) - value_at(-1)) - (value_at(2) - value_at(-2))) / (12 * static_cast<double>(kStep));
      const double expected = (tensor.grad() * direction).sum().item<double>();
      CHECK(slope == Approx(expected).epsilon(0.05).margin(0.03));
    }
  }
}
