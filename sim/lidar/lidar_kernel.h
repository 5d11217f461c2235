#pragma once

#include <cstdint>

namespace medal {

// All that the vector kernels read and write: plain pointers only, so that code for wide vector units never leaks into
// functions that other files share.

/// Unit directions at yaw 0, padded to a multiple of 16.
struct LidarKernelRays {
  const float* direction_x;
  const float* direction_y;
  const float* direction_z;
  int padded_rays;
  float range;  ///< m
};

/// What stays as it is during an episode. Lengths in m.
struct LidarKernelScene {
  const std::int16_t* heights;
  int cells;
  float cell_size, half_size, height_unit;
  float highest;  ///< of the terrain

  const float* box_x;
  const float* box_y;
  const float* box_z;
  const float* box_half_x;
  const float* box_half_y;
  const float* box_half_z;
  const float* box_cos;
  const float* box_sin;
  const std::int32_t* box_kind;
  int boxes;

  const float* goal_x;
  const float* goal_y;
  const float* goal_z;
  const float* goal_radius;
  int goals;
};

struct LidarKernelData {
  LidarKernelRays rays;
  LidarKernelScene scene;

  float eye_x, eye_y, eye_z, cos_yaw, sin_yaw;

  const float* avatar_x;
  const float* avatar_y;
  const float* avatar_low;   ///< m, lower end of the capsule's axis
  const float* avatar_high;  ///< m, upper end
  int avatars;
  float avatar_radius;

  // Results, padded_rays each; a miss is a negative distance.
  float* solid_distance;
  std::int32_t* solid_kind;
  float* goal_distance;
  std::int32_t* goal;
  float* avatar_distance;
};

/// The same code for vectors of 4, 8 and 16 floats.
void cast_rays_portable(const LidarKernelData& data);
void cast_rays_avx2(const LidarKernelData& data);
void cast_rays_avx512(const LidarKernelData& data);

}  // namespace medal
