#include "experiments/verbs/verbs.h"

namespace medal {

std::span<const Verb> verbs() {
  static constexpr Verb all[] = {{add_train}, {add_eval},   {add_card},   {add_info},     {add_export}, {add_bench},
                                 {add_task},  {add_report}, {add_ablate}, {add_speedrun}, {add_verify}};
  return all;
}

}  // namespace medal
