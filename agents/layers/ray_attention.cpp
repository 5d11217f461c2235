#include "agents/layers/ray_attention.h"

#include <ATen/ops/bmm.h>
#include <ATen/ops/mm.h>
#include <torch/csrc/autograd/custom_function.h>

#include "agents/kernels/matrix_product.h"
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

/// The rows that are asked, and a channel beside them if there is one.
struct Asked {
  const Tensor& observations;
  const Tensor& lengths;  ///< [rows, rays]; undefined for none
  RayProductSize size(const RayLayout& layout, std::int64_t queries) const {
    return {observations.size(0),   queries,
            layout.channels,        layout.rays,
            observations.stride(0), lengths.defined() ? lengths.data_ptr<float>() : nullptr};
  }
};

class RayAttentionNode : public torch::autograd::Function<RayAttentionNode> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& observations,
                        const c10::optional<Tensor>& colour_lengths, const Tensor& queried, const Tensor& direction,
                        const RayLayout& layout, std::int64_t queries) {
    const Tensor lengths = colour_lengths.value_or(Tensor());
    const std::int64_t rows = observations.size(0), width = direction.size(1), answer = width + layout.channels;
    const Tensor weights = at::empty({rows * queries, layout.rays}), out = at::empty({rows, queries * answer});
    ray_product_forward({Asked{observations, lengths}.size(layout, queries), observations.data_ptr<float>(),
                         queried.data_ptr<float>(), weights.data_ptr<float>(), out.data_ptr<float>() + width, answer});
    MatrixProduct where;
    where.rows = rows * queries;
    where.inner = where.a_stride = layout.rays;
    where.columns = where.b_stride = width;
    where.a = weights.data_ptr<float>();
    where.b = direction.data_ptr<float>();
    where.c = out.data_ptr<float>();
    where.c_stride = answer;
    multiply(where);
    context->save_for_backward({observations, lengths, direction, weights});
    context->saved_data["channels"] = layout.channels;
    context->saved_data["queries"] = queries;
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &observations = saved[0], &lengths = saved[1], &direction = saved[2], &weights = saved[3];
    const RayLayout layout{static_cast<int>(context->saved_data["channels"].toInt()),
                           static_cast<int>(direction.size(0))};
    const std::int64_t rows = observations.size(0), queries = context->saved_data["queries"].toInt();
    const std::int64_t width = direction.size(1), answer = width + layout.channels;
    const Tensor gradient = gradients[0].contiguous();
    const Tensor where = gradient.view({rows * queries, answer}).narrow(1, 0, width);
    const Tensor weights_gradient = matrix_product_transposed(where, direction);
    const Tensor query_gradient = at::empty({rows, queries * layout.channels});
    ray_product_backward({Asked{observations, lengths}.size(layout, queries), observations.data_ptr<float>(),
                          weights.data_ptr<float>(), gradient.data_ptr<float>() + width, answer,
                          weights_gradient.data_ptr<float>(), query_gradient.data_ptr<float>()});
    return {Tensor(), Tensor(), query_gradient, weight_gradient(weights, where), Tensor(), Tensor()};
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

Tensor RayAttention::colour_lengths(const Tensor& observations) const {
  if (!colour_lengths_) return {};
  Tensor lengths = at::empty({observations.size(0), layout.rays});
  squared_lengths(observations.data_ptr<float>() + std::int64_t{layout.goal_colour} * layout.rays,
                  observations.stride(0), observations.size(0), layout.rays, lengths.data_ptr<float>());
  return lengths;
}

Tensor RayAttention::with_colour_lengths(const Tensor& observations) const {
  if (!colour_lengths_) return observations;
  const std::int64_t rays = layout.rays;
  const Tensor seen = observations.narrow(1, 0, (layout.channels - 1) * rays);
  const Tensor colours = seen.narrow(1, layout.goal_colour * rays, 3 * rays).reshape({-1, 3, rays});
  return at::cat({seen, colours.square().sum(1)}, 1);
}

Tensor RayAttention::forward(const Tensor& observations, const std::vector<Tensor>& asking) const {
  if (!observations.is_cpu()) return forward_by_tensors(observations, asking);
  const Tensor rows = observations.contiguous();
  const Tensor lengths = colour_lengths(rows);
  return RayAttentionNode::apply(rows, lengths.defined() ? c10::optional<Tensor>(lengths) : c10::nullopt,
                                 dense_layer(asking, query, Tensor(), false), direction, layout, std::int64_t{queries});
}

Tensor RayAttention::forward_by_tensors(const Tensor& observations, const std::vector<Tensor>& asking) const {
  const Tensor rays = with_colour_lengths(observations)
                          .narrow(1, 0, std::int64_t{layout.channels} * layout.rays)
                          .reshape({-1, layout.channels, layout.rays});
  const Tensor queried = at::mm(at::cat(asking, 1), query).view({-1, queries, layout.channels});
  const Tensor weights = at::bmm(queried, rays).softmax(-1);
  const Tensor where = at::mm(weights.view({-1, layout.rays}), direction).view({-1, queries, kDirectionSize});
  return at::cat({where, at::bmm(weights, rays.transpose(1, 2))}, 2).flatten(1);
}

}  // namespace medal
