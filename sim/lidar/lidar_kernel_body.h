// The kernel itself, compiled once for each vector width: the including file defines MEDAL_LIDAR_WIDTH, a power of 2 up
// to 16. Everything is local to that file. Lanes are rays; all rays share the eye, so that most work per object is
// scalar. Formulas are those of lidar_reference.cpp.

#include <cmath>
#include <cstring>

#include "sim/lidar/lidar_kernel.h"

namespace medal {
namespace {

constexpr int kWidth = MEDAL_LIDAR_WIDTH;
typedef float Floats __attribute__((vector_size(kWidth * 4)));
typedef std::int32_t Integers __attribute__((vector_size(kWidth * 4)));

constexpr int kTerrainKind = 0, kWallKind = 4;
constexpr float kTiny = 1e-12F;
constexpr float kFar = 1e9F;

Floats all(float value) { return value - Floats{}; }
Floats minimum(Floats a, Floats b) { return a < b ? a : b; }
Floats maximum(Floats a, Floats b) { return a > b ? a : b; }
Floats absolute(Floats a) { return a < 0.0F ? -a : a; }

Floats square_root(Floats a) {
  for (int lane = 0; lane < kWidth; ++lane) a[lane] = __builtin_sqrtf(a[lane]);
  return a;
}

bool any(Integers mask) {
  std::int32_t bits = 0;
  for (int lane = 0; lane < kWidth; ++lane) bits |= mask[lane];
  return bits != 0;
}

Floats load(const float* values) {
  Floats result;
  std::memcpy(&result, values, sizeof result);
  return result;
}

template <class Vector, class Value>
void store(Value* out, Vector values) {
  std::memcpy(out, &values, sizeof values);
}

/// Keeps divisions finite.
Floats not_zero(Floats a) { return absolute(a) < kTiny ? all(kTiny) : a; }

struct Rays {
  Floats x, y, z;
};

struct Nearest {
  Floats distance;
  Integers what;

