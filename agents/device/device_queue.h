#pragma once

#include <ATen/core/Tensor.h>
#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>

#include <optional>

namespace medal {

/// Work on a device that is done in order while the caller goes on (a CUDA stream). On the CPU all is done at once, and
/// nothing here does anything. For one thread.
class DeviceQueue {
 public:
  /// `urgent`: before what waits in queues that are not.
  DeviceQueue(at::Device device, bool urgent);

  /// While it lives, this thread's tensor operations go into the queue.
  class Scope {
   public:
    explicit Scope(const DeviceQueue& queue) {
      if (queue.stream_) guard_.emplace(*queue.stream_);
    }

   private:
    std::optional<c10::StreamGuard> guard_;
  };

  /// Sets a mark after all that is in the queue now.
  void mark();
  /// Whether all before the last mark has been done.
  bool reached() const;
  /// Waits for the last mark.
  void wait() const;
  /// What comes next waits for the last mark of another queue.
  void follow(const DeviceQueue& other);
  /// What comes next waits for all that this thread has asked of the device outside of queues.
  void follow_present();

 private:
  std::optional<c10::Stream> stream_;  ///< none: the CPU
  std::optional<c10::Event> mark_;
};

/// Memory of the host that a device reads and writes while the caller goes on: pinned for a GPU, plain else.
at::TensorOptions staging(at::Device device);

}  // namespace medal
