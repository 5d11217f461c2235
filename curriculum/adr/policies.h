#pragma once

#include <memory>
#include <span>
#include <string_view>

#include "curriculum/adr/policy.h"

namespace medal {

/// Names of the policies, in the order of the lines that policies.cpp holds for each; the first is boundary_sampling.
std::span<const std::string_view> adr_policy_names();
/// The index of a name that there is.
int adr_policy_index(std::string_view name);

struct AdrOptions {
  bool enabled = false;
  int policy = 0;  ///< index into adr_policy_names()
  double upper_half_from = 1e15;
  AdrSettings settings;  ///< what the policies declare
};

template <class Visitor>
void describe(AdrOptions& o, Visitor&& visit) {
  visit(Field{"enabled", "", 0, 1, "Let automatic domain randomisation move the ranges of the adr knobs."}, o.enabled);
  visit(Field{"policy", "", 0, static_cast<double>(adr_policy_names().size() - 1),
              "What draws the adr knobs, and learns from where.", adr_policy_names()},
        o.policy);
  visit(
      Field{"upper_half_from", "", 0, 1e15,
            "Learner steps from which the adr knobs are drawn from the upper half of their range alone; 1e15: never."},
      o.upper_half_from);
  o.settings.describe(visit);
}

/// What draws the adr knobs. Where ADR is off it is boundary sampling, which draws from the ranges it begins with as
/// long as nobody lets it measure.
std::string_view adr_policy_in_use(const AdrOptions& options);

/// That policy, for the adr knobs of this distribution. Throws UserError where options or knobs contradict each other.
std::unique_ptr<AdrPolicy> make_adr_policy(const AdrOptions& options, const TaskDistribution& distribution);

}  // namespace medal
