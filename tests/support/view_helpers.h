#pragma once

#include "sim/generation/generate_task.h"
#include "sim/task/task.h"
#include "viewer/sessions/session_view.h"

namespace medal {

/// A moment of a game of an expert and a learner in a flat world with 3 goals.
inline SessionView small_view(int person) {
  TaskParameters parameters;
  parameters.arena_size = 12;
  parameters.bumpiness = 0;
  parameters.upright_density = parameters.low_bar_density = parameters.overhead_bar_density = 0;
  parameters.goals = 3;
  Task task = generate_task(parameters, 3);
  if (person == 1) task.order.clear();
  SessionView view;
  view.task = std::make_shared<const Task>(std::move(task));
  view.step = 50;
  view.steps = 600;
  view.seconds = 5;
  view.total_seconds = 60;
  view.person = person;
  for (int i = 0; i < 2; ++i) {
    AvatarView avatar;
    avatar.is_expert = i == 0;
    avatar.name = i == 0 ? "teacher" : "pupil";
    avatar.score = i == 0 ? 2.0F : -1.0F;
    for (int k = 0; k <= 40; ++k) avatar.trail.push_back(Vec3(0.1F * static_cast<float>(k), static_cast<float>(i), 0));
    avatar.state.feet = avatar.trail.back();
    avatar.previous.feet = avatar.trail[avatar.trail.size() - 2];
    view.avatars.push_back(avatar);
  }
  view.entries = {{0, {20, 1, 1}}, {1, {40, 2, -1}}, {0, {45, 0, 1}}};
  return view;
}

}  // namespace medal
