#include "experiments/python/worlds/worlds.h"

#include <pybind11/stl.h>

#include <atomic>

#include "experiments/python/binding/arrays.h"
#include "experiments/python/binding/binding.h"
#include "experiments/python/binding/config.h"
#include "experiments/python/binding/python_player.h"
#include "sim/base/error.h"

namespace medal {
namespace {

namespace py = pybind11;

/// Worlds as Python holds them: for one thread at a time, and until they are closed.
class PythonWorlds {
 public:
  PythonWorlds(WorldsOptions options, ActionForm form)
      : worlds_(std::move(options)), form_(form), actions_(static_cast<std::size_t>(worlds_.learners())) {}

  void reset(std::optional<std::uint64_t> seed) {
    const Turn turn(*this);
    const py::gil_scoped_release release;
    worlds_.reset(seed);
  }
  bool step(const py::object& actions, const py::object& expert_action) {
    const Turn turn(*this);
    read_actions(actions, actions_, "actions", form_);
    Action expert;
    if (!expert_action.is_none())
      read_actions(py::make_tuple(expert_action), {&expert, 1}, "the expert's action", form_);
    const py::gil_scoped_release release;
    return worlds_.step(actions_, expert);
  }
  void close() {
    if (closed_) return;
    const Turn turn(*this);
    closed_ = true;
    worlds_.close();
  }
  bool closed() const { return closed_; }
  void note_following() {
    const Turn turn(*this);
    worlds_.note_following();
  }
  std::uint64_t state_hash() {
    const Turn turn(*this);
    return worlds_.state_hash();
  }
  std::shared_ptr<Task> task(int world) {
    const Turn turn(*this);
    return std::make_shared<Task>(worlds_.episode(world).task());
  }

  const Worlds& worlds() const { return worlds_; }
  WorldsRows& rows() { return worlds_.rows(); }

 private:
  /// Holds off other threads for as long as it lives.
  class Turn {
   public:
    explicit Turn(PythonWorlds& owner) : busy_(owner.busy_) {
      if (busy_.exchange(true)) throw UserError("another thread is using this environment; give each thread its own");
      if (!owner.closed_) return;
      busy_ = false;
      throw UserError("this environment is closed; make another one");
    }
    ~Turn() { busy_ = false; }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;

   private:
    std::atomic<bool>& busy_;
  };

  Worlds worlds_;
  ActionForm form_;
  std::vector<Action> actions_;
  std::atomic<bool> busy_ = false;
  std::atomic<bool> closed_ = false;
};

void set_positive(int& option, const char* name, std::optional<int> value, int most) {
  if (!value) return;
  if (*value < 1 || *value > most)
    throw UserError(std::string(name) + " must be 1 to " + std::to_string(most) + ", not " + std::to_string(*value));
  option = *value;
}

PresenceKind presence_kind(const std::string& name) {
  const int index = choice_index(kPresenceNames, name);
  if (index >= 0) return static_cast<PresenceKind>(index);
  std::string names;
  for (const std::string_view one : kPresenceNames) names += (names.empty() ? "" : ", ") + std::string(one);
  throw UserError("presence '" + name + "' is not known; there are " + names);
}

std::unique_ptr<PythonWorlds> make_worlds(const std::string& config, const std::vector<std::string>& overrides,
                                          std::optional<int> worlds, std::optional<int> learners_per_world,
                                          std::optional<int> threads, bool bins, bool same_step,
                                          const std::vector<std::string>& presence, const py::object& expert,
                                          bool sensing, std::shared_ptr<Replay> recording, bool commanded) {
  WorldsOptions options;
  options.config = open_config(config, overrides);
  EnvironmentOptions& environment = options.config.environment;
  int count = options.config.run.learners / environment.learners_per_world;
  set_positive(count, "worlds", worlds, 65536);
  set_positive(environment.learners_per_world, "learners_per_world", learners_per_world, kMaximumLearners);
  set_positive(environment.threads, "threads", threads, 256);
  options.config.run.learners = count * environment.learners_per_world;
  options.autoreset = same_step ? Autoreset::same_step : Autoreset::next_step;
  for (const std::string& kind : presence) options.presence.push_back(presence_kind(kind));
  if (!expert.is_none()) options.expert = python_experts(expert, sensing, environment.lidar);
  options.recording = std::move(recording);
  options.commanded = commanded;
  return std::make_unique<PythonWorlds>(std::move(options), bins ? ActionForm::bins : ActionForm::values);
}

/// Views of what a step leaves, by name.
py::dict rows_of(const py::object& owner) {
  auto& self = owner.cast<PythonWorlds&>();
  WorldsRows& rows = self.rows();
  const py::ssize_t learners = self.worlds().learners(), width = self.worlds().observation_size();
  py::dict views;
  views["observations"] = view_of(rows.observations, {learners, width}, owner);
  if (!rows.final_observations.empty())
    views["final_observations"] = view_of(rows.final_observations, {learners, width}, owner);
  views["rewards"] = view_of(rows.rewards, {learners}, owner);
  views["terminated"] = flags_of(rows.terminated, owner);
  views["truncated"] = flags_of(rows.truncated, owner);
  views["privileged"] = view_of(rows.privileged, {learners, kPrivilegedSize}, owner);
  views["episode_return"] = view_of(rows.episode_return, {learners}, owner);
  views["episode_score"] = view_of(rows.episode_score, {learners}, owner);
  views["episode_length"] = view_of(rows.episode_length, {learners}, owner);
  views["expert_score"] = view_of(rows.expert_score, {learners}, owner);
  if (!rows.expert_observation.empty()) views["expert_observation"] = view_of(rows.expert_observation, {width}, owner);
  return views;
}

}  // namespace

void bind_worlds(py::module_& module) {
  constexpr PrivilegedSlice kPlace = privileged_slice("expert_place");
  module.attr("EXPERT_PLACE") = py::make_tuple(kPlace.offset, kPlace.length);
  module.attr("EXPERT_PLACE_UNIT") = kPrivilegedScale;
  py::class_<PythonWorlds>(module, "Worlds")
      .def(py::init(&make_worlds), py::kw_only(), py::arg("config"), py::arg("overrides"), py::arg("worlds"),
           py::arg("learners_per_world"), py::arg("threads"), py::arg("bins"), py::arg("same_step"),
           py::arg("presence"), py::arg("expert"), py::arg("sensing"), py::arg("recording"), py::arg("commanded"))
      .def("reset", &PythonWorlds::reset, py::arg("seed"))
      .def("step", &PythonWorlds::step, py::arg("actions"), py::arg("expert_action") = py::none())
      .def("close", &PythonWorlds::close)
      .def("note_following", &PythonWorlds::note_following)
      .def("state_hash", &PythonWorlds::state_hash)
      .def("task", &PythonWorlds::task, py::arg("world"))
      .def("rows", [](const py::object& self) { return rows_of(self); })
      .def("slices", [](const PythonWorlds& self) { return slices_of(self.worlds().config().environment.lidar); })
      .def_property_readonly("closed", &PythonWorlds::closed)
      .def_property_readonly("learners", [](const PythonWorlds& self) { return self.worlds().learners(); })
      .def_property_readonly("worlds", [](const PythonWorlds& self) { return self.worlds().worlds(); })
      .def_property_readonly("training_steps", [](const PythonWorlds& self) { return self.worlds().training_steps(); })
      .def_property_readonly("expert_reward", [](PythonWorlds& self) { return self.rows().expert_reward; });
}

}  // namespace medal
