#include "viewer/window/frame_times.h"

#include <algorithm>

namespace medal {

void FrameTimes::add(double seconds) {
  seconds_.push_back(static_cast<float>(seconds));
  total_ += seconds;
}

double FrameTimes::frames_per_second() const { return total_ > 0 ? frames() / total_ : 0; }

double FrameTimes::recent_frames_per_second() const {
  double total = 0;
  int count = 0;
  for (auto seconds = seconds_.rbegin(); seconds != seconds_.rend() && total < 1; ++seconds, ++count)
    total += static_cast<double>(*seconds);
  return total > 0 ? count / total : 0;
}

double FrameTimes::quantile(double share) const {
  if (seconds_.empty()) return 0;
  std::vector<float> sorted = seconds_;
  std::sort(sorted.begin(), sorted.end());
  const auto last = static_cast<double>(sorted.size() - 1);
  return static_cast<double>(sorted[static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * last)]);
}

int SampleGovernor::update(double frame_seconds) {
  total_ += frame_seconds;
  if (++frames_ < kFrames) return samples_;
  if (total_ > kFrames * kSlow) samples_ = std::max(1, samples_ / 2);
  frames_ = 0;
  total_ = 0;
  return samples_;
}

}  // namespace medal
