#pragma once

#include <imgui.h>

#include <string>

namespace medal {

/// A line that is shown for some seconds and then goes by itself.
class PassingMessage {
 public:
  static constexpr double kSeconds = 6;

  void say(std::string text) {
    text_ = std::move(text);
    since_ = ImGui::GetTime();
  }
  void clear() { text_.clear(); }
  bool shown() const { return !text_.empty() && ImGui::GetTime() - since_ < kSeconds; }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
  double since_ = 0;
};

}  // namespace medal
