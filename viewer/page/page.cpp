#include "viewer/page/page.h"

#include "experiments/config/embedded_texts.h"
#include "sim/base/error.h"
#include "viewer/page/page_players.h"
#include "viewer/page/page_world.h"

namespace medal {

/// Of viewer/page/web/dist: page.html.
const std::vector<EmbeddedText>& embedded_pages();

namespace {

constexpr std::string_view kDataMark = "MEDAL_REPLAY_DATA";  // in page.html, once

/// JSON that may stand in an HTML script element: without "<", nothing ends that or begins a comment. All beyond ASCII
/// is escaped, and bytes that are no UTF-8 are replaced.
std::string json_for_html(const nlohmann::ordered_json& data) {
  const std::string plain = data.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
  std::string text;
  text.reserve(plain.size());
  for (const char c : plain)
    if (c == '<')
      text += "\\u003c";
    else
      text += c;
  return text;
}

}  // namespace

nlohmann::ordered_json page_data(const ReplaySession& session) {
  const Replay& replay = session.replay();
  return {{"title", replay.title},
          {"program_version", replay.program_version},
          {"rate", session.timeline().task()->parameters.control_rate},
          {"first_step", session.first_step()},
          {"last_step", session.last_step()},
          {"notice", session.view().notice},
          {"world", page_world(*session.timeline().task())},
          {"shapes", page_shapes()},
          {"players", page_players(session)},
          {"entries", page_entries(session)}};
}

std::string replay_page(const ReplaySession& session) {
  const std::string_view page = embedded_pages().front().text;
  const std::size_t mark = page.find(kDataMark);
  MEDAL_CHECK(mark != std::string_view::npos && page.find(kDataMark, mark + 1) == std::string_view::npos);
  return std::string(page.substr(0, mark)) + json_for_html(page_data(session)) +
         std::string(page.substr(mark + kDataMark.size()));
}

}  // namespace medal
