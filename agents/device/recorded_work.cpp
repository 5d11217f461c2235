#include "agents/device/recorded_work.h"

#ifdef MEDAL_WITH_CUDA
#include <ATen/cuda/CUDAGraph.h>
#endif

namespace medal {

#ifdef MEDAL_WITH_CUDA
struct RecordedWork::Graph {
  explicit Graph(const std::function<void()>& work) {
    graph.capture_begin();
    work();
    graph.capture_end();
  }
  void replay() { graph.replay(); }

  at::cuda::CUDAGraph graph;
};
#else
struct RecordedWork::Graph {
  explicit Graph(const std::function<void()>&) {}
  void replay() {}
};
#endif

RecordedWork::RecordedWork(std::function<void()> work, bool on_gpu) : work_(std::move(work)), on_gpu_(on_gpu) {}
RecordedWork::RecordedWork(RecordedWork&&) noexcept = default;
RecordedWork::~RecordedWork() = default;

void RecordedWork::run() {
  if (!on_gpu_ || !done_once_) {
    done_once_ = true;
    return work_();
  }
  if (!graph_) graph_ = std::make_unique<Graph>(work_);
  graph_->replay();
}

}  // namespace medal
