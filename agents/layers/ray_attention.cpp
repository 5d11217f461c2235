#include "agents/layers/ray_attention.h"

#include <algorithm>

#include "agents/kernels/ray_product.h"
#include "agents/layers/layers.h"
#include "sim/base/error.h"
#include "sim/episode/observation.h"

namespace medal {
namespace {

constexpr std::int64_t kDirectionSize = 8;

using torch::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

RayProductSize product_size(const Tensor& observations, const RayLayout& layout, std::int64_t queries) {
  return {observations.size(0), queries, layout.channels, layout.rays, observations.stride(0)};
}

class RayAttentionNode : public torch::autograd::Function<RayAttentionNode> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& observations, const Tensor& belief, const Tensor& query,
                        const Tensor& direction, const RayLayout& layout, std::int64_t queries) {
    const std::int64_t rows = observations.size(0), width = direction.size(1), answer = width + layout.channels;
    const Tensor queried = matrix_product(belief, query);
    const Tensor weights = torch::empty({rows * queries, layout.rays}), out = torch::empty({rows, queries, answer});
    ray_product_forward({product_size(observations, layout, queries), observations.data_ptr<float>(),
                         queried.data_ptr<float>(), weights.data_ptr<float>(), out.data_ptr<float>() + width, answer});
    out.narrow(2, 0, width).copy_(matrix_product(weights, direction).view({rows, queries, width}));
    context->save_for_backward({observations, belief, query, direction, weights});
    context->saved_data["channels"] = layout.channels;
    return out.flatten(1);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &observations = saved[0], &belief = saved[1], &query = saved[2], &direction = saved[3],
                 &weights = saved[4];
    const RayLayout layout{static_cast<int>(context->saved_data["channels"].toInt()),
                           static_cast<int>(direction.size(0))};
    const std::int64_t rows = observations.size(0), queries = query.size(1) / layout.channels;
    const std::int64_t width = direction.size(1), answer = width + layout.channels;
    const Tensor gradient = gradients[0].contiguous();
    const Tensor where = gradient.view({rows * queries, answer}).narrow(1, 0, width).contiguous();
    const Tensor weights_gradient = matrix_product(where, transposed(direction));
    const Tensor query_gradient = torch::empty({rows, query.size(1)});
    ray_product_backward({product_size(observations, layout, queries), observations.data_ptr<float>(),
                          weights.data_ptr<float>(), gradient.data_ptr<float>() + width, answer,
                          weights_gradient.data_ptr<float>(), query_gradient.data_ptr<float>()});
    return {Tensor(),
            matrix_product(query_gradient, transposed(query)),
            weight_gradient(belief, query_gradient),
            weight_gradient(weights, where),
            Tensor(),
            Tensor()};
  }
};

}  // namespace

RayLayout ray_layout(int size) {
  const LidarOptions any;
  RayLayout layout;
  for (const ObservationSlice& slice : observation_layout(any))
    if (slice.name.starts_with("lidar_")) ++layout.channels;
  const int body = observation_size(any) - layout.channels * any.rays();
  if (size > body && (size - body) % layout.channels == 0) layout.rays = (size - body) / layout.channels;
  return layout;
}

RayAttentionImpl::RayAttentionImpl(std::int64_t belief_size, RayLayout ray_layout, int query_count)
    : layout(ray_layout), queries(query_count) {
  MEDAL_CHECK(layout.rays > 0, "these observations hold no LIDAR");
  torch::NoGradGuard no_gradient;
  query =
      register_parameter("query", torch::nn::init::orthogonal_(torch::empty({belief_size, queries * layout.channels})));
  direction =
      register_parameter("direction", torch::nn::init::orthogonal_(torch::empty({layout.rays, kDirectionSize})));
}

std::int64_t RayAttentionImpl::output_size() const { return queries * (kDirectionSize + layout.channels); }

torch::Tensor RayAttentionImpl::forward(const torch::Tensor& observations, const torch::Tensor& belief) {
  if (!observations.is_cpu()) return forward_by_tensors(observations, belief);
  return RayAttentionNode::apply(observations.contiguous(), belief.contiguous(), query, direction, layout,
                                 std::int64_t{queries});
}

torch::Tensor RayAttentionImpl::forward_by_tensors(const torch::Tensor& observations, const torch::Tensor& belief) {
  const torch::Tensor rays = observations.narrow(1, 0, std::int64_t{layout.channels} * layout.rays)
                                 .reshape({-1, layout.channels, layout.rays});
  const torch::Tensor queried = torch::mm(belief, query).view({-1, queries, layout.channels});
  const torch::Tensor weights = torch::bmm(queried, rays).softmax(-1);
  const torch::Tensor where = torch::mm(weights.view({-1, layout.rays}), direction).view({-1, queries, kDirectionSize});
  return torch::cat({where, torch::bmm(weights, rays.transpose(1, 2))}, 2).flatten(1);
}

}  // namespace medal
