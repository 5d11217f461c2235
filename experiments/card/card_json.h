#pragma once

#include <nlohmann/json.hpp>

#include "experiments/card/section.h"

namespace medal {

/// A section of card.json:
///   title, question, command  that makes it alone
///   tasks, rejected           played; seeds without a layout
///   headline                  name, title, unit, mean, low, high
///   measures                  the same of each, by name
///   curves                    name, title, x_label, y_label, panels [{title, series [{title, x, mean, low, high}],
///                             moments [{at, title}], levels [{at, title}]}]
///   maps                      name, title, value_label, x_label, y_label, x, y, mean, low, high [y][x], trained_x,
///                             trained_y [low, high]
/// A number that could not be taken is null.
nlohmann::ordered_json section_json(const CardSection& section, const SectionResult& result,
                                    const std::string& command);

}  // namespace medal
