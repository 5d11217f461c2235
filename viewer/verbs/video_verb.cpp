#include <CLI/CLI.hpp>
#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "experiments/processes/tell.h"
#include "experiments/verbs/number_option.h"
#include "viewer/drawing/pictures/video_writer.h"
#include "viewer/overlay/studio.h"
#include "viewer/verbs/shot.h"
#include "viewer/verbs/viewer_verbs.h"
#include "viewer/window/view_scene.h"

namespace medal {
namespace {

struct VideoOptions {
  ShotOptions shot;
  double seconds = 10;
  double frames_per_second = 25;
};

void make_video(const VideoOptions& options) {
  check_video("--out", options.shot.out, options.frames_per_second);
  const Shot shot(options.shot, options.shot.at + options.seconds);
  const double seconds = std::min(options.seconds, shot.end() - options.shot.at);
  const int frames = std::max(1, static_cast<int>(std::lround(seconds * options.frames_per_second)));
  const double interval = 1.0 / options.frames_per_second;
  Studio studio(shot.size());
  VideoWriter writer(options.shot.out, shot.size(), static_cast<float>(options.frames_per_second));
  std::optional<Camera> camera;
  for (int frame = 0; frame < frames; ++frame) {
    const SessionView view = shot.view(options.shot.at + frame * interval);
    const Scene scene = shot.scene(view);
    const Camera wanted = shot.camera(scene);
    camera = camera && shot.follows() ? glide(*camera, wanted, static_cast<float>(interval)) : wanted;
    writer.add(options.shot.plain ? studio.take(scene, *camera) : studio.take(scene, scoreboard_of(view), *camera));
  }
  writer.finish();
  tell("{}  {}x{}, {} frames, {:g} a second\n", options.shot.out, shot.size().width, shot.size().height, frames,
       options.frames_per_second);
}

}  // namespace

void add_video(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("video", "Draw a part of an episode into an .mp4 or .gif, without a window");
  auto options = std::make_shared<VideoOptions>();
  add_shot_options(*verb, options->shot);
  add_number(*verb, "--seconds", options->seconds, {"", "s", 0.01, 3600, "How long; ends with the episode"});
  add_number(*verb, "--fps", options->frames_per_second, {"", "1/s", 1, 100, "Frames a second"});
  verb->callback([options] { make_video(*options); });
}

}  // namespace medal
