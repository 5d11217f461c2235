#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <nlohmann/json.hpp>

#include "experiments/python/binding/arrays.h"
#include "experiments/python/binding/binding.h"
#include "experiments/python/binding/config.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/generation/generate_task.h"
#include "sim/rewards/reward_rule.h"
#include "sim/task/footprint.h"
#include "sim/task/parameters_json.h"

namespace medal {
namespace {

namespace py = pybind11;

Task generate(std::uint64_t seed, const std::string& config, const std::vector<std::string>& overrides) {
  Random random(seed);
  return generate_task(sample_task_parameters(open_config(config, overrides).evaluation_task, 0, random), seed);
}

Task load(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw UserError("task '" + file.string() + "' cannot be opened; give a file that save() wrote");
  return task_from_json({std::istreambuf_iterator<char>(stream), {}});
}

/// [rows, 3]
template <class Items, class Part>
py::array_t<float> vectors_of(const Items& items, Part part) {
  py::array_t<float> out({static_cast<py::ssize_t>(items.size()), py::ssize_t{3}});
  float* to = out.mutable_data();
  for (const auto& item : items)
    for (const float value : Vec3(part(item))) *to++ = value;
  return out;
}

py::array_t<float> heights_of(const Task& task) {
  const py::ssize_t side = task.terrain.cells + 1;
  py::array_t<float> heights({side, side});
  float* to = heights.mutable_data();
  for (int j = 0; j < side; ++j)
    for (int i = 0; i < side; ++i) *to++ = task.terrain.corner(i, j);
  return heights;
}

py::list obstacles_of(const Task& task) {
  py::list obstacles;
  for (const Obstacle& obstacle : task.obstacles) {
    py::list corners;
    for (const Vec2& corner : Footprint(obstacle).corners()) corners.append(py::make_tuple(corner.x(), corner.y()));
    obstacles.append(py::make_tuple(name_of(obstacle.kind), corners));
  }
  return obstacles;
}

py::array_t<float> radii_of(const Task& task) {
  std::vector<float> radii;
  for (const Goal& goal : task.goals) radii.push_back(goal.radius);
  return copy_of<float>(radii, {static_cast<py::ssize_t>(radii.size())});
}

}  // namespace

void bind_task(py::module_& module) {
  const auto of_goals = [](auto part) { return [part](const Task& task) { return vectors_of(task.goals, part); }; };
  py::class_<Task, std::shared_ptr<Task>>(module, "Task",
                                          "A task: terrain, obstacles, goals and their hidden order. It never changes.")
      .def_static("_generate", generate)
      .def_static("from_json", task_from_json, py::arg("text"), "Of to_json()'s text. Raises UserError.")
      .def_static("load", load, py::arg("file"),
                  "Reads a file that save() or `medal task export` wrote. Raises UserError.")
      .def("to_json", task_to_json, "All of it as JSON, without loss.")
      .def(
          "save",
          [](const Task& task, const std::filesystem::path& file) {
            write_file_atomically(file, task_to_json(task) + "\n");
          },
          py::arg("file"), "Writes to_json() to a file. Raises UserError.")
      .def("_parameters_json", [](const Task& task) { return parameters_to_json(task.parameters).dump(); })
      .def_readonly("seed", &Task::seed, "What it follows from, with its parameters.")
      .def_property_readonly(
          "arena_size", [](const Task& task) { return task.terrain.size(); }, "Side of the square arena around 0, m.")
      .def_property_readonly("heights", heights_of,
                             "Heights of the ground at the corners of its cells, m: rows along +y of values along +x.")
      .def_property_readonly("goals", of_goals([](const Goal& goal) { return goal.center; }), "Centres [G, 3], m.")
      .def_property_readonly("goal_radii", radii_of, "[G], m.")
      .def_property_readonly("goal_colours", of_goals([](const Goal& goal) { return goal.colour; }),
                             "RGB [G, 3] in [0, 1].")
      .def_property_readonly(
          "order", [](const Task& task) { return std::vector<int>(task.order); },
          "The hidden order: indices of goals. It pays both ways round, where the reward rule is goal_cycle.")
      .def_property_readonly(
          "cyclic", [](const Task& task) { return reward_rule(task.parameters.reward_rule).cyclic; },
          "Whether the order goes round.")
      .def_property_readonly("obstacles", obstacles_of, "(kind, corners [4] of (x, y) in m) of each.")
      .def_property_readonly(
          "crossings", [](const Task& task) { return task.crossings; }, "How often the tour crosses itself.")
      .def_property_readonly(
          "expert_spawn",
          [](const Task& task) {
            const Vec3& feet = task.expert_spawn.feet;
            return py::make_tuple(feet.x(), feet.y(), feet.z(), task.expert_spawn.yaw);
          },
          "Where the expert begins: (x, y, z in m, yaw in rad).")
      .def_property_readonly(
          "learner_spawns",
          [](const Task& task) {
            return vectors_of(task.learner_spawns, [](const Spawn& spawn) { return spawn.feet; });
          },
          "Where each learner begins: [16, 3], m.");
}

}  // namespace medal
