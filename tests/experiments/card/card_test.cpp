#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "agents/evaluation/evaluation.h"
#include "agents/network/action_distribution.h"  // before Catch: LibTorch has a CHECK of its own
#include "agents/recordings/replay.h"
#include "experiments/card/card_json.h"
#include "experiments/card/section.h"
#include "experiments/card/worlds/worlds.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/picture_helpers.h"
#include "tests/support/program_helpers.h"
#include "tests/support/random_policy.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const CardSection& section_called(std::string_view name) {
  for (const CardSection& section : card_sections())
    if (section.name == name) return section;
  throw std::invalid_argument(std::string(name));
}

SectionResult measure(std::string_view section, const Subject& subject) {
  return section_called(section).measure({subject, 0, true});
}

const Interval& value_of(const SectionResult& result, std::string_view name) {
  for (const Measure& measure : result.measures)
    if (measure.name == name) return measure.value;
  throw std::invalid_argument(std::string(name));
}

/// Acts by chance, whatever it senses.
Subject blind_subject() {
  Subject subject = bot_subject(ExpertKind::random_walker);  // for its LIDAR
  subject.seats = agent_seats(random_policy(3), observation_size(subject.lidar));
  return subject;
}

int count_of(const std::string& text, const std::string& words) {
  int count = 0;
  for (std::size_t at = text.find(words); at != std::string::npos; at = text.find(words, at + 1)) ++count;
  return count;
}

json card_in(const fs::path& folder) { return json::parse(content_of(folder / "card.json")); }

}  // namespace

TEST_CASE("whoever goes in the order has fidelity 1, whoever looks at nobody exactly one half") {
  const SectionResult bot = measure("fidelity", bot_subject(ExpertKind::perfect));
  CHECK(bot.headline.value.mean == 1.0);
  CHECK(value_of(bot, "never_shown").mean == 1.0);  // it knows the order
  const SectionResult blind = measure("fidelity", blind_subject());
  CHECK(blind.headline.value.mean == 0.5);
  CHECK(value_of(blind, "entries").mean > 1);
}

TEST_CASE("the expert's own recall is flat, that of who acts by chance is none") {
  const SectionResult bot = measure("recall", bot_subject(ExpertKind::perfect));
  CHECK(bot.headline.value.mean == Approx(1).margin(0.1));
  for (const char* stay : {"stay_10", "stay_20", "stay_30"}) {
    INFO(stay);
    CHECK(value_of(bot, std::string(stay) + ".share_alone").mean == Approx(1).margin(0.1));
    CHECK(value_of(bot, std::string(stay) + ".half_lost").mean >= 270);
  }
  const SectionResult blind = measure("recall", blind_subject());
  CHECK(blind.headline.value.mean < 0.1);
  CHECK(value_of(blind, "stay_30.half_lost").mean == 0);
}

TEST_CASE("whoever knows the order carries it through a whole chain, whoever acts by chance through none") {
  const SectionResult bot = measure("chain", bot_subject(ExpertKind::perfect));
  CHECK(bot.headline.value.mean == kMaximumLearners);
  CHECK(value_of(bot, "headless.links").mean == kMaximumLearners);  // it needs to be shown nothing
  CHECK(value_of(bot, "retention").mean == Approx(1).margin(0.05));
  CHECK(value_of(bot, "link_16.right").mean == 1);
  const SectionResult blind = measure("chain", blind_subject());
  CHECK(blind.headline.value.mean < 1);
  CHECK(value_of(blind, "link_1.right").mean < 0.7);
}

TEST_CASE("a late learner stands still until its step comes, and begins with an empty memory then") {
  constexpr int kFrom = 20;
  std::vector<int> forgotten;
  Subject subject = bot_subject(ExpertKind::perfect);
  subject.seats = {[](const Episodes&, std::span<const std::uint64_t>) {},
                   [](const Episodes&, std::span<Action> actions) {
                     std::fill(actions.begin(), actions.end(), Action{.forward = 1});
                   },
                   [&](int i) { forgotten.push_back(i); }};
  const PlayedTasks played = play_tasks(subject, 0, 1, [&](std::uint64_t seed, NavmeshCache& navmeshes) {
    const TaskParameters parameters = card_parameters(subject, seed);
    std::vector<World> worlds;
    worlds.push_back(make_world(parameters, seed, {{}, {}}, navmeshes));
    worlds.back().late = {{}, {kFrom, 1}};
    return worlds;
  });
  const auto way = [&](std::size_t learner, std::size_t from, std::size_t to) {
    const std::vector<Vec2>& path = played.tasks.front().front().learners[learner].path;
    return (path[to] - path[from]).norm();
  };
  CHECK(way(0, 0, 5) > 0.5F);
  CHECK(way(1, 0, kFrom) < 0.05F);
  CHECK(way(1, kFrom, kFrom + 5) > 0.5F);
  CHECK(forgotten == std::vector{1});
}

TEST_CASE("a game's transmission is what medal eval says of the same tasks") {
  const Subject subject = blind_subject();
  const SectionResult card = measure("transmission", subject);
  TaskDistribution tasks;
  tasks.base.upright_density = tasks.base.low_bar_density = tasks.base.overhead_bar_density = 0;
  tasks.knobs = {{.knob = "expert_speed", .low = 0.7, .high = 1.0}};
  EvaluationOptions options;
  options.tasks = card.tasks;
  const EvaluationResult evaluated = evaluate(random_policy(3), tasks, options, subject.lidar);
  REQUIRE(evaluated.rejected == 0);
  CHECK(value_of(card, "empty_5.ct").mean == Approx(evaluated.ct.mean));
  CHECK(value_of(card, "empty_5.ct").low == Approx(evaluated.ct.low));
  CHECK(value_of(card, "empty_5.solo_score").mean == Approx(evaluated.solo.mean));
  CHECK(value_of(card, "empty_5.expert_score").mean == Approx(evaluated.expert.mean));
}

