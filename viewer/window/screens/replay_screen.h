#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "viewer/sessions/replay_session.h"
#include "viewer/window/panels/knowledge_panel.h"
#include "viewer/window/passing_message.h"
#include "viewer/window/world_pane.h"

namespace medal {

/// The window of `replay`: one recording, or two side by side on one clock.
class ReplayScreen {
 public:
  /// `files` names one or two replays, `agent` is asked what it makes of them (or null). Throws UserError.
  ReplayScreen(Window& window, std::vector<std::filesystem::path> files, std::shared_ptr<const LoadedAgent> agent,
               CameraKind camera);

  void frame(double seconds);

 private:
  bool compares() const { return comparison_.has_value(); }
  Pacing& pacing() { return compares() ? comparison_->pacing() : single_->pacing(); }
  /// Since the recording's, or the clip's, beginning.
  double seconds() const;
  double total_seconds() const;
  void seek(double seconds);
  void step_by(int steps);
  void play_or_pause();

  void read_keys();
  void follow(int avatar);
  void draw_side(std::size_t side, const SessionView& view, const OverlayArea& area, double seconds);
  float bar_height() const;  ///< pixels
  void show_bar();
  void show_clip_row();
  void save_clip();

  Window& window_;
  std::vector<std::filesystem::path> files_;
  std::optional<ReplaySession> single_;
  std::optional<ReplayComparison> comparison_;
  std::vector<std::unique_ptr<WorldPane>> panes_;  ///< one for each side
  KnowledgePanel knowledge_;
  bool help_ = false;
  int clip_begin_ = 0, clip_end_ = 0;  ///< steps
  PassingMessage message_;
};

}  // namespace medal
