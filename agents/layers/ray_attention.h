#pragma once

#include <functional>
#include <vector>

#include "agents/layers/parameters.h"
#include "sim/episode/observation.h"

namespace medal {

/// Where in the observation the LIDAR lies: its first numbers, [channels][rays].
struct RayLayout {
  int channels = 0, rays = 0;
  int goal_colour = 0;  ///< the channel of red; green and blue follow
  int avatar = 0;       ///< the channel of other avatars' proximity
};
/// Of an observation; no rays where it has none.
RayLayout ray_layout(const ObservationLayout& observation);

/// What a memory wants of the rays besides answers to its own output.
struct RayRequest {
  /// One more channel, the squared length of the colour that a ray sees: only with it can a dot product with a colour
  /// be a search for the nearest one (2 a.b - |b|^2).
  bool colour_lengths = false;
  /// Changes the query weights [asking, queries * channels] of a new network, say to "where is what I read"; may be
  /// null.
  std::function<void(at::Tensor& query, const RayLayout& layout)> begin = nullptr;
};

/// Attention (Vaswani et al. 2017) of the memory to single rays: a query is matched with what each ray hits, and the
/// answer is where the matching rays point and what they hit. A dense layer would have to learn for each direction anew
/// that a remembered colour and a seen one are the same.
class RayAttention {
 public:
  RayAttention() = default;
  /// `asking_size`: of the rows that ask.
  RayAttention(const ParameterScope& scope, std::int64_t asking_size, const RayLayout& observed, int queries,
               const RayRequest& request = {});

  /// observations [rows, O], asking [rows, asking_size] in parts that lie side by side; result [rows, output_size()]:
  /// for each query where, then what. No gradient reaches the observations. On the CPU on our own kernels.
  at::Tensor forward(const at::Tensor& observations, const std::vector<at::Tensor>& asking) const;
  /// The same by plain tensor operations, for any device; what the above is tested against.
  at::Tensor forward_by_tensors(const at::Tensor& observations, const std::vector<at::Tensor>& asking) const;
  std::int64_t output_size() const;

  RayLayout layout;  ///< with the channel that was asked for
  int queries = 0;
  at::Tensor query;      ///< [asking_size, queries * channels]
  at::Tensor direction;  ///< [rays, width]: what it means that a ray points where it does

 private:
  /// [rows, rays]; undefined where nobody asked for them
  at::Tensor colour_lengths(const at::Tensor& observations) const;
  /// [rows, channels * rays or more]
  at::Tensor with_colour_lengths(const at::Tensor& observations) const;

  bool colour_lengths_ = false;
};

}  // namespace medal
