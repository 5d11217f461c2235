#include "sim/task/parameters_json.h"

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;
using nlohmann::json;

namespace {

/// Every knob away from its default.
TaskParameters unusual_parameters() {
  TaskParameters parameters;
  describe(parameters, [](const Field& field, auto& value) {
    using Value = std::remove_cvref_t<decltype(value)>;
    value = static_cast<Value>(static_cast<double>(value) == field.high ? field.low : field.high);
  });
  return parameters;
}

std::string error_of(const json& source) {
  return user_error_of([&] { parameters_from_json(source, "0.9.0"); });
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("knobs read back as they were, their largest values too, and enumerations go by name") {
  const TaskParameters parameters = unusual_parameters();
  const json written = parameters_to_json(parameters);
  CHECK(parameters_from_json(written, "0.9.0") == parameters);
  CHECK(written.at("reward_rule") == "goal_sequence");
  CHECK(written.at("presence") == "bernoulli");
}

TEST_CASE("enumerations as the index that medal 0.1.0 wrote are read") {
  json written = parameters_to_json(TaskParameters{});
  written["reward_rule"] = 1;
  written["expert"] = 4;
  const TaskParameters parameters = parameters_from_json(written, "0.1.0");
  CHECK(parameters.reward_rule == RewardRuleKind::ndousse);
  CHECK(parameters.expert == ExpertKind::absent);
}

TEST_CASE("a file that lacks a knob means what programs did before there was that knob") {
  const TaskParameters unusual = unusual_parameters();
  const json whole = parameters_to_json(unusual), older = parameters_to_json(options_of_older_files<TaskParameters>());
  for (const auto& [name, value] : whole.items()) {
    INFO(name);
    json lacking = whole;
    lacking.erase(name);
    json expected = whole;
    expected[name] = older.at(name);
    CHECK(parameters_to_json(parameters_from_json(lacking, "0.1.0")) == expected);
  }
}

TEST_CASE("a knob of a newer program is refused with its name and who wrote it") {
  json written = parameters_to_json(TaskParameters{});
  written["wind"] = 3.0;
  const std::string error = error_of(written);
  CHECK(contains(error, "'wind'"));
  CHECK(contains(error, "medal 0.9.0 wrote it"));
}

TEST_CASE("a knob of a wrong type or out of its range is refused with its name and what it may be") {
  const auto error_with = [](const char* knob, const json& value) {
    json written = parameters_to_json(TaskParameters{});
    written[knob] = value;
    return error_of(written);
  };
  CHECK(error_with("goals", "five") == "task knob 'goals' is \"five\", not a whole number");
  CHECK(error_with("goals", 4.5) == "task knob 'goals' is 4.5, not a whole number");
  CHECK(error_with("goals", 9) == "task knob 'goals' is 9, not in 3.0 .. 8.0");
  CHECK(error_with("bumpiness", true) == "task knob 'bumpiness' is true, not a number");
  CHECK(error_with("bumpiness", -0.5) == "task knob 'bumpiness' is -0.5, not in 0.0 .. 2.0");
  CHECK(error_with("bumpiness", nullptr) == "task knob 'bumpiness' is null, not a number");
  for (const json& wrong : {json("sometimes"), json(5), json(-1), json(4294967296), json(1.5), json::array()}) {
    INFO(wrong.dump());
    CHECK(contains(error_with("presence", wrong), "'presence'"));
    CHECK(contains(error_with("presence", wrong), "one of full, half, solo, markov, bernoulli"));
  }
  CHECK(contains(error_of(json::array()), "no object"));
}
