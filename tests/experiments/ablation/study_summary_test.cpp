#include "experiments/ablation/study_summary.h"

#include <nlohmann/json.hpp>

#include "experiments/ablation/learning_curve.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

Study two_arms() {
  Study study;
  study.name = "s";
  study.seeds = {1, 2, 3};
  study.groups = {{"", ""}};
  study.arms.resize(2);
  study.arms[0].name = "a";
  study.arms[0].title = "Whole";
  study.arms[1].name = "b";
  study.arms[1].title = "Part | less";
  for (StudyArm& arm : study.arms) arm.steps = 14'000'000;
  return study;
}

/// A kept result with scores of an expert who earns 40.
void keep_result(const fs::path& out, const StudyArm& arm, int seed, double ct, double half) {
  const auto mean = [](double value) { return json{{"mean", value}, {"low", value}, {"high", value}}; };
  const json result = {
      {"config", arm.config},
      {"overrides", arm.overrides},
      {"steps", arm.steps},
      {"evaluation",
       {{"ct", mean(ct)},
        {"score", {{"full", mean(30)}, {"half", mean(half)}, {"solo", mean(0)}, {"expert", mean(40)}}}}}};
  std::ofstream(result_file(out, arm, seed)) << result;
}

/// With the same mean for all.
json evaluation_row(int steps, double mean) {
  json evaluation;
  for (const char* score : {"ct", "full", "half", "solo", "expert"}) evaluation[score]["mean"] = mean;
  return {{"steps", steps}, {"evaluation", evaluation}};
}

}  // namespace

TEST_CASE("the interquartile mean is the mean of the middle half") {
  CHECK(interquartile_mean({7}) == Approx(7));
  CHECK(interquartile_mean({2, 4}) == Approx(3));
  CHECK(interquartile_mean({100, 1, 2, -50}) == Approx(1.5));
  // Three values: the cuts at a quarter lie inside the outer ones.
  CHECK(interquartile_mean({6, 0, 12}) == Approx(6));
  CHECK(interquartile_mean({0, 0, 6}) == Approx(1));
  // Five: 0.2 of the first and last cannot count, 0.05 of the second and fourth is cut off.
  CHECK(interquartile_mean({-1e6, 1, 2, 6, 1e6}) == Approx((0.15 * 1 + 0.2 * 2 + 0.15 * 6) / 0.5));
}

TEST_CASE("an arm's interval comes from resampled seeds: with three, from the lowest to the highest") {
  const ArmSummary arm = summarise_arm({{1, 0.5, 30, 20, 0, 40}, {2, 0.6, 20, 15, 4, 40}, {3, 0.9, 40, 10, -2, 50}});
  CHECK(arm.seeds == std::vector<int>{1, 2, 3});
  CHECK(arm.measures[0].mean == Approx((0.5 + 4 * 0.6 + 0.9) / 6));
  CHECK(arm.measures[0].low == Approx(0.5));
  CHECK(arm.measures[0].high == Approx(0.9));
  CHECK(arm.values[1] == std::vector<double>{0.75, 0.5, 0.8});  // full / E of each seed
  const ArmSummary one = summarise_arm({{1, 0.5, 30, 20, 0, 40}});
  CHECK(one.measures[0].low == one.measures[0].high);
}

TEST_CASE("the table of a partial grid says what is missing") {
  const TemporaryFolder out("study_summary");
  const Study study = two_arms();
  keep_result(out.path, study.arms[0], 1, 0.5, 20);
  keep_result(out.path, study.arms[0], 3, 0.7, 10);
  const StudySummary all = summarise_study(study, out.path);
  REQUIRE(all.arms.size() == 2);
  CHECK(all.arms[1].seeds.empty());

  const std::string table = summary_table(study, all), markdown = summary_markdown(study, all);
  for (const std::string& text : {table, markdown})
    for (const char* part : {"14 M steps", "2 of 3", "none yet", "0.600 (0.500 .. 0.700)", "0.375 (0.250 .. 0.500)"}) {
      INFO(text << "must hold " << part);
      CHECK(text.find(part) != std::string::npos);
    }
  CHECK(markdown.find("Part \\| less |") != std::string::npos);

  const json summary = json::parse(summary_json(study, all));
  const json& kept = summary.at("groups").at(0).at("arms");
  CHECK(kept.at(0).at("missing") == json::array({2}));
  CHECK(kept.at(0).at("ct").at("iqm").get<double>() == Approx(0.6));
  CHECK(kept.at(0).at("half").at("values") == json::array({0.5, 0.25}));
  CHECK(kept.at(1).at("missing").size() == 3);
}

