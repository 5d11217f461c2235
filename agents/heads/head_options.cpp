#include "agents/heads/head_options.h"

#include <string>

#include "agents/heads/auxiliary_head.h"
#include "agents/heads/heads.h"
#include "sim/base/error.h"

namespace medal {
namespace {

/// All heads' options, one after another.
const std::vector<HeadOption>& all_options() {
  static const std::vector<HeadOption> all = [] {
    std::vector<HeadOption> options;
    for (const AuxiliaryHead& head : auxiliary_heads())
      options.insert(options.end(), head.options.begin(), head.options.end());
    return options;
  }();
  return all;
}

std::size_t first_of(std::size_t head) {
  std::size_t first = 0;
  for (std::size_t i = 0; i < head; ++i) first += auxiliary_heads()[i].options.size();
  return first;
}

}  // namespace

HeadOptions::HeadOptions() {
  for (const HeadOption& option : all_options()) values_.push_back(option.value);
}

const Field& HeadOptions::field(std::size_t index) { return all_options()[index].field; }

double& HeadOptions::operator[](std::string_view name) {
  for (std::size_t i = 0; i < values_.size(); ++i)
    if (field(i).name == name) return values_[i];
  MEDAL_CHECK(false, std::string(name));
}

std::span<double> HeadOptions::of_head(std::size_t head) {
  return std::span(values_).subspan(first_of(head), auxiliary_heads()[head].options.size());
}

std::span<const double> HeadOptions::of_head(std::size_t head) const {
  return std::span(values_).subspan(first_of(head), auxiliary_heads()[head].options.size());
}

}  // namespace medal
