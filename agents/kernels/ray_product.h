#pragma once

#include <cstdint>

namespace medal {

// Attention of a few queries to the rays of each row's LIDAR, on the CPU, in plain loops over floats. A row's rays lie
// as [channels][rays] at the beginning of its observation. Q: queries, C: channels, R: rays.

struct RayProductSize {
  std::int64_t rows = 0, queries = 0, channels = 0, rays = 0;
  std::int64_t observation_stride = 0;  ///< floats from one row's rays to the next row's
  const float* last_channel = nullptr;  ///< [rows, R]; null: the last channel is in the observation as the others are
};

/// out[row][ray] = the squared length of three channels that follow each other: [rows, R].
void squared_lengths(const float* first_channel, std::int64_t observation_stride, std::int64_t rows, std::int64_t rays,
                     float* out);

/// weights = softmax over rays of query x rays; seen = weights x rays^T.
struct RayProductForward {
  RayProductSize size;
  const float* observations = nullptr;
  const float* query = nullptr;  ///< [rows, Q, C]
  float* weights = nullptr;      ///< [rows, Q, R]
  float* seen = nullptr;         ///< rows of Q times C floats, `seen_stride` from one query to the next
  std::int64_t seen_stride = 0;
};
void ray_product_forward(const RayProductForward& product);

struct RayProductBackward {
  RayProductSize size;
  const float* observations = nullptr;
  const float* weights = nullptr;        ///< [rows, Q, R]
  const float* seen_gradient = nullptr;  ///< as `seen`
  std::int64_t seen_stride = 0;
  float* weight_gradient = nullptr;  ///< [rows, Q, R] in: what else flows to the weights; overwritten
  float* query_gradient = nullptr;   ///< [rows, Q, C]
};
void ray_product_backward(const RayProductBackward& product);

}  // namespace medal
