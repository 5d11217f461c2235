#include "experiments/python/binding/python_player.h"

#include <pybind11/stl.h>

#include <bit>
#include <optional>

#include "agents/experts/goal_choice.h"
#include "agents/navigation/steering.h"
#include "experiments/python/binding/arrays.h"
#include "experiments/python/binding/binding.h"
#include "sim/episode/expert_senses.h"
#include "sim/episode/observation.h"

namespace medal {
namespace {

namespace py = pybind11;

/// A Python object that any thread may let go.
std::shared_ptr<py::object> shared_object(py::object object) {
  return {new py::object(std::move(object)), [](py::object* held) {
            const py::gil_scoped_acquire lock;
            delete held;
          }};
}

/// What a Python expert is told, all of it copies.
struct ExpertView {
  std::shared_ptr<py::object> task;
  int step;
  AvatarState self;
  GoalHistory history;
  GoalSet paying, costly;
  float seconds;  ///< of a step
  std::shared_ptr<py::object> observation;
};

class PythonPlayer final : public Player {
 public:
  PythonPlayer(std::shared_ptr<py::object> act, std::shared_ptr<py::object> py_task, const Task& task,
               std::shared_ptr<const LidarCaster> lidar, bool sensing)
      : act_(std::move(act)), task_(std::move(py_task)), lidar_(std::move(lidar)) {
    if (sensing) senses_.emplace(task, *lidar_);
  }

  Action act(const PlayerView& view) override {
    const py::gil_scoped_acquire lock;
    ExpertView told{task_,
                    view.step,
                    view.self,
                    view.history,
                    paying_goals(view.task, view.history),
                    wrong_goals(view.task, view.history),
                    1.0F / view.task.parameters.control_rate,
                    nullptr};
    if (senses_) {
      py::array_t<float> observation(observation_size(lidar_->options()));
      senses_->write(view.self, view.history, last_,
                     {observation.mutable_data(), static_cast<std::size_t>(observation.size())});
      told.observation = shared_object(observation);
    }
    const py::object wish = (*act_)(told);
    last_ = {};
    if (!wish.is_none()) read_actions(py::make_tuple(wish), {&last_, 1}, "the expert's action");
    return last_;
  }

 private:
  std::shared_ptr<py::object> act_, task_;
  std::shared_ptr<const LidarCaster> lidar_;
  std::optional<ExpertSenses> senses_;
  Action last_;
};

std::vector<int> indices_of(GoalSet goals) {
  std::vector<int> indices;
  for (; goals != 0; goals &= goals - 1) indices.push_back(std::countr_zero(goals));
  return indices;
}

py::tuple tuple_of(const Vec3& v) { return py::make_tuple(v.x(), v.y(), v.z()); }

py::array_t<float> steer_towards(const ExpertView& view, float x, float y) {
  const Vec2 way = Vec2(x, y) - view.self.feet.head<2>();
  const Action action = steer(kAvatar.speed * way.normalized(), view.self.yaw, view.seconds);
  py::array_t<float> values(kActionSize);
  for (std::size_t i = 0; i < kActionComponents.size(); ++i)
    values.mutable_at(static_cast<py::ssize_t>(i)) = action.*kActionComponents[i].value;
  return values;
}

}  // namespace

ExpertFactory python_experts(py::object factory, bool sensing, const LidarOptions& lidar) {
  const auto caster = std::make_shared<const LidarCaster>(lidar);
  return [make = shared_object(std::move(factory)), caster, sensing](const Task& task,
                                                                     std::uint64_t seed) -> std::unique_ptr<Player> {
    const py::gil_scoped_acquire lock;
    const auto py_task = shared_object(py::cast(std::make_shared<Task>(task)));
    const py::object act = (*make)(*py_task, seed);
    if (act.is_none()) return nullptr;
    return std::make_unique<PythonPlayer>(shared_object(act), py_task, task, caster, sensing);
  };
}

void bind_expert(py::module_& module) {
  const auto of_body = [](auto part) { return [part](const ExpertView& view) { return part(view.self); }; };
  const auto of_history = [](int GoalHistory::*part) {
    return [part](const ExpertView& view) { return view.history.*part; };
  };
  py::class_<ExpertView>(module, "ExpertView", "What an expert may know at a step, all of it copies: see medal.Expert.")
      .def_property_readonly(
          "task", [](const ExpertView& view) { return *view.task; }, "The Task, its order too.")
      .def_readonly("step", &ExpertView::step, "Control steps done.")
      .def_property_readonly("position", of_body([](const AvatarState& self) { return tuple_of(self.feet); }),
                             "Of the own feet: (x, y, z), m.")
      .def_property_readonly("velocity", of_body([](const AvatarState& self) { return tuple_of(self.velocity); }),
                             "(x, y, z), m/s.")
      .def_property_readonly("yaw", of_body([](const AvatarState& self) { return self.yaw; }), "rad, 0 along +x.")
      .def_property_readonly("on_ground", of_body([](const AvatarState& self) { return self.on_ground; }),
                             "Whether it stands.")
      .def_property_readonly("inside_goal", of_body([](const AvatarState& self) { return self.inside_goal; }),
                             "The goal whose sphere it touches, -1 for none.")
      .def_property_readonly("last_goal", of_history(&GoalHistory::last_goal), "The goal entered last, -1 for none.")
      .def_property_readonly("correct", of_history(&GoalHistory::correct), "Entries so far that paid.")
      .def_property_readonly("wrong", of_history(&GoalHistory::wrong), "Entries so far that cost.")
      .def_property_readonly(
          "paying_goals", [](const ExpertView& view) { return indices_of(view.paying); },
          "Indices of the goals that would pay if entered now.")
      .def_property_readonly(
          "costly_goals", [](const ExpertView& view) { return indices_of(view.costly); },
          "Indices of the goals that would cost something if entered now.")
      .def_property_readonly(
          "observation",
          [](const ExpertView& view) { return view.observation ? *view.observation : py::object(py::none()); },
          "What a learner in its place would sense, float32 [O]; None unless Expert.senses.")
      .def("steer_towards", steer_towards, py::arg("x"), py::arg("y"),
           "The action that walks to a place (m), as values in [-1, 1].");
}

}  // namespace medal
