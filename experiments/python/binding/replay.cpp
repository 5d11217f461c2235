#include "agents/recordings/replay.h"

#include <pybind11/stl.h>
#include <pybind11/stl/filesystem.h>

#include <memory>

#include "agents/recordings/goal_entries.h"
#include "experiments/python/binding/arrays.h"
#include "experiments/python/binding/binding.h"
#include "sim/base/error.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

namespace py = pybind11;

/// A replay played again, as lists over time: T = steps + 1 states of A avatars, the expert first.
struct Played {
  std::vector<float> position, velocity;           ///< [T, A, 3]
  std::vector<float> yaw, score, earned;           ///< [T, A]
  std::vector<std::int32_t> inside_goal;           ///< [T, A]
  std::vector<std::uint8_t> on_ground, crouching;  ///< [T, A]
  std::vector<std::uint8_t> expert_visible;        ///< [T, A - 1]
  std::vector<std::int32_t> entries;               ///< [E, 4]: step, avatar, goal, reward
  std::vector<GoalHistory> before;                 ///< [A]

  void add(const Episode& episode) {
    before.resize(static_cast<std::size_t>(episode.learners()) + 1);
    add(episode, 0, episode.expert_avatar(), episode.expert_score());
    for (int k = 0; k < episode.learners(); ++k) {
      add(episode, k + 1, episode.learner_avatar(k), episode.learner_score(k));
      expert_visible.push_back(episode.expert_visible(k) ? 1 : 0);
    }
  }

 private:
  void add(const Episode& episode, int index, const AvatarState& avatar, const PlayerScore& own) {
    position.insert(position.end(), avatar.feet.begin(), avatar.feet.end());
    velocity.insert(velocity.end(), avatar.velocity.begin(), avatar.velocity.end());
    yaw.push_back(avatar.yaw);
    score.push_back(own.unit_penalty_score);
    earned.push_back(own.reward);
    inside_goal.push_back(avatar.inside_goal);
    on_ground.push_back(avatar.on_ground ? 1 : 0);
    crouching.push_back(avatar.crouching ? 1 : 0);
    std::vector<GoalEntry> made;
    GoalHistory& last = before[static_cast<std::size_t>(index)];
    add_goal_entries(episode.task(), avatar, last, own.history, episode.step_count(), made);
    last = own.history;
    for (const GoalEntry& entry : made) entries.insert(entries.end(), {entry.step, index, entry.goal, entry.reward});
  }
};

Played play(const Replay& replay) {
  Played played;
  const int difference = play_again(replay, [&](const Episode& episode) { played.add(episode); });
  if (difference >= 0)
    throw UserError("the replay does not come out as recorded: it differs at step " + std::to_string(difference) +
                    "; use the program that recorded it (version " + replay.program_version + ")");
  return played;
}

template <class Number>
py::array copied(const std::vector<Number>& numbers, const Shape& shape) {
  return copy_of<Number>(numbers, shape);
}
py::object as_flags(const std::vector<std::uint8_t>& flags, const Shape& shape) {
  return copied(flags, shape).attr("astype")("bool");
}

py::array actions_of(const std::vector<Action>& actions, const Shape& shape) {
  return py::array_t<float>(shape, reinterpret_cast<const float*>(actions.data()));
}

py::dict arrays_of(const Replay& replay) {
  Played played;
  {
    const py::gil_scoped_release release;
    played = play(replay);
  }
  const auto steps = static_cast<py::ssize_t>(replay.steps());
  const py::ssize_t times = steps + 1, learners = static_cast<py::ssize_t>(replay.spec.presence.size());
  const py::ssize_t avatars = learners + 1;
  py::dict arrays;
  arrays["position"] = copied(played.position, {times, avatars, 3});
  arrays["velocity"] = copied(played.velocity, {times, avatars, 3});
  arrays["yaw"] = copied(played.yaw, {times, avatars});
  arrays["score"] = copied(played.score, {times, avatars});
  arrays["earned"] = copied(played.earned, {times, avatars});
  arrays["inside_goal"] = copied(played.inside_goal, {times, avatars});
  arrays["on_ground"] = as_flags(played.on_ground, {times, avatars});
  arrays["crouching"] = as_flags(played.crouching, {times, avatars});
  arrays["expert_visible"] = as_flags(played.expert_visible, {times, learners});
  arrays["entries"] = copied(played.entries, {static_cast<py::ssize_t>(played.entries.size() / 4), 4});
  arrays["expert_actions"] = actions_of(replay.expert_actions, {steps, kActionSize});
  arrays["learner_actions"] = actions_of(replay.learner_actions, {steps, learners, kActionSize});
  return arrays;
}

std::shared_ptr<Task> task_of(const Replay& replay) {
  return std::make_shared<Task>(generate_task(replay.spec.parameters, replay.spec.seed, replay.spec.geometry_seed));
}

std::vector<std::string> presence_of(const Replay& replay) {
  std::vector<std::string> kinds;
  for (const PresenceTimeline& timeline : replay.spec.presence) kinds.emplace_back(name_of(timeline.kind));
  return kinds;
}

}  // namespace

void bind_replay(py::module_& module) {
  py::class_<Replay, std::shared_ptr<Replay>>(
      module, "Replay", "A recorded episode: what it was and what everybody did, so that it can be played again.")
      .def_static("open", load_replay, py::arg("file"), "Reads a .replay file. Raises UserError.")
      .def(
          "save", [](const Replay& replay, const std::filesystem::path& file) { save_replay(file, replay); },
          py::arg("file"), "Writes a .replay file. Raises UserError.")
      .def(
          "cut", cut_clip, py::arg("begin"), py::arg("end"),
          "What happens in the control steps begin .. end - 1; those before stay, but lead up to it. Raises UserError.")
      .def("_play", arrays_of)
      .def_property_readonly("task", task_of, "The Task that was played.")
      .def_property_readonly("steps", &Replay::steps, "Control steps.")
      .def_property_readonly(
          "control_rate", [](const Replay& replay) { return replay.spec.parameters.control_rate; }, "Steps a second.")
      .def_property_readonly("presence", presence_of, "When each learner saw the expert: a kind for each.")
      .def_readonly("title", &Replay::title, "For people.")
      .def_readonly("expert_player", &Replay::expert_player, "Who steered, such as person; empty where unknown.")
      .def_readonly("learner_players", &Replay::learner_players, "The same of each learner, or none.")
      .def_readonly("program_version", &Replay::program_version, "Of the program that recorded it.");
}

}  // namespace medal
