#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/processes/tell.h"
#include "sim/base/atomic_file.h"
#include "viewer/overlay/studio.h"
#include "viewer/verbs/shot.h"
#include "viewer/verbs/viewer_verbs.h"
#include "viewer/window/view_scene.h"

namespace medal {
namespace {

constexpr double kDefaultMoment = 10;  // s: by then somebody has been somewhere

void take_picture(const ShotOptions& options) {
  check_png("--out", options.out);
  const Shot shot(options, options.at);
  Studio studio(shot.size());
  const SessionView view = shot.view(options.at);
  const Scene scene = shot.scene(view);
  const Camera camera = shot.camera(scene);
  write_png(options.out, options.plain ? studio.take(scene, camera) : studio.take(scene, scoreboard_of(view), camera));
  tell("{}  {}x{}\n", options.out, shot.size().width, shot.size().height);
}

}  // namespace

void add_picture(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("picture", "Draw a moment of an episode into a PNG, without a window");
  auto options = std::make_shared<ShotOptions>();
  options->at = kDefaultMoment;
  add_shot_options(*verb, *options);
  verb->callback([options] { take_picture(*options); });
}

}  // namespace medal