  void take(Integers mask, Floats candidate, int kind) {
    mask &= candidate < distance;
    distance = mask ? candidate : distance;
    what = mask ? Integers{} + kind : what;
  }
};

void meet_walls(const LidarKernelData& data, const Rays& rays, Nearest& nearest) {
  const Floats x = not_zero(rays.x), y = not_zero(rays.y);
  const Floats along_x = ((x < 0.0F ? all(-data.scene.half_size) : all(data.scene.half_size)) - data.eye_x) / x;
  const Floats along_y = ((y < 0.0F ? all(-data.scene.half_size) : all(data.scene.half_size)) - data.eye_y) / y;
  nearest.take(~Integers{}, maximum(minimum(along_x, along_y), Floats{}), kWallKind);
}

void meet_box(const LidarKernelData& data, int b, const Rays& rays, Nearest& nearest) {
  const float cosine = data.scene.box_cos[b], sine = data.scene.box_sin[b];
  const float offset_x = data.eye_x - data.scene.box_x[b], offset_y = data.eye_y - data.scene.box_y[b];
  const float origin_x = cosine * offset_x + sine * offset_y, origin_y = cosine * offset_y - sine * offset_x;
  const float origin_z = data.eye_z - data.scene.box_z[b];
  const Floats inverse_x = 1.0F / not_zero(cosine * rays.x + sine * rays.y);
  const Floats inverse_y = 1.0F / not_zero(cosine * rays.y - sine * rays.x);
  const Floats inverse_z = 1.0F / not_zero(rays.z);
  const Floats middle_x = -origin_x * inverse_x, reach_x = data.scene.box_half_x[b] * absolute(inverse_x);
  const Floats middle_y = -origin_y * inverse_y, reach_y = data.scene.box_half_y[b] * absolute(inverse_y);
  const Floats middle_z = -origin_z * inverse_z, reach_z = data.scene.box_half_z[b] * absolute(inverse_z);
  const Floats enter = maximum(maximum(middle_x - reach_x, middle_y - reach_y), maximum(middle_z - reach_z, Floats{}));
  const Floats leave = minimum(minimum(middle_x + reach_x, middle_y + reach_y), middle_z + reach_z);
  nearest.take(enter <= leave, enter, data.scene.box_kind[b]);
}

/// Heights at the four corners of each lane's cell, in m.
struct Corners {
  Floats origin, right, up, far;
};

Corners corners_of(const LidarKernelData& data, Integers cell) {
  Integers origin, right, up, far;
  const int row = data.scene.cells + 1;
  for (int lane = 0; lane < kWidth; ++lane) {
    const std::int16_t* corner = data.scene.heights + cell[lane];
    origin[lane] = corner[0];
    right[lane] = corner[1];
    up[lane] = corner[row];
    far[lane] = corner[row + 1];
  }
  const auto metres = [&](Integers heights) {
    return __builtin_convertvector(heights, Floats) * data.scene.height_unit;
  };
  return {metres(origin), metres(right), metres(up), metres(far)};
}

/// Height of a lane's cell at (u, v) in it, on the triangle of the origin or on that of the far corner.
Floats surface(const Corners& c, Integers near_origin, Floats u, Floats v) {
  const Floats near = c.origin + u * (c.right - c.origin) + v * (c.up - c.origin);
  const Floats opposite = c.far + (1.0F - u) * (c.up - c.far) + (1.0F - v) * (c.right - c.far);
  return near_origin ? near : opposite;
}

/// Walks all lanes through the grid, cell by cell. The ray's height above the ground is linear in the distance on each
/// triangle; a hit is where it changes sign. In the cells above the diagonal and below it the triangle differs.
void meet_terrain(const LidarKernelData& data, const Rays& rays, Nearest& nearest) {
  // Only the part of a ray below the highest ground matters.
  const float above = data.eye_z - data.scene.highest;
  const Floats slope = not_zero(rays.z);
  const Integers down = slope < 0.0F;
  Floats begin{}, end = nearest.distance;
  if (above > 0)
    begin = down ? above / -slope : all(kFar);
  else
    end = down ? end : minimum(end, -above / slope);
  Integers live = begin < end;
  if (!any(live)) return;
  begin = live ? begin : Floats{};

  const float scale = 1.0F / data.scene.cell_size;
  const Floats x = (data.eye_x + data.scene.half_size) * scale + Floats{},
               y = (data.eye_y + data.scene.half_size) * scale + Floats{};
  const Floats dx = not_zero(rays.x * scale), dy = not_zero(rays.y * scale);
  const Floats inverse_x = 1.0F / dx, inverse_y = 1.0F / dy, inverse_sum = 1.0F / not_zero(dx + dy);
  const Integers last = Integers{} + (data.scene.cells - 1);
  const auto cell_at = [&](Floats coordinate) {
    Integers cell = __builtin_convertvector(maximum(coordinate, Floats{}), Integers);
    return cell > last ? last : cell;
  };
  Integers i = cell_at(x + begin * dx), j = cell_at(y + begin * dy);
  const Integers right = dx > 0.0F, upward = dy > 0.0F;
  const Integers step_i = right ? Integers{} + 1 : Integers{} - 1, step_j = upward ? Integers{} + 1 : Integers{} - 1;
  Floats next_x = (__builtin_convertvector(i - right, Floats) - x) * inverse_x;
  Floats next_y = (__builtin_convertvector(j - upward, Floats) - y) * inverse_y;
  const Floats across_x = absolute(inverse_x), across_y = absolute(inverse_y);

  Floats gap{};
  bool first = true;
  while (any(live)) {
    const Floats leave = minimum(minimum(next_x, next_y), end);
    const Corners corners = corners_of(data, (live ? j * (data.scene.cells + 1) + i : Integers{}));
    const Floats base_x = x - __builtin_convertvector(i, Floats), base_y = y - __builtin_convertvector(j, Floats);
    Floats diagonal = (1.0F - base_x - base_y) * inverse_sum;
    diagonal = ((diagonal > begin) & (diagonal < leave)) ? diagonal : leave;
    const Floats halfway = 0.5F * (begin + diagonal);
    const Integers near_origin = base_x + base_y + halfway * (dx + dy) <= 1.0F;
    const auto gap_at = [&](Floats t, Integers triangle) {
      return data.eye_z + t * rays.z - surface(corners, triangle, base_x + t * dx, base_y + t * dy);
    };
    if (first) {
      gap = gap_at(begin, near_origin);
      const Integers under = live & (gap <= 0.0F);
      nearest.take(under, begin, kTerrainKind);
      live &= ~under;
      first = false;
    }
    const Floats gap_diagonal = gap_at(diagonal, near_origin), gap_leave = gap_at(leave, ~near_origin);
    const Integers whole = diagonal >= leave;
    const Floats gap_end = whole ? gap_diagonal : gap_leave;
    const Integers hit_first = live & (gap_diagonal <= 0.0F);
    const Integers hit_second = live & ~hit_first & (gap_end <= 0.0F);
    nearest.take(hit_first, begin + (diagonal - begin) * gap / (gap - gap_diagonal), kTerrainKind);
    nearest.take(hit_second, diagonal + (leave - diagonal) * gap_diagonal / (gap_diagonal - gap_end), kTerrainKind);
    live &= ~(hit_first | hit_second) & (leave < end);
    const Integers through_x = next_x < next_y;
    i += through_x & step_i;
    j += ~through_x & step_j;
    next_x += through_x ? across_x : Floats{};
    next_y += through_x ? Floats{} : across_y;
    live &= (i >= 0) & (i <= last) & (j >= 0) & (j <= last);
    begin = leave;
    gap = gap_end;
  }
}

/// Distance at which each ray enters a sphere, kFar where it does not; the eye is at (x, y, z) from its centre.
Floats enter_sphere(float x, float y, float z, float radius, const Rays& rays) {
  const float outside = x * x + y * y + z * z - radius * radius;
  if (outside <= 0) return all(kFar);
  const Floats half_b = x * rays.x + y * rays.y + z * rays.z;
  const Floats discriminant = half_b * half_b - outside;
  const Integers hit = (discriminant >= 0.0F) & (half_b <= 0.0F);
  if (!any(hit)) return all(kFar);
  return hit ? -half_b - square_root(maximum(discriminant, Floats{})) : all(kFar);
}

/// The same for an upright capsule.
Floats enter_capsule(const LidarKernelData& data, int a, const Rays& rays) {
  const float x = data.eye_x - data.avatar_x[a], y = data.eye_y - data.avatar_y[a], radius = data.avatar_radius;
  const float outside = x * x + y * y - radius * radius;
  Floats nearest = all(kFar);
  const Floats squared = not_zero(rays.x * rays.x + rays.y * rays.y), half_b = x * rays.x + y * rays.y;
  const Floats discriminant = half_b * half_b - squared * outside;
  const Integers hit = (discriminant >= 0.0F) & (half_b < 0.0F);
  if (outside > 0 && !any(hit)) return nearest;
  if (outside > 0) {
    const Floats distance = (-half_b - square_root(maximum(discriminant, Floats{}))) / squared;
    const Floats z = data.eye_z + distance * rays.z;
    nearest = (hit & (z >= data.avatar_low[a]) & (z <= data.avatar_high[a])) ? distance : nearest;
  }
  nearest = minimum(nearest, enter_sphere(x, y, data.eye_z - data.avatar_low[a], radius, rays));
  return minimum(nearest, enter_sphere(x, y, data.eye_z - data.avatar_high[a], radius, rays));
}

void cast_block(const LidarKernelData& data, int block) {
  const Floats at_zero_x = load(data.rays.direction_x + block), at_zero_y = load(data.rays.direction_y + block);
  const Rays rays = {data.cos_yaw * at_zero_x - data.sin_yaw * at_zero_y,
                     data.sin_yaw * at_zero_x + data.cos_yaw * at_zero_y, load(data.rays.direction_z + block)};
  Nearest solid = {all(data.rays.range), Integers{} - 1};
  meet_walls(data, rays, solid);
  for (int b = 0; b < data.scene.boxes; ++b) meet_box(data, b, rays, solid);
  meet_terrain(data, rays, solid);
  Nearest goal = {solid.distance, Integers{} - 1};
  for (int g = 0; g < data.scene.goals; ++g)
    goal.take(~Integers{},
              enter_sphere(data.eye_x - data.scene.goal_x[g], data.eye_y - data.scene.goal_y[g],
                           data.eye_z - data.scene.goal_z[g], data.scene.goal_radius[g], rays),
              g);
  Nearest avatar = {solid.distance, Integers{} - 1};
  for (int a = 0; a < data.avatars; ++a) avatar.take(~Integers{}, enter_capsule(data, a, rays), a);
  store(data.solid_distance + block, solid.what < 0 ? all(-1.0F) : solid.distance);
  store(data.solid_kind + block, solid.what < 0 ? Integers{} : solid.what);
  store(data.goal_distance + block, goal.what < 0 ? all(-1.0F) : goal.distance);
  store(data.goal + block, goal.what);
  store(data.avatar_distance + block, avatar.what < 0 ? all(-1.0F) : avatar.distance);
}

void cast_all(const LidarKernelData& data) {
  for (int block = 0; block < data.rays.padded_rays; block += kWidth) cast_block(data, block);
}

}  // namespace
}  // namespace medal
