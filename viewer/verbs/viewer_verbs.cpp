#include "viewer/verbs/viewer_verbs.h"

namespace medal {

std::span<const Verb> viewer_verbs() {
  static constexpr Verb all[] = {{add_play}, {add_watch}, {add_replay}, {add_picture}, {add_video}, {add_page}};
  return all;
}

}  // namespace medal