TEST_CASE("runs that were judged by an expert who errs have their scores, not shares alone, in table and JSON") {
  const TemporaryFolder out("study_summary");
  Study study = two_arms();
  study.evaluations = {{"noisy", "Noisy expert", {"evaluation.task.expert=noisy"}}};
  keep_result(out.path, study.arms[0], 1, 0.5, 20);
  fs::create_directories(out.path / "noisy");
  const auto keep = [&](const std::vector<std::string>& judged) {
    json kept = json::parse(content_of(result_file(out.path, study.arms[0], 1)));
    kept["judged"] = judged;
    kept["evaluation"]["score"]["expert"]["mean"] = -8;
    std::ofstream(evaluation_result_file(out.path, study.evaluations[0], study.arms[0], 1)) << kept;
  };
  keep(study.evaluations[0].overrides);
  const StudySummary all = summarise_study(study, out.path);
  REQUIRE(all.evaluations.size() == 1);
  CHECK(all.evaluations[0][1].seeds.empty());
  for (const std::string& text : {summary_table(study, all), summary_markdown(study, all)})
    for (const char* part : {"Noisy expert", "20.000", "-8.000"}) {
      INFO(text << "must hold " << part);
      CHECK(text.find(part) != std::string::npos);
    }
  const json summary = json::parse(summary_json(study, all)).at("evaluations").at(0);
  CHECK(summary.at("name") == "noisy");
  CHECK(summary.at("arms").at(0).at("full_score").at("values") == json::array({30}));
  CHECK(summary.at("arms").at(0).at("expert_score").at("iqm") == -8);

  keep({"evaluation.task.expert=perfect"});
  const std::string other = user_error_of([&] { summarise_study(study, out.path); });
  CHECK(other.find("judged on other tasks") != std::string::npos);
}

TEST_CASE("a kept result of another config, and a damaged one, are the user's to mend") {
  const TemporaryFolder out("study_summary");
  StudyArm arm = two_arms().arms[0];
  keep_result(out.path, arm, 1, 0.5, 20);
  REQUIRE(read_result(out.path, arm, 1));
  CHECK_FALSE(read_result(out.path, arm, 2));
  arm.overrides = {"task.goals=4"};
  const std::string other = user_error_of([&] { read_result(out.path, arm, 1); });
  CHECK(other.find("a-1.json") != std::string::npos);
  CHECK(other.find("remove it, or choose another --out") != std::string::npos);
  for (const char* text : {"{\"steps\": 1", "{\"steps\": 1}", "[]"}) {
    std::ofstream(result_file(out.path, arm, 1)) << text;
    CHECK(user_error_of([&] { read_result(out.path, arm, 1); }).find("restore it, or remove it") != std::string::npos);
  }
}

TEST_CASE("a learning curve keeps its mean and its end when it is thinned") {
  std::vector<json> rows;
  for (int i = 1; i <= 1001; ++i) {
    json row = {{"steps", 100 * i}, {"iteration", i}, {"episodes", i % 2}};
    if (i % 2 == 1) row["score"] = {{"all", 0.5 * i}, {"expert", 40}};
    rows.push_back(row);
    if (i % 500 == 0) rows.push_back(evaluation_row(100 * i, i));
  }
  const auto training = training_curve(rows);
  CHECK(training.at("steps").size() == kMostCurvePoints);
  CHECK(training.at("steps").back() == 100'100);
  CHECK(training.at("score").front().get<double>() == Approx(0.5 * (1 + 3 + 5) / 3));  // rows 1 to 5
  CHECK(training_score(rows).score == Approx(250.5));
  CHECK(evaluation_curve(rows).at("steps") == json::array({50'000, 100'000}));
  CHECK(evaluation_curve(rows).at("half") == json::array({500, 1000}));
}
