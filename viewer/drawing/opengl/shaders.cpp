#include "viewer/drawing/opengl/shaders.h"

namespace medal::shaders {

const std::string_view kShared = R"glsl(#version 330 core
layout(std140) uniform Frame {
  mat4 view_projection;
  mat4 to_shadow;   // world to the shadow map's [0, 1]
  vec4 eye;         // m; w: distance at which haze begins
  vec4 sun;         // towards the sun; w: haze per metre
};
const vec3 kSunlight = vec3(1.38, 1.19, 0.92);
const vec3 kSkylight = vec3(0.27, 0.37, 0.52);
const vec3 kBouncedLight = vec3(0.20, 0.17, 0.15);
const vec3 kHorizon = vec3(0.40, 0.52, 0.66);
const vec3 kZenith = vec3(0.10, 0.23, 0.46);
const vec3 kNadir = vec3(0.022, 0.036, 0.070);

vec3 sky(float up) {
  return up > 0.0 ? mix(kHorizon, kZenith, sqrt(up)) : mix(kHorizon, kNadir, smoothstep(0.0, 0.75, -up));
}

vec3 lit(vec3 albedo, vec3 normal, float open, float shadow) {
  float direct = max(dot(normal, sun.xyz), 0.0) * shadow;
  vec3 ambient = mix(kBouncedLight, kSkylight, 0.5 + 0.5 * normal.z) * open;
  return albedo * (direct * kSunlight + ambient);
}

// How much of the sun reaches a place of the shadow map, with soft edges.
uniform sampler2DShadow shadow_map;
float sunlight_at(vec3 place) {
  float spread = 1.3 / float(textureSize(shadow_map, 0).x);
  float light = texture(shadow_map, place + vec3(-spread, -0.4 * spread, 0.0));
  light += texture(shadow_map, place + vec3(0.4 * spread, -spread, 0.0));
  light += texture(shadow_map, place + vec3(spread, 0.4 * spread, 0.0));
  light += texture(shadow_map, place + vec3(-0.4 * spread, spread, 0.0));
  return 0.25 * light;
}

vec3 finish(vec3 colour, vec3 position) {
  float haze = 1.0 - exp(-sun.w * max(0.0, distance(position, eye.xyz) - eye.w));
  return sqrt(mix(colour, kHorizon, haze));
}
)glsl";

const std::string_view kSolidVertex = R"glsl(
layout(location = 0) in vec3 in_position;
layout(location = 1) in vec3 in_normal;
layout(location = 2) in vec3 in_colour;
layout(location = 3) in vec3 in_material;  // paint, height, stripe
uniform mat4 model;
out vec3 position;
out vec3 normal;
out vec3 colour;
out vec3 material;
out vec3 in_shadow;
void main() {
  vec4 world = model * vec4(in_position, 1.0);
  position = world.xyz;
  normal = mat3(model) * in_normal;
  colour = in_colour;
  material = in_material;
  in_shadow = (to_shadow * vec4(position + 0.03 * normalize(normal), 1.0)).xyz;
  gl_Position = view_projection * world;
}
)glsl";

const std::string_view kGroundFragment = R"glsl(
in vec3 position;
in vec3 normal;
in vec3 colour;
in vec3 material;
in vec3 in_shadow;
uniform sampler2D light_map;   // rgb: glow of the goals, a: how open to the sky
uniform float arena_size;
uniform vec2 height_range;
out vec4 out_colour;

const vec3 kLow = vec3(0.055, 0.130, 0.150);
const vec3 kMiddle = vec3(0.205, 0.270, 0.160);
const vec3 kHigh = vec3(0.720, 0.570, 0.330);

// 1 on the lines where `value` is whole, fading out where they would be too dense to tell apart.
float lines(float value, float width) {
  float density = fwidth(value);
  float line = 1.0 - smoothstep(0.5 * width, 0.5 * width + 1.0, abs(fract(value - 0.5) - 0.5) / density);
  return line * (1.0 - smoothstep(0.15, 0.4, density));
}

void main() {
  vec3 up = normalize(normal);
  if (material.x > 0.5) {  // the block's sides: layers of earth
    float layer = 0.5 + 0.5 * sin(9.0 * position.z + 0.6 * sin(0.9 * (position.x + position.y)));
    out_colour = vec4(finish(lit(colour * mix(0.75, 1.15, layer), up, 0.8, 0.85), position), 1.0);
    return;
  }
  vec4 local = texture(light_map, position.xy / arena_size + 0.5);
  float level = clamp((position.z - height_range.x) / (height_range.y - height_range.x), 0.0, 1.0);
  vec3 albedo = level < 0.5 ? mix(kLow, kMiddle, 2.0 * level) : mix(kMiddle, kHigh, 2.0 * level - 1.0);
  albedo *= 1.0 - 0.16 * max(lines(position.x, 0.3), lines(position.y, 0.3));
  float border = max(abs(position.x), abs(position.y)) - 0.5 * arena_size + 0.14;
  albedo = mix(albedo, vec3(0.72, 0.72, 0.70), smoothstep(0.0, 0.02, border));
  vec3 glow = local.rgb * local.rgb;
  vec3 light = lit(albedo, up, local.a, sunlight_at(in_shadow) * (0.55 + 0.45 * local.a));
  out_colour = vec4(finish(light + glow * (0.35 * albedo + 0.16), position), 1.0);
}
)glsl";

