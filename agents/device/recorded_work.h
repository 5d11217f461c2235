#pragma once

#include <functional>
#include <memory>

namespace medal {

/// Work of many small tensor operations that is done again and again on the same tensors. On a GPU it is recorded when
/// it comes for the second time (a CUDA graph), and is one launch from then on; elsewhere it is just done. All tensors
/// that it reads and writes from outside must stay where they are, and nothing in it may wait for the device.
class RecordedWork {
 public:
  /// `on_gpu`: whether its tensors are there.
  RecordedWork(std::function<void()> work, bool on_gpu);
  RecordedWork(RecordedWork&&) noexcept;
  ~RecordedWork();

  /// In the present queue, which must be the same each time, and not the one outside of all queues.
  void run();

 private:
  struct Graph;

  std::function<void()> work_;
  bool on_gpu_;
  bool done_once_ = false;  ///< libraries then have the memory that they work in
  std::unique_ptr<Graph> graph_;
};

}  // namespace medal
