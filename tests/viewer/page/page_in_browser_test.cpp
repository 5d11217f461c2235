#include <cmath>
#include <fstream>
#include <set>

#include "experiments/processes/child_process.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/played_replay.h"
#include "viewer/drawing/pictures/image.h"
#include "viewer/page/page.h"
#include "viewer/page/page_world.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

/// Opens a page in headless Chromium, which draws in software; stdout goes to folder/stdout.txt. Nothing is reached
/// over a network. False, with a word, where there is no Chromium.
bool browse(const fs::path& folder, const std::string& address, const std::vector<std::string>& choices) {
  std::vector<std::string> command = {"/bin/sh",
                                      "-c",
                                      "exec \"$@\" >\"$0\"",
                                      (folder / "stdout.txt").string(),
                                      "chromium",
                                      "--headless=new",
                                      "--no-sandbox",
                                      "--use-angle=swiftshader",
                                      "--enable-unsafe-swiftshader",
                                      "--hide-scrollbars",
                                      "--virtual-time-budget=2000",
                                      "--window-size=640,480",
                                      "--user-data-dir=" + (folder / "profile").string()};
  command.insert(command.end(), choices.begin(), choices.end());
  command.push_back(address);
  const ChildResult result = run_child(command);
  if (result.exit_code == 127) {
    WARN("no Chromium here: the page was not opened");
    return false;
  }
  INFO(result.errors);
  REQUIRE(result.exit_code == 0);
  return true;
}

fs::path save_page(const fs::path& folder, const std::string& page) {
  const fs::path file = folder / "page.html";
  std::ofstream(file, std::ios::binary) << page;
  return file;
}

/// The page of a replay whose goals have these colours, which nothing else in the world is like.
std::string page_with_colours(const Replay& replay, const std::vector<Vec3>& colours) {
  const ReplaySession session(replay);
  std::string page = replay_page(session);
  const std::vector<Goal>& goals = session.timeline().task()->goals;
  REQUIRE(goals.size() == colours.size());
  for (std::size_t k = 0; k < goals.size(); ++k) {
    const std::string old = page_colour(goals[k].colour);
    page.replace(page.find(old), old.size(), page_colour(colours[k]));
  }
  return page;
}

/// Of the picture, what neither the scores nor the bar cover.
std::vector<Vec3> world_part(const Image& image) {
  std::vector<Vec3> colours;
  for (int y = 100; y < 340; ++y)
    for (int x = 0; x < image.size.width; ++x) {
      const std::uint8_t* pixel = &image.pixels[static_cast<std::size_t>(3 * (y * image.size.width + x))];
      colours.emplace_back(Vec3(pixel[0], pixel[1], pixel[2]) / 255.0F);
    }
  return colours;
}

/// Without grey: what direction a colour lies in.
Vec3 hue(const Vec3& colour) { return colour - Vec3::Constant(colour.mean()); }

/// Pixels that are coloured as the goal is, whatever the light.
auto coloured_like(const std::vector<Vec3>& pixels, const Vec3& goal) {
  return std::count_if(pixels.begin(), pixels.end(), [wanted = hue(goal).normalized()](const Vec3& pixel) {
    const Vec3 found = hue(pixel);
    return found.norm() > 0.25F && found.normalized().dot(wanted) > 0.95F;
  });
}

}  // namespace

TEST_CASE("a browser draws the world, its goals in their colours, and another moment where it is asked for") {
  const TemporaryFolder folder("page");
  const Replay replay = record_follower(6);
  const std::vector<Vec3> colours = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 1}, {0, 1, 1}};
  const std::string page = "file://" + save_page(folder.path, page_with_colours(replay, colours)).string();
  const auto draw = [&](const std::string& seconds) {
    const fs::path file = folder.path / (seconds + ".png");
    return browse(folder.path, page + "#t=" + seconds, {"--screenshot=" + file.string()}) ? world_part(read_png(file))
                                                                                          : std::vector<Vec3>{};
  };
  const std::vector<Vec3> early = draw("1"), late = draw("5");
  if (early.empty()) return;
  std::set<std::array<float, 3>> distinct;
  for (const Vec3& colour : early) distinct.insert({colour.x(), colour.y(), colour.z()});
  CHECK(distinct.size() > 1000);
  for (const Vec3& colour : colours) {
    INFO(colour.transpose());
    CHECK(coloured_like(early, colour) > 200);
  }
  std::ptrdiff_t moved = 0;
  for (std::size_t k = 0; k < early.size(); ++k) moved += (early[k] - late[k]).cwiseAbs().maxCoeff() > 0.1F;
  CHECK(moved > 300);
}

TEST_CASE("a name cannot break out of its page") {
  const TemporaryFolder folder("page");
  Replay replay = record_follower(2);
  const std::string name =
      "</script><script>document.title='broken'</script><img src=x onerror=\"document.title='broken'\">"
      "\u2028<!--<script>\xff";
  replay.title = replay.expert_player = name;
  replay.learner_players = {name};
  const fs::path file = save_page(folder.path, replay_page(ReplaySession(replay)));
  const std::string page = content_of(file);
  const std::size_t data = page.find("id=\"replay\">");
  REQUIRE(data != std::string::npos);
  const std::size_t begin = data + 12, end = page.find("</script", begin);
  // No markup and no line separator in the data; what is read back is the name, but for the byte that is no text.
  CHECK(page.substr(begin, end - begin).find_first_of("<\n\r") == std::string::npos);
  CHECK(page.substr(begin, end - begin).find("\u2028") == std::string::npos);
  const std::string read = nlohmann::json::parse(page.substr(begin, end - begin)).at("title").get<std::string>();
  CHECK(read.substr(0, name.size() - 1) == name.substr(0, name.size() - 1));
  if (!browse(folder.path, "file://" + file.string(), {"--dump-dom"})) return;
  const std::string shown = content_of(folder.path / "stdout.txt");
  CHECK(shown.find("<title>broken") == std::string::npos);
  CHECK(shown.find("<img") == std::string::npos);
  CHECK(shown.find("&lt;/script&gt;&lt;script&gt;document.title='broken'") != std::string::npos);
}
