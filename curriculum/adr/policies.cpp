#include "curriculum/adr/policies.h"

#include <algorithm>
#include <array>

#include "sim/base/option_error.h"

namespace medal {

// A policy is a file that defines AdrPolicyKind NAME_policy(), and a line here.
#define MEDAL_POLICIES(POLICY) \
  POLICY(boundary_sampling)    \
  POLICY(uniform)

#define MEDAL_DECLARE(name) AdrPolicyKind name##_policy();
MEDAL_POLICIES(MEDAL_DECLARE)

namespace {

const auto& policy_kinds() {
#define MEDAL_MAKE(name) name##_policy(),
  static const auto kinds = std::to_array<AdrPolicyKind>({MEDAL_POLICIES(MEDAL_MAKE)});
  return kinds;
}

}  // namespace

std::span<const std::string_view> adr_policy_names() {
  static const auto names = [] {
    std::array<std::string_view, std::tuple_size_v<std::remove_cvref_t<decltype(policy_kinds())>>> all;
    std::transform(policy_kinds().begin(), policy_kinds().end(), all.begin(),
                   [](const auto& kind) { return kind.name; });
    return all;
  }();
  return names;
}

int adr_policy_index(std::string_view name) {
  const auto names = adr_policy_names();
  const auto found = std::find(names.begin(), names.end(), name);
  MEDAL_CHECK(found != names.end(), std::string(name));
  return static_cast<int>(found - names.begin());
}

AdrSettings::AdrSettings() {
  for (const AdrPolicyKind& kind : policy_kinds())
    settings_.insert(settings_.end(), kind.settings.begin(), kind.settings.end());
}

std::size_t AdrSettings::index_of(std::string_view name) const {
  const auto found =
      std::find_if(settings_.begin(), settings_.end(), [&](const AdrSetting& s) { return s.field.name == name; });
  MEDAL_CHECK(found != settings_.end(), std::string(name));
  return static_cast<std::size_t>(found - settings_.begin());
}

double AdrSettings::operator[](std::string_view name) const {
  return std::visit([](auto value) { return static_cast<double>(value); }, settings_[index_of(name)].value);
}

void AdrSettings::set(std::string_view name, double value) {
  std::visit([value](auto& held) { held = static_cast<std::remove_reference_t<decltype(held)>>(value); },
             settings_[index_of(name)].value);
}

std::string_view adr_policy_in_use(const AdrOptions& options) {
  return adr_policy_names()[options.enabled ? static_cast<std::size_t>(options.policy) : 0];
}

std::unique_ptr<AdrPolicy> make_adr_policy(const AdrOptions& options, const TaskDistribution& distribution) {
  check_distribution(distribution);
  std::vector<KnobDistribution> knobs;
  std::copy_if(distribution.knobs.begin(), distribution.knobs.end(), std::back_inserter(knobs),
               [](const KnobDistribution& knob) { return knob.kind == KnobDistribution::Kind::adr; });
  if (options.enabled && knobs.empty())
    throw OptionError("adr.enabled",
                      "is true but no knob of [task] is left to ADR: give one as {adr_low, adr_high, low, high, step} "
                      "or set it to false");
  const int index = adr_policy_index(adr_policy_in_use(options));
  return policy_kinds()[static_cast<std::size_t>(index)].make(options.settings, knobs);
}

}  // namespace medal
