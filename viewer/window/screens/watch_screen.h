#pragma once

#include <filesystem>
#include <vector>

#include "viewer/sessions/watch_session.h"
#include "viewer/window/panels/knob_panel.h"
#include "viewer/window/panels/knowledge_panel.h"
#include "viewer/window/passing_message.h"
#include "viewer/window/world_pane.h"

namespace medal {

/// The window of `watch`.
class WatchScreen {
 public:
  /// Games are saved to the folder `recordings` where somebody asks for it. Throws UserError.
  WatchScreen(Window& window, WatchOptions options, CameraKind camera, std::filesystem::path recordings);

  void frame(double seconds);

 private:
  void read_keys();
  void show_panel(const SessionView& view);
  void show_game_controls(const SessionView& view);
  void show_subject_choice(const SessionView& view);
  void new_task();
  void restart(const WatchOptions& options);
  void follow(int avatar);
  void save();
  void hold_next();

  Window& window_;
  WatchSession session_;
  std::filesystem::path recordings_;
  std::vector<Knob> knobs_;  ///< as the panel shows them; the task has them from the next one on
  int seed_;
  bool changed_ = false;  ///< knobs or seed, since the task was made
  bool panel_open_ = true, help_ = false;
  CellHold hold_ = CellHold::none;
  PassingMessage message_;
  WorldPane pane_;
  KnowledgePanel knowledge_;
};

}  // namespace medal
