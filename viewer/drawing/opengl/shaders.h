#pragma once

#include <string_view>

/// GLSL texts. Colours are linear until `finish`, which adds haze and encodes them.
namespace medal::shaders {

/// Begins every shader: version, what all share in one frame, light, haze.
extern const std::string_view kShared;

extern const std::string_view kSolidVertex;     ///< a Mesh, moved by `model`
extern const std::string_view kGroundFragment;  ///< height colours, metre grid, light map
extern const std::string_view kSolidFragment;   ///< obstacles and bodies
extern const std::string_view kGhostFragment;   ///< translucent bodies
extern const std::string_view kGoalFragment;    ///< glowing glass
extern const std::string_view kDepthFragment;   ///< for the shadow map

extern const std::string_view kFlatVertex;  ///< unlit FlatVertex: ribbons, lines, points, walls
extern const std::string_view kFlatFragment;
extern const std::string_view kPointFragment;

extern const std::string_view kHaloVertex;  ///< a square that faces the eye
extern const std::string_view kHaloFragment;

extern const std::string_view kSkyVertex;  ///< one triangle over the whole picture
extern const std::string_view kSkyFragment;

}  // namespace medal::shaders
