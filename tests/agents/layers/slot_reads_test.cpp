#include "agents/layers/slot_attention.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

TEST_CASE("reads of slots in one node are those of plain tensor operations") {
  seed_weights(82);
  const at::Tensor attended = at::randn({6, 8}).requires_grad_(), newest = at::randn({6, 3});
  const at::Tensor allowed = (at::rand({6}) < 0.5).to(at::kFloat), scale = at::randn({6, 12});
  const at::Tensor own = slot_reads(attended, newest, allowed);
  const at::Tensor plain = slot_reads_by_tensors(attended, newest, allowed);
  CHECK(at::equal(own, plain));
  CHECK(at::equal(torch::autograd::grad({(own * scale).sum()}, {attended})[0],
                  torch::autograd::grad({(plain * scale).sum()}, {attended})[0]));
}
