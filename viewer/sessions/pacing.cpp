#include "viewer/sessions/pacing.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace medal {

int Pacing::advance(double seconds) {
  if (paused_) {
    const int due = std::exchange(single_steps_, 0);
    if (due > 0) share_ = 1.0;
    return due;
  }
  const double elapsed = seconds > 0.0 ? std::min(seconds, kLongestFrame) : 0.0;  // no number counts as no time
  debt_ += elapsed * speed_ * control_rate_;
  const double due = std::floor(debt_);
  debt_ -= due;
  if (elapsed > 0.0) share_ = debt_;
  return std::min(static_cast<int>(due), kMostSteps);
}

void Pacing::set_speed(double speed) { speed_ = std::clamp(speed, kSlowest, kFastest); }

void Pacing::set_paused(bool paused) {
  paused_ = paused;
  single_steps_ = 0;
}

void Pacing::step_once() {
  paused_ = true;
  ++single_steps_;
}

void Pacing::restart(double control_rate) {
  control_rate_ = control_rate;
  debt_ = 0.0;
  share_ = 1.0;
  single_steps_ = 0;
}

}  // namespace medal
