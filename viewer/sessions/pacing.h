#pragma once

namespace medal {

/// How many control steps are due in each frame, so that time in the world runs at a fixed rate whatever the frame
/// rate. Only arithmetic: the caller says how much time has passed.
class Pacing {
 public:
  static constexpr double kSlowest = 0.25, kFastest = 16.0;
  /// A frame that took longer (s) counts as one that took this long: a machine that stalls, or cannot keep up, gets
  /// slower instead of ever more behind.
  static constexpr double kLongestFrame = 0.25;
  /// Most control steps in one frame; what is due beyond is dropped.
  static constexpr int kMostSteps = 32;

  explicit Pacing(double control_rate) : control_rate_(control_rate) {}

  /// Control steps due after another `seconds` of real time.
  int advance(double seconds);

  /// Times real time; clamped to [kSlowest, kFastest].
  void set_speed(double speed);
  void faster() { set_speed(speed_ * 2); }
  void slower() { set_speed(speed_ / 2); }
  double speed() const { return speed_; }

  void set_paused(bool paused);
  bool paused() const { return paused_; }
  /// Pauses, and lets the next `advance` give one step (for each call).
  void step_once();

  /// How far real time is on its way from the step before the last to the last one, in [0, 1]: for drawing in between.
  double share() const { return share_; }
  /// Begins anew, paused or not and as fast as before; share() is 1 until time passes.
  void restart(double control_rate);
  double control_rate() const { return control_rate_; }

 private:
  double control_rate_;
  double speed_ = 1.0;
  bool paused_ = false;
  int single_steps_ = 0;
  double debt_ = 0.0;  ///< control steps due, less than one between frames
  double share_ = 1.0;
};

}  // namespace medal
