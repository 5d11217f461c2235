#include "agents/device/device_queue.h"

#include <c10/core/impl/VirtualGuardImpl.h>

#include <thread>

namespace medal {

DeviceQueue::DeviceQueue(at::Device device, bool urgent) {
  if (device.is_cpu()) return;
  const c10::impl::VirtualGuardImpl backend(device.type());
  stream_ = backend.getStreamFromGlobalPool(device, urgent);
  mark_.emplace(device.type());
}

void DeviceQueue::mark() {
  if (stream_) mark_->record(*stream_);
}

bool DeviceQueue::reached() const { return !stream_ || mark_->query(); }

void DeviceQueue::wait() const {
  while (!reached()) std::this_thread::yield();
}

void DeviceQueue::follow(const DeviceQueue& other) {
  if (stream_) other.mark_->block(*stream_);
}

void DeviceQueue::follow_present() {
  if (!stream_) return;
  const c10::impl::VirtualGuardImpl backend(stream_->device_type());
  c10::Event event(stream_->device_type());
  event.record(backend.getStream(stream_->device()));
  event.block(*stream_);
}

at::TensorOptions staging(at::Device device) { return at::TensorOptions().pinned_memory(!device.is_cpu()); }

}  // namespace medal
