#pragma once

#include <array>
#include <string_view>

#include "agents/memory/memories.h"
#include "sim/base/options.h"

namespace medal {

#define MEDAL_ACTION_HEADS(kind) kind(bins) kind(gaussian)
enum class ActionHeadKind { MEDAL_ACTION_HEADS(MEDAL_ENUMERATOR) };
inline constexpr auto kActionHeadNames = std::to_array<std::string_view>({MEDAL_ACTION_HEADS(MEDAL_NAME)});

struct NetworkOptions {
  int encoder_size = 128;
  int encoder_layers = 2;
  int memory = 0;  ///< index into memory_kinds(): the first one, lstm
  int memory_size = 128;
  int ray_queries = 4;
  int trunk_size = 128;
  int auxiliary_size = 64;
  ActionHeadKind action_head = ActionHeadKind::bins;
};

template <class Visitor>
void describe(NetworkOptions& o, Visitor&& visit) {
  visit(Field{"encoder_size", "", 1, 4096, "Width of each encoder layer."}, o.encoder_size);
  visit(Field{"encoder_layers", "", 1, 8, "Dense layers before the memory."}, o.encoder_layers);
  visit(
      Field{"memory", "", 0, static_cast<double>(memory_names().size() - 1),
            "Memory between steps; events: an episodic memory of goal entries beside an LSTM; none is the M ablation.",
            memory_names()},
      o.memory);
  visit(Field{"memory_size", "", 1, 4096, "Width of the memory (of the dense layer in its place, if none)."},
        o.memory_size);
  visit(Field{"ray_queries", "", 0, 64,
              "Questions that the memory puts to the LIDAR: each is answered by the rays that match it; 0 for none."},
        o.ray_queries);
  visit(Field{"trunk_size", "", 0, 4096,
              "Width of a layer after the memory that sees what is sensed and what is remembered; 0 for none."}
            .formerly("head_size"),
        o.trunk_size);
  visit(Field{"auxiliary_size", "", 1, 4096, "Hidden width of the auxiliary heads."}.formerly("attention_size"),
        o.auxiliary_size);
  visit_choice(visit, choice_field("action_head", "Action distribution.", kActionHeadNames), o.action_head);
}

}  // namespace medal
