#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "viewer/sessions/play_session.h"
#include "viewer/window/game_log.h"
#include "viewer/window/panels/knowledge_panel.h"
#include "viewer/window/world_pane.h"

namespace medal {

/// What a person plays.
struct PlaySetup {
  PlayOptions game;                                              ///< of the first game
  std::function<TaskParameters(std::uint64_t seed)> parameters;  ///< of the game with that seed
  CameraKind camera = CameraKind::shoulder;
  std::string agent_name;     ///< as the person named it; empty for none
  std::filesystem::path log;  ///< see GameLog; empty for none
  bool wait = true;           ///< time stands still until the person moves
};

/// The window of `play`.
class PlayScreen {
 public:
  /// Throws UserError.
  PlayScreen(Window& window, PlaySetup setup);

  void frame(double seconds);
  /// Ends the game; returns where it was recorded, empty if nothing was played. Throws UserError.
  std::filesystem::path finish();

 private:
  void begin(std::uint64_t seed);
  void read_controls();
  void read_keys();
  /// What the person is told, the first line large; and that of a game that is over.
  std::vector<std::string> messages(const SessionView& view) const;
  std::vector<std::string> result(const SessionView& view) const;
  void show_messages(const SessionView& view);
  bool person_is_expert() const { return setup_.game.person == PersonRole::expert; }

  Window& window_;
  PlaySetup setup_;
  std::unique_ptr<PlaySession> session_;
  PersonControls controls_;
  GamepadState gamepad_;
  float turned_by_mouse_ = 0;  ///< rad, in the last control step
  bool waiting_ = true, help_ = false;
  std::string trouble_;  ///< why there is no next game
  WorldPane pane_;
  KnowledgePanel knowledge_;
  std::optional<GameLog> log_;
};

}  // namespace medal
