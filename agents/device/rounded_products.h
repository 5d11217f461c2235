#pragma once

namespace medal {

/// While it lives, products of single precision on a GPU may round their factors to TF32 (10 bits of mantissa), which
/// tensor cores take; sums stay in single precision. Of the whole process; nothing changes on the CPU.
class RoundedProducts {
 public:
  explicit RoundedProducts(bool round);
  ~RoundedProducts();
  RoundedProducts(const RoundedProducts&) = delete;
  RoundedProducts& operator=(const RoundedProducts&) = delete;

 private:
  bool round_;
};

}  // namespace medal
