#include "viewer/window/game_log.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/error.h"

namespace medal {

GameLog::GameLog(const std::filesystem::path& file) : stream_(file) {
  if (!stream_) throw UserError("'" + file.string() + "' cannot be written; name a file in a folder that exists");
}

void GameLog::begin(const SessionView& view, std::uint64_t seed) {
  written_ = -1;
  std::vector<std::string> goals;
  for (const Goal& goal : view.task->goals)
    goals.push_back(fmt::format("[{:.3f},{:.3f},{:.3f}]", goal.center.x(), goal.center.y(), goal.radius));
  stream_ << fmt::format("{{\"seed\":{},\"person\":{},\"steps\":{},\"goals\":[{}],\"order\":[{}]}}\n", seed,
                         view.person, view.steps, fmt::join(goals, ","), fmt::join(view.task->order, ","));
  stream_.flush();
}

void GameLog::step(const SessionView& view) {
  if (view.step == written_) return;
  written_ = view.step;
  std::vector<std::string> avatars;
  for (const AvatarView& avatar : view.avatars)
    avatars.push_back(fmt::format("{{\"x\":{:.3f},\"y\":{:.3f},\"yaw\":{:.4f},\"score\":{:g},\"seen\":{}}}",
                                  avatar.state.feet.x(), avatar.state.feet.y(), avatar.state.yaw, avatar.score,
                                  avatar.seen));
  stream_ << fmt::format("{{\"step\":{},\"avatars\":[{}]}}\n", view.step, fmt::join(avatars, ","));
  stream_.flush();
}

}  // namespace medal
