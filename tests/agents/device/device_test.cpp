#include <torch/cuda.h>

#include "agents/device/device_queue.h"
#include "agents/device/recorded_work.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

std::vector<at::Device> devices() {
  std::vector<at::Device> all = {at::kCPU};
  if (torch::cuda::is_available()) all.emplace_back(at::kCUDA, 0);
  return all;
}

}  // namespace

TEST_CASE("recorded work is done each time that it is asked for, with what its tensors hold then") {
  for (const at::Device& device : devices()) {
    INFO(device.str());
    DeviceQueue queue(device, true);
    const at::Tensor step = at::ones({3}, device), sum = at::zeros({3}, device);
    queue.follow_present();
    RecordedWork work([&] { sum.add_(step * 2.0F); }, device.is_cuda());
    const DeviceQueue::Scope scope(queue);
    for (int time = 1; time <= 5; ++time) {
      step.fill_(static_cast<float>(time));
      work.run();
    }
    queue.mark();
    queue.wait();
    CHECK(queue.reached());
    CHECK((sum.to(at::kCPU) == 30).all().item<bool>());
  }
}

TEST_CASE("a queue that follows another sees all that was done before its mark") {
  for (const at::Device& device : devices()) {
    INFO(device.str());
    DeviceQueue first(device, false), second(device, true);
    at::Tensor value = at::full({512, 512}, 0.5F, device), seen = at::empty_like(value);
    first.follow_present();
    second.follow_present();
    {
      const DeviceQueue::Scope scope(first);
      for (int i = 0; i < 50; ++i) value = at::mm(value, value) * (1.0F / 256.0F);  // 0.5 again
      first.mark();
    }
    second.follow(first);
    {
      const DeviceQueue::Scope scope(second);
      seen.copy_(value);
      second.mark();
    }
    second.wait();
    CHECK((seen.to(at::kCPU) == 0.5F).all().item<bool>());
  }
}

TEST_CASE("staging memory is the host's, and pinned where a GPU reads it") {
  for (const at::Device& device : devices()) {
    const at::Tensor staged = at::zeros({4}, staging(device));
    CHECK(staged.is_cpu());
    CHECK(staged.is_pinned() == device.is_cuda());
  }
}
