#include "agents/layers/slot_attention.h"

#include <ATen/ops/bmm.h>
#include <ATen/ops/ones_like.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>

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

class SlotReadsNode : public torch::autograd::Function<SlotReadsNode> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& attended, const Tensor& newest, const Tensor& allowed) {
    const std::int64_t rows = attended.size(0), first = attended.size(1), second = newest.size(1);
    Tensor out = at::empty({rows, first + second + 1}, attended.options());
    float* to = out.data_ptr<float>();
    for (std::int64_t row = 0; row < rows; ++row) {
      const float factor = allowed.data_ptr<float>()[row];
      const auto append = [&](const Tensor& part) {
        const float* from = part.data_ptr<float>() + row * part.size(1);
        to = std::transform(from, from + part.size(1), to, [factor](float value) { return factor * value; });
      };
      append(attended);
      append(newest);
      *to++ = 1.0F;
    }
    context->save_for_backward({allowed});
    context->saved_data["first"] = first;
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const Tensor allowed = context->get_saved_variables()[0], gradient = gradients[0].contiguous();
    const std::int64_t rows = gradient.size(0), first = context->saved_data["first"].toInt();
    Tensor of_attended = at::empty({rows, first}, gradient.options());
    float* to = of_attended.data_ptr<float>();
    for (std::int64_t row = 0; row < rows; ++row) {
      const float factor = allowed.data_ptr<float>()[row];
      const float* from = gradient.data_ptr<float>() + row * gradient.size(1);
      to = std::transform(from, from + first, to, [factor](float value) { return factor * value; });
    }
    return {of_attended, Tensor(), Tensor()};
  }
};

}  // namespace

Tensor slot_reads(const Tensor& attended, const Tensor& newest, const Tensor& allowed) {
  if (!attended.is_cpu()) return slot_reads_by_tensors(attended, newest, allowed);
  return SlotReadsNode::apply(attended.contiguous(), newest.contiguous(), allowed.contiguous());
}

Tensor slot_reads_by_tensors(const Tensor& attended, const Tensor& newest, const Tensor& allowed) {
  const Tensor factor = allowed.unsqueeze(1);
  // The one lets a query be constant.
  return at::cat({at::cat({attended, newest}, 1) * factor, at::ones_like(factor)}, 1);
}

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
