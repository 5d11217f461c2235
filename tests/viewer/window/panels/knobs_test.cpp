#include "viewer/window/panels/knobs.h"

#include <algorithm>

#include "tests/support/catch.h"

using namespace medal;

namespace {

Knob& find(std::vector<Knob>& knobs, std::string_view name) {
  return *std::find_if(knobs.begin(), knobs.end(), [&](const Knob& knob) { return knob.field.name == name; });
}

}  // namespace

TEST_CASE("there is a knob for every declared parameter, with its value, and knobs give the same parameters back") {
  TaskParameters parameters;
  parameters.goals = 7;
  parameters.expert = ExpertKind::noisy;
  std::vector<Knob> knobs = knobs_of(parameters);
  std::size_t declared = 0;
  describe(parameters, [&](const Field&, auto&) { ++declared; });
  CHECK(knobs.size() == declared);
  CHECK(std::get<int>(find(knobs, "goals").value) == 7);
  CHECK(find(knobs, "expert").is_choice());
  CHECK(with_knobs(TaskParameters{}, knobs) == parameters);
}

TEST_CASE("a turned knob changes its parameter alone, within its range") {
  std::vector<Knob> knobs = knobs_of({});
  find(knobs, "arena_size").value = 1000.0F;
  find(knobs, "presence").value = 2;
  TaskParameters wanted;
  wanted.arena_size = 32;
  wanted.presence = PresenceKind::solo;
  CHECK(with_knobs(TaskParameters{}, knobs) == wanted);
}

TEST_CASE("labels have units, help has range and the name for --set") {
  std::vector<Knob> knobs = knobs_of({});
  CHECK(knob_label(find(knobs, "arena_size").field) == "arena size [m]");
  CHECK(knob_label(find(knobs, "goals").field) == "goals");
  const std::string help = knob_help(find(knobs, "arena_size").field);
  CHECK(help.find("8 .. 32 m") != std::string::npos);
  CHECK(help.find("task.arena_size") != std::string::npos);
}