TEST_CASE("what needs no expert transmits nothing, and finds the order alone") {
  CHECK(std::abs(measure("transmission", bot_subject(ExpertKind::perfect)).headline.value.mean) < 0.1);
  CHECK(measure("exploration", bot_subject(ExpertKind::perfect)).headline.value.mean == 1.0);
}

TEST_CASE("a section gives the same each time, and another seed other tasks") {
  const Subject subject = bot_subject(ExpertKind::noisy);
  const CardSection& section = section_called("walking");
  const auto text = [&](int seed) { return section_json(section, section.measure({subject, seed, true}), "").dump(); };
  CHECK(text(0) == text(0));
  CHECK(text(0) != text(1));
}

TEST_CASE("sections have names that differ, a headline and curves or maps of as many points as values") {
  for (const CardSection& section : card_sections())
    CHECK(std::count_if(card_sections().begin(), card_sections().end(),
                        [&](const CardSection& other) { return other.name == section.name; }) == 1);
  const SectionResult result = measure("exploration", bot_subject(ExpertKind::perfect));
  CHECK_FALSE(result.headline.title.empty());
  for (const Curves& curves : result.curves)
    for (const Panel& panel : curves.panels)
      for (const Series& series : panel.series) CHECK(series.x.size() == series.y.size());
}

TEST_CASE("a section alone is the same as in the card of several, which is one page") {
  const TemporaryFolder folder("card_test");
  const auto card = [&](const std::string& out, std::vector<std::string> sections) {
    std::vector<std::string> arguments = {"card", "--expert", "perfect", "--quick", "--out", out};
    for (const std::string& section : sections) arguments.insert(arguments.end(), {"--only", section});
    const ChildResult result = run_medal(folder.path, arguments);
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
    return card_in(folder.path / out);
  };
  const json two = card("two", {"walking", "exploration"}), one = card("one", {"walking"});
  CHECK(two.at("walking") == one.at("walking"));
  CHECK(two.at("walking").at("command") == "medal card --expert perfect --only walking --quick");
  CHECK(two.at("exploration").at("headline").at("mean") == 1.0);
  CHECK_FALSE(one.contains("exploration"));
  CHECK(files_in(folder.path / "two") == 5);
  CHECK(content_of(folder.path / "two" / "card.md")
            .find("| Exploration: 5 goals: tasks whose order it found alone in 240 s | 1.000 (1.000 .. 1.000) |") !=
        std::string::npos);
  const std::string table = "## Exploration\n\n| | the bot 'perfect' |\n|---|---|\n";
  CHECK(content_of(folder.path / "two" / "card.md").find(table) != std::string::npos);
  const std::string page = content_of(folder.path / "two" / "card.html");
  CHECK(page.starts_with("<!DOCTYPE html>"));
  CHECK(page.find("<svg") != std::string::npos);
  CHECK(page.find("src=") == std::string::npos);  // nothing from elsewhere
}

TEST_CASE("beside a card lie two games that its page shows, of a learner that is alone in the second half") {
  const TemporaryFolder folder("card_test");
  REQUIRE(run_medal(folder.path, {"card", "--expert", "perfect", "--quick", "--only", "fidelity", "--out", "c"})
              .exit_code == 0);
  const Replay empty = load_replay(folder.path / "c" / "perfect-empty.replay");
  const Replay complex = load_replay(folder.path / "c" / "perfect-complex.replay");
  CHECK(empty.spec.parameters.upright_density == 0);
  CHECK(complex.spec.parameters.upright_density == GeometryParameters().upright_density);
  for (const Replay* replay : {&empty, &complex}) {
    REQUIRE(replay->spec.presence.size() == 1);
    CHECK(replay->spec.presence[0].visible(replay->steps() / 2 - 1));
    CHECK_FALSE(replay->spec.presence[0].visible(replay->steps() / 2));
    CHECK(play_again(*replay, [](const Episode&) {}) == -1);
  }
  const std::string page = content_of(folder.path / "c" / "card.html");
  const bool with_viewer = content_of(folder.path / "stdout.txt").find("without its viewer") == std::string::npos;
  CHECK(count_of(page, "<iframe class=\"game\"") == (with_viewer ? 2 : 0));
  CHECK(count_of(page, "MEDAL_REPLAY_DATA") == 0);
}

TEST_CASE("what cannot be measured is said in a line") {
  const TemporaryFolder folder("card_test");
  const auto refused = [&](const std::vector<std::string>& arguments, const std::string& words) {
    const ChildResult result = run_medal(folder.path, arguments);
    CHECK(result.exit_code == 2);
    INFO(result.errors);
    CHECK(result.errors.find(words) != std::string::npos);
  };
  refused({"card"}, "needs an agent");
  refused({"card", "nobody"}, "nobody");
  refused({"card", "--expert", "perfekt"}, "'perfect'");
  refused({"card", "--expert", "perfect", "--only", "recal"}, "'recall'");
  refused({"card", "--expert", "perfect", "--expert", "noisy"}, "--compare");
  CHECK(files_in(folder.path) == 1);  // stdout.txt
}
