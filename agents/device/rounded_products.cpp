#include "agents/device/rounded_products.h"

#include <ATen/Context.h>

namespace medal {
namespace {

void let_round(bool round) { at::globalContext().setFloat32MatmulPrecision(round ? "high" : "highest"); }

}  // namespace

RoundedProducts::RoundedProducts(bool round) : round_(round) {
  if (round_) let_round(true);
}

RoundedProducts::~RoundedProducts() {
  if (round_) let_round(false);
}

}  // namespace medal
