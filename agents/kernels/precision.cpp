#include "agents/kernels/precision.h"

#include "sim/base/simd_path.h"

namespace medal {
namespace {

thread_local Precision present = Precision::float32;

}  // namespace

Precision present_precision() { return present; }

PrecisionScope::PrecisionScope(Precision precision) : before_(present) {
  present = has_bf16_products() ? precision : Precision::float32;
}

PrecisionScope::~PrecisionScope() { present = before_; }

}  // namespace medal
