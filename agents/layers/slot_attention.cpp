#include "agents/layers/slot_attention.h"

#include <ATen/ops/bmm.h>
#include <torch/csrc/autograd/custom_function.h>

#include "agents/kernels/ray_product.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

RayProductSize product_size(const Tensor& slots, const Tensor& queries, std::int64_t channels) {
  return {slots.size(0), queries.size(1) / channels, channels, slots.size(1) / channels, slots.stride(0)};
}

class SlotAttentionNode : public torch::autograd::Function<SlotAttentionNode> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& slots, const Tensor& queries, std::int64_t channels) {
    const RayProductSize size = product_size(slots, queries, channels);
    const Tensor weights = at::empty({size.rows * size.queries, size.rays}), out = at::empty_like(queries);
    ray_product_forward({size, slots.data_ptr<float>(), queries.data_ptr<float>(), weights.data_ptr<float>(),
                         out.data_ptr<float>(), channels});
    context->save_for_backward({slots, weights});
    context->saved_data["channels"] = channels;
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &slots = saved[0], &weights = saved[1];
    const std::int64_t channels = context->saved_data["channels"].toInt();
    const Tensor gradient = gradients[0].contiguous(), queries_gradient = at::empty_like(gradient);
    const Tensor weights_gradient = at::zeros(weights.sizes());  // nothing else flows to the weights
    ray_product_backward({product_size(slots, gradient, channels), slots.data_ptr<float>(), weights.data_ptr<float>(),
                          gradient.data_ptr<float>(), channels, weights_gradient.data_ptr<float>(),
                          queries_gradient.data_ptr<float>()});
    return {Tensor(), queries_gradient, Tensor()};
  }
};

}  // namespace

Tensor slot_attention(const Tensor& slots, const Tensor& queries, std::int64_t channels) {
  MEDAL_CHECK(slots.size(1) % channels == 0 && queries.size(1) % channels == 0);
  if (!slots.is_cpu()) return slot_attention_by_tensors(slots, queries, channels);
  return SlotAttentionNode::apply(slots.stride(1) == 1 ? slots : slots.contiguous(), queries.contiguous(), channels);
}

Tensor slot_attention_by_tensors(const Tensor& slots, const Tensor& queries, std::int64_t channels) {
  const Tensor all = slots.reshape({slots.size(0), channels, -1});
  const Tensor weights = at::bmm(queries.view({queries.size(0), -1, channels}), all).softmax(-1);
  return at::bmm(weights, all.transpose(1, 2)).flatten(1);
}

}  // namespace medal
