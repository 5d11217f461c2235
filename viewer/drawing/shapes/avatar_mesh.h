#pragma once

#include "viewer/drawing/shapes/mesh.h"

namespace medal {

/// A body on the origin that looks along +X, `height` m high (standing or crouching): capsule, visor, hands, pack.
/// `paint` marks what takes the avatar's own colour.
Mesh make_avatar(float height);
/// The mark that floats above the expert, around the origin.
Mesh make_diamond();

}  // namespace medal
