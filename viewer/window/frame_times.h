#pragma once

#include <vector>

namespace medal {

/// How long frames take.
class FrameTimes {
 public:
  void add(double seconds);
  int frames() const { return static_cast<int>(seconds_.size()); }
  /// Of all frames, 0 before the first.
  double frames_per_second() const;
  /// Of the last second or so.
  double recent_frames_per_second() const;
  /// The time that `share` of all frames keep within, s.
  double quantile(double share) const;

 private:
  std::vector<float> seconds_;
  double total_ = 0;
};

/// Lowers the samples for each pixel while frames come too slowly, as in software they may. Never raises them again:
/// a picture that changes its look all the time is worse than a plain one.
class SampleGovernor {
 public:
  static constexpr double kSlow = 1.0 / 18;  ///< s: a mean above it is too slow
  static constexpr int kFrames = 12;         ///< that are judged together

  explicit SampleGovernor(int samples) : samples_(samples) {}
  /// After each frame; returns the samples for the next.
  int update(double frame_seconds);
  int samples() const { return samples_; }

 private:
  int samples_;
  int frames_ = 0;
  double total_ = 0;
};

}  // namespace medal