const std::string_view kSolidFragment = R"glsl(
in vec3 position;
in vec3 normal;
in vec3 colour;
in vec3 material;
in vec3 in_shadow;
uniform vec3 paint;
out vec4 out_colour;
void main() {
  vec3 up = normalize(normal);
  vec3 albedo = mix(colour, paint, material.x);
  if (material.z > -50.0) {
    float stripe = abs(2.0 * fract(1.25 * material.z) - 1.0);
    albedo = mix(albedo, vec3(0.80, 0.80, 0.78), smoothstep(0.47, 0.53, stripe));
  }
  float open = mix(0.35, 1.0, smoothstep(-0.1, 0.9, material.y));
  vec3 light = lit(albedo, up, open, sunlight_at(in_shadow));
  vec3 towards = normalize(eye.xyz - position);
  float shine = pow(max(dot(up, normalize(towards + sun.xyz)), 0.0), 40.0);
  float rim = pow(1.0 - max(dot(up, towards), 0.0), 4.0);
  out_colour = vec4(finish(light + 0.18 * shine * open + 0.10 * rim * open * kSkylight, position), 1.0);
}
)glsl";

const std::string_view kGhostFragment = R"glsl(
in vec3 position;
in vec3 normal;
in vec3 colour;
in vec3 material;
uniform vec3 paint;
uniform float strength;
out vec4 out_colour;
void main() {
  vec3 towards = normalize(eye.xyz - position);
  float rim = 1.0 - abs(dot(normalize(normal), towards));
  float bands = smoothstep(0.25, 0.45, abs(2.0 * fract(6.0 * position.z) - 1.0));
  float alpha = strength * clamp(0.16 + 0.24 * bands + 0.75 * rim * rim, 0.0, 0.95);
  out_colour = vec4(finish(1.25 * paint + 0.12 + 0.25 * rim * rim, position), alpha);
}
)glsl";

const std::string_view kGoalFragment = R"glsl(
in vec3 position;
in vec3 normal;
in vec3 colour;
in vec3 material;
uniform vec3 paint;
uniform float strength;  // 1, more for a flash
out vec4 out_colour;
void main() {
  vec3 up = normalize(normal);
  vec3 towards = normalize(eye.xyz - position);
  float facing = clamp(dot(up, towards), 0.0, 1.0);
  float rim = (1.0 - facing) * (1.0 - facing);
  float shine = pow(max(dot(up, normalize(towards + sun.xyz)), 0.0), 90.0);
  float core = facing * facing * facing;
  vec3 glass = paint * (0.50 + 0.35 * core + 0.12 * up.z) + mix(paint, vec3(1.0), 0.35) * rim * 0.9;
  out_colour = vec4(finish(strength * glass + 0.9 * shine, position), clamp(0.46 + 0.48 * rim + shine, 0.0, 1.0));
}
)glsl";

const std::string_view kDepthFragment = R"glsl(
void main() {}
)glsl";

const std::string_view kFlatVertex = R"glsl(
layout(location = 0) in vec3 in_position;
layout(location = 1) in vec4 in_colour;
layout(location = 2) in float in_size;
out vec3 position;
out vec4 colour;
void main() {
  position = in_position;
  colour = in_colour;
  gl_Position = view_projection * vec4(position, 1.0);
  gl_PointSize = in_size;
}
)glsl";

const std::string_view kFlatFragment = R"glsl(
in vec3 position;
in vec4 colour;
out vec4 out_colour;
void main() { out_colour = vec4(finish(colour.rgb, position), colour.a); }
)glsl";

const std::string_view kPointFragment = R"glsl(
in vec3 position;
in vec4 colour;
out vec4 out_colour;
void main() {
  float radius = 2.0 * length(gl_PointCoord - 0.5);
  if (radius > 1.0) discard;
  vec3 shade = mix(colour.rgb, vec3(0.01), smoothstep(0.62, 0.80, radius));
  out_colour = vec4(finish(shade, position), colour.a);
}
)glsl";

const std::string_view kHaloVertex = R"glsl(
layout(location = 0) in vec2 corner;
uniform vec3 center;
uniform vec3 right;
uniform vec3 up;
out vec2 place;
void main() {
  place = corner;
  gl_Position = view_projection * vec4(center + corner.x * right + corner.y * up, 1.0);
}
)glsl";

const std::string_view kHaloFragment = R"glsl(
in vec2 place;
uniform vec3 paint;
out vec4 out_colour;
void main() {
  float fade = max(0.0, 1.0 - dot(place, place));
  out_colour = vec4(paint * fade * fade * fade, 0.0);
}
)glsl";

const std::string_view kSkyVertex = R"glsl(
uniform mat4 to_world;  // from the picture's [-1, 1] to a direction
out vec3 direction;
void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3.0 : -1.0, gl_VertexID == 2 ? 3.0 : -1.0);
  direction = (to_world * vec4(corner, 0.0, 1.0)).xyz;
  gl_Position = vec4(corner, 1.0, 1.0);
}
)glsl";

const std::string_view kSkyFragment = R"glsl(
in vec3 direction;
out vec4 out_colour;
void main() { out_colour = vec4(sqrt(sky(normalize(direction).z)), 1.0); }
)glsl";

}  // namespace medal::shaders
