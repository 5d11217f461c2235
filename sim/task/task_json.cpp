#include <charconv>
#include <cmath>

#include "sim/base/error.h"
#include "sim/base/shown_text.h"
#include "sim/base/version.h"
#include "sim/task/guarded_json.h"
#include "sim/task/parameters_json.h"
#include "sim/task/task.h"

namespace medal {

namespace {

using nlohmann::json;
constexpr const char* kFormat = "medal-task";
constexpr const char* kWriterOfVersion1 = "0.1.0";
constexpr std::size_t kMostObstacles = 4096;
// 1 held enumerations as their index and did not say who wrote it; up to 2 seeds were numbers, which readers with 53
// bits (JavaScript, jq) round.
constexpr int kVersion = 3;

float finite_from_json(const json& source) {
  const auto number = source.get<float>();
  if (!std::isfinite(number)) throw UserError("task file is malformed: a number is too large");
  return number;
}

json vector_to_json(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
Vec3 vector_from_json(const json& source) {
  return {finite_from_json(source.at(0)), finite_from_json(source.at(1)), finite_from_json(source.at(2))};
}

json spawn_to_json(const Spawn& spawn) { return {{"feet", vector_to_json(spawn.feet)}, {"yaw", spawn.yaw}}; }
Spawn spawn_from_json(const json& source) {
  return {vector_from_json(source.at("feet")), finite_from_json(source.at("yaw"))};
}

SolidKind kind_from_json(const json& source) {
  const int kind = source.is_string() ? choice_index(kSolidNames, source.get<std::string>()) : source.get<int>();
  if (kind < 0 || kind >= kSolidKinds) throw UserError("task file is malformed: unknown kind of obstacle");
  return static_cast<SolidKind>(kind);
}

std::uint64_t seed_from_json(const json& source) {
  if (!source.is_string()) return source.get<std::uint64_t>();
  const std::string digits = source.get<std::string>();
  std::uint64_t seed = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), seed);
  if (error != std::errc() || end != digits.data() + digits.size())
    throw UserError("task file is malformed: '" + shown_text(digits) + "' is no seed");
  return seed;
}

/// Contradictions that would make the simulator read outside its arrays.
void check(const Task& task) {
  const auto require = [](bool condition, const char* what) {
    if (!condition) throw UserError(std::string("task file is malformed: ") + what);
  };
  const auto side = static_cast<std::size_t>(task.terrain.cells) + 1;
  require(task.terrain.cells > 0 && task.terrain.cells <= 1024 && task.terrain.cell_size > 0, "bad terrain size");
  require(task.terrain.heights.size() == side * side + 2, "the number of heights does not fit the terrain's cells");
  require(task.order.size() == task.goals.size() && !task.goals.empty(), "order and goals differ in number");
  require(task.goals.size() <= kMaximumGoals, "too many goals");
  std::vector<bool> seen(task.goals.size(), false);
  for (int goal : task.order) {
    require(goal >= 0 && goal < static_cast<int>(task.goals.size()) && !seen[static_cast<std::size_t>(goal)],
            "order is not a permutation of the goals");
    seen[static_cast<std::size_t>(goal)] = true;
  }
  require(task.learner_spawns.size() == kMaximumLearners, "wrong number of learner spawns");
  require(task.obstacles.size() <= kMostObstacles, "too many obstacles");
}

}  // namespace

std::string task_to_json(const Task& task) {
  json obstacles = json::array(), goals = json::array(), spawns = json::array();
  for (const Obstacle& o : task.obstacles)
    obstacles.push_back({{"kind", name_of(o.kind)},
                         {"center", vector_to_json(o.center)},
                         {"half_extents", vector_to_json(o.half_extents)},
                         {"yaw", o.yaw}});
  for (const Goal& g : task.goals)
    goals.push_back({{"center", vector_to_json(g.center)}, {"radius", g.radius}, {"colour", vector_to_json(g.colour)}});
  for (const Spawn& spawn : task.learner_spawns) spawns.push_back(spawn_to_json(spawn));
  const json result = {
      {"format", kFormat},
      {"version", kVersion},
      {"program_version", program_version()},
      {"parameters", parameters_to_json(task.parameters)},
      {"seed", std::to_string(task.seed)},
      {"geometry_seed", std::to_string(task.geometry_seed)},
      {"terrain",
       {{"cells", task.terrain.cells}, {"cell_size", task.terrain.cell_size}, {"heights", task.terrain.heights}}},
      {"obstacles", obstacles},
      {"goals", goals},
      {"order", task.order},
      {"expert_spawn", spawn_to_json(task.expert_spawn)},
      {"learner_spawns", spawns},
      {"crossings", task.crossings},
      {"rejected_layouts", task.rejected_layouts}};
  return result.dump();
}

Task task_from_json(const std::string& text) {
  try {
    const json source = json_from_text(text);
    if (source.at("format") != kFormat) throw UserError("this is not a task file; write one with 'medal task export'");
    const std::string writer = source.value("program_version", kWriterOfVersion1);
    const int version = source.at("version").get<int>();
    if (version < 1 || version > kVersion)
      throw UserError("task file has format version " + std::to_string(version) + ", this program reads 1 to " +
                      std::to_string(kVersion) + writer_text(writer));
    Task task;
    task.parameters = parameters_from_json(source.at("parameters"), writer);
    task.seed = seed_from_json(source.at("seed"));
    task.geometry_seed = seed_from_json(source.at("geometry_seed"));
    const json& terrain = source.at("terrain");
    task.terrain.cells = terrain.at("cells").get<int>();
    task.terrain.cell_size = finite_from_json(terrain.at("cell_size"));
    task.terrain.heights = terrain.at("heights").get<std::vector<std::int16_t>>();
    for (const json& o : source.at("obstacles")) {
      task.obstacles.push_back({kind_from_json(o.at("kind")), vector_from_json(o.at("center")),
                                vector_from_json(o.at("half_extents")), finite_from_json(o.at("yaw"))});
    }
    for (const json& g : source.at("goals"))
      task.goals.push_back(
          {vector_from_json(g.at("center")), finite_from_json(g.at("radius")), vector_from_json(g.at("colour"))});
    task.order = source.at("order").get<std::vector<int>>();
    task.expert_spawn = spawn_from_json(source.at("expert_spawn"));
    for (const json& spawn : source.at("learner_spawns")) task.learner_spawns.push_back(spawn_from_json(spawn));
    task.crossings = source.at("crossings").get<int>();
    task.rejected_layouts = source.at("rejected_layouts").get<int>();
    check(task);
    return task;
  } catch (const json::exception& error) {
    throw UserError(std::string("task file is malformed: ") + error.what());
  }
}

}  // namespace medal
