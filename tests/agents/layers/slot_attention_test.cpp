#include "agents/layers/slot_attention.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

TEST_CASE("slot attention in one node has the answers and the gradients of plain tensor operations", "[simd]") {
  for (const std::int64_t lanes : {5, 16}) {
    seed_weights(static_cast<std::uint64_t>(lanes));
    constexpr std::int64_t kChannels = 7, kQueries = 3, kRows = 11;
    // As a memory holds them: slots are a part of longer rows.
    const at::Tensor slots = at::randn({kRows, kChannels * lanes + 4}).narrow(1, 0, kChannels * lanes);
    const at::Tensor queries = at::randn({kRows, kQueries * kChannels}).requires_grad_();
    const at::Tensor own = slot_attention(slots, queries, kChannels);
    const at::Tensor plain = slot_attention_by_tensors(slots, queries, kChannels);
    CHECK(at::allclose(own, plain, 1e-4, 1e-5));
    const at::Tensor scale = at::randn_like(plain);
    const auto own_gradient = torch::autograd::grad({(own * scale).sum()}, {queries});
    const auto plain_gradient = torch::autograd::grad({(plain * scale).sum()}, {queries});
    CHECK(at::allclose(own_gradient[0], plain_gradient[0], 1e-4, 1e-5));
  }
}
