#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "sim/base/options.h"

namespace medal {

/// The options that the auxiliary heads declare, for all heads; without Torch.
class HeadOptions {
 public:
  /// The heads' defaults.
  HeadOptions();

  /// Visits them as describe() of an options struct does.
  template <class Visitor>
  void describe(Visitor&& visit) {
    for (std::size_t i = 0; i < values_.size(); ++i) visit(field(i), values_[i]);
  }
  /// By name, "order_weight", which must be there.
  double& operator[](std::string_view name);
  /// Those of one head, by its place in auxiliary_heads().
  std::span<double> of_head(std::size_t head);
  std::span<const double> of_head(std::size_t head) const;

 private:
  static const Field& field(std::size_t index);

  std::vector<double> values_;  ///< head after head
};

}  // namespace medal
