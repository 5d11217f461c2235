#include "agents/layers/ray_attention.h"

#include <ATen/ops/bmm.h>
#include <ATen/ops/mm.h>
#include <torch/csrc/autograd/custom_function.h>

#include "agents/kernels/ray_product.h"
#include "agents/layers/dense.h"
#include "agents/layers/initial_weights.h"
#include "sim/base/error.h"

namespace medal {
namespace {

constexpr std::int64_t kDirectionSize = 8;

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

RayProductSize product_size(const Tensor& observations, const RayLayout& layout, std::int64_t queries) {
  return {observations.size(0), queries, layout.channels, layout.rays, observations.stride(0)};
}

class RayAttentionNode : public torch::autograd::Function<RayAttentionNode> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& observations, const Tensor& asking, const Tensor& query,
                        const Tensor& direction, const RayLayout& layout, std::int64_t queries) {
    const std::int64_t rows = observations.size(0), width = direction.size(1), answer = width + layout.channels;
    const Tensor queried = matrix_product(asking, query);
    const Tensor weights = at::empty({rows * queries, layout.rays}), out = at::empty({rows, queries, answer});
    ray_product_forward({product_size(observations, layout, queries), observations.data_ptr<float>(),
                         queried.data_ptr<float>(), weights.data_ptr<float>(), out.data_ptr<float>() + width, answer});
    out.narrow(2, 0, width).copy_(matrix_product(weights, direction).view({rows, queries, width}));
    context->save_for_backward({observations, asking, query, direction, weights});
    context->saved_data["channels"] = layout.channels;
    return out.flatten(1);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &observations = saved[0], &asking = saved[1], &query = saved[2], &direction = saved[3],
                 &weights = saved[4];
    const RayLayout layout{static_cast<int>(context->saved_data["channels"].toInt()),
                           static_cast<int>(direction.size(0))};
    const std::int64_t rows = observations.size(0), queries = query.size(1) / layout.channels;
    const std::int64_t width = direction.size(1), answer = width + layout.channels;
    const Tensor gradient = gradients[0].contiguous();
    const Tensor where = gradient.view({rows * queries, answer}).narrow(1, 0, width).contiguous();
    const Tensor weights_gradient = matrix_product(where, transposed(direction));
    const Tensor query_gradient = at::empty({rows, query.size(1)});
    ray_product_backward({product_size(observations, layout, queries), observations.data_ptr<float>(),
                          weights.data_ptr<float>(), gradient.data_ptr<float>() + width, answer,
                          weights_gradient.data_ptr<float>(), query_gradient.data_ptr<float>()});
    return {Tensor(),
            matrix_product(query_gradient, transposed(query)),
            weight_gradient(asking, query_gradient),
            weight_gradient(weights, where),
            Tensor(),
            Tensor()};
  }
};

}  // namespace

RayLayout ray_layout(const ObservationLayout& observation) {
  RayLayout layout{observation.ray_channels, observation.rays};
  if (const ObservationSlice* red = observation.find("lidar_goal_red")) layout.goal_colour = red->offset / layout.rays;
  if (const ObservationSlice* avatar = observation.find("lidar_avatar")) layout.avatar = avatar->offset / layout.rays;
  return layout;
}

RayAttention::RayAttention(const ParameterScope& scope, std::int64_t asking_size, const RayLayout& observed,
                           int query_count, const RayRequest& request)
    : layout(observed), queries(query_count), colour_lengths_(request.colour_lengths) {
  MEDAL_CHECK(layout.rays > 0, "these observations hold no LIDAR");
  if (colour_lengths_) ++layout.channels;
  Tensor initial = orthogonal(asking_size, std::int64_t{queries} * layout.channels);
  if (request.begin) request.begin(initial, layout);
  query = scope.add("query", initial);
  direction = scope.add("direction", orthogonal(layout.rays, kDirectionSize));
}

std::int64_t RayAttention::output_size() const { return queries * (kDirectionSize + layout.channels); }

Tensor RayAttention::with_colour_lengths(const Tensor& observations) const {
  if (!colour_lengths_) return observations;
  const std::int64_t rays = layout.rays;
  const Tensor seen = observations.narrow(1, 0, (layout.channels - 1) * rays);
  const Tensor colours = seen.narrow(1, layout.goal_colour * rays, 3 * rays).reshape({-1, 3, rays});
  return at::cat({seen, colours.square().sum(1)}, 1);
}

Tensor RayAttention::forward(const Tensor& observations, const Tensor& asking) const {
  if (!observations.is_cpu()) return forward_by_tensors(observations, asking);
  return RayAttentionNode::apply(with_colour_lengths(observations).contiguous(), asking.contiguous(), query, direction,
                                 layout, std::int64_t{queries});
}

Tensor RayAttention::forward_by_tensors(const Tensor& observations, const Tensor& asking) const {
  const Tensor rays = with_colour_lengths(observations)
                          .narrow(1, 0, std::int64_t{layout.channels} * layout.rays)
                          .reshape({-1, layout.channels, layout.rays});
  const Tensor queried = at::mm(asking, query).view({-1, queries, layout.channels});
  const Tensor weights = at::bmm(queried, rays).softmax(-1);
  const Tensor where = at::mm(weights.view({-1, layout.rays}), direction).view({-1, queries, kDirectionSize});
  return at::cat({where, at::bmm(weights, rays.transpose(1, 2))}, 2).flatten(1);
}

}  // namespace medal
