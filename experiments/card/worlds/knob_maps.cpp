#include "experiments/card/worlds/knob_maps.h"

#include "experiments/card/worlds/subject.h"
#include "experiments/card/worlds/worlds.h"

namespace medal {
namespace {

KnobAxis knob_axis(const std::string& knob, const std::string& unit, std::vector<double> values) {
  return {knob + unit, std::move(values),
          [knob](TaskParameters& parameters, double value) { set_knob(parameters, knob, value); },
          [knob](const TaskDistribution& trained) { return trained_range(trained, knob); }};
}

/// All three kinds of obstacles together; what was trained on is told by the upright ones.
KnobAxis obstacle_axis() {
  const auto trained = [](const TaskDistribution& tasks) {
    const auto full = static_cast<double>(GeometryParameters{}.upright_density);
    const KnobRange upright = trained_range(tasks, "upright_density");
    return KnobRange{upright.low / full, upright.high / full};
  };
  return {"obstacles, of full difficulty's",
          {0, 0.5, 1, 1.5, 2},
          [](TaskParameters& parameters, double share) { set_obstacles(parameters, static_cast<float>(share)); },
          trained};
}

/// Which kinds of expert training had.
std::vector<double> expert_weights(const TaskDistribution& trained) {
  for (const KnobDistribution& knob : trained.knobs)
    if (knob.knob == "expert") return knob.weights;
  std::vector<double> weights(kExpertNames.size(), 0.0);
  weights[static_cast<std::size_t>(trained.base.expert)] = 1;
  return weights;
}

/// From 0 where training had perfect experts; up to expert_noise where it had noisy ones.
KnobAxis noise_axis() {
  const auto set = [](TaskParameters& parameters, double noise) {
    parameters.expert = noise > 0 ? ExpertKind::noisy : ExpertKind::perfect;
    parameters.expert_noise = static_cast<float>(noise);
  };
  const auto trained = [](const TaskDistribution& tasks) {
    const std::vector<double> weights = expert_weights(tasks);
    const KnobRange noise = trained_range(tasks, "expert_noise");
    const bool perfect = weights[static_cast<std::size_t>(ExpertKind::perfect)] > 0;
    const bool noisy = weights[static_cast<std::size_t>(ExpertKind::noisy)] > 0;
    return KnobRange{perfect ? 0 : noise.low, noisy ? noise.high : 0};
  };
  return {"expert_noise", {0, 0.25, 0.5, 0.75, 1}, set, trained};
}

KnobAxis no_axis() {
  return {"", {0}, [](TaskParameters&, double) {}, [](const TaskDistribution&) { return KnobRange{}; }};
}

void make_coarse(KnobAxis& axis) {
  std::vector<double> some;
  for (std::size_t i = 0; i < axis.values.size(); i += 2) some.push_back(axis.values[i]);
  axis.values = std::move(some);
}

}  // namespace

std::vector<KnobMap> knob_maps(bool coarse) {
  std::vector<KnobMap> maps = {
      {"arena", "Arena and ground", knob_axis("arena_size", ", m", {12, 16, 20, 24, 28}),
       knob_axis("bumpiness", ", m", {0, 0.3, 0.6, 1, 1.5})},
      {"obstacles", "Goals and obstacles", knob_axis("goals", "", {4, 5, 6, 7, 8}), obstacle_axis()},
      {"expert", "The expert's speed and noise", knob_axis("expert_speed", "", {0.4, 0.55, 0.7, 0.85, 1}),
       noise_axis()},
      {"control_rate", "Decisions per second", knob_axis("control_rate", ", Hz", {5, 10, 15, 20, 30}), no_axis()}};
  if (coarse)
    for (KnobMap& map : maps) make_coarse(map.x), make_coarse(map.y);
  return maps;
}

}  // namespace medal
