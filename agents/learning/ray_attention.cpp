#include "agents/learning/ray_attention.h"

#include <algorithm>

#include "sim/error.h"
#include "sim/observation.h"

namespace medal {
namespace {

constexpr std::int64_t kDirectionSize = 8;

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

torch::Tensor RayAttentionImpl::weights(const torch::Tensor& rays, const torch::Tensor& belief) {
  return torch::bmm(torch::mm(belief, query).view({-1, queries, layout.channels}), rays).softmax(-1);
}

torch::Tensor RayAttentionImpl::forward(const torch::Tensor& observations, const torch::Tensor& belief) {
  const torch::Tensor rays =
      observations.narrow(1, 0, layout.channels * layout.rays).view({-1, layout.channels, layout.rays});
  const torch::Tensor attention = weights(rays, belief);
  const torch::Tensor where =
      torch::mm(attention.view({-1, layout.rays}), direction).view({-1, queries, kDirectionSize});
  const torch::Tensor what = torch::bmm(attention, rays.transpose(1, 2));
  return torch::cat({where, what}, 2).flatten(1);
}

}  // namespace medal
