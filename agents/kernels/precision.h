#pragma once

namespace medal {

/// What the factors of a dense product are rounded to; sums are always single precision.
enum class Precision {
  float32,
  bfloat16,  ///< 8 bits of mantissa, half the time; only where has_bf16_products(), elsewhere float32
};

/// That of this thread's products: float32, unless a PrecisionScope says otherwise.
Precision present_precision();

/// While it lives, this thread's products have this precision. A backward pass must be in a scope like its forward
/// pass's: on the CPU, autograd runs it on the calling thread.
class PrecisionScope {
 public:
  explicit PrecisionScope(Precision precision);
  ~PrecisionScope();
  PrecisionScope(const PrecisionScope&) = delete;
  PrecisionScope& operator=(const PrecisionScope&) = delete;

 private:
  Precision before_;
};

}  // namespace medal
