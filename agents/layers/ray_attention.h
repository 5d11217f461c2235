#pragma once

#include <torch/torch.h>

namespace medal {

/// Where in the observation the LIDAR lies: its first numbers, [channels][rays].
struct RayLayout {
  int channels = 0, rays = 0;
};

/// Of an observation of this many numbers, by the table in sim/episode/observation.h. No rays where none fits.
RayLayout ray_layout(int observation_size);

/// Attention (Vaswani et al. 2017) of the memory to single rays: a query is matched with what each ray hits, and the
/// answer is where the matching rays point and what they hit. A dense layer would have to learn for each direction anew
/// that a remembered colour and a seen one are the same.
struct RayAttentionImpl : torch::nn::Module {
  RayAttentionImpl(std::int64_t belief_size, RayLayout layout, int queries);
  /// observations [rows, O], belief [rows, B]; result [rows, output_size()]: for each query where, then what. No
  /// gradient reaches the observations. On the CPU one autograd node on our own kernels.
  torch::Tensor forward(const torch::Tensor& observations, const torch::Tensor& belief);
  /// The same by plain tensor operations, for any device; what the above is tested against.
  torch::Tensor forward_by_tensors(const torch::Tensor& observations, const torch::Tensor& belief);
  std::int64_t output_size() const;

  RayLayout layout;
  int queries;
  torch::Tensor query;      ///< [B, queries * channels]
  torch::Tensor direction;  ///< [rays, kDirectionSize]: what it means that a ray points where it does
};
TORCH_MODULE(RayAttention);

}  // namespace medal
