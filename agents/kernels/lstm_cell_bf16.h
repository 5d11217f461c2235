#pragma once

#include "agents/kernels/lstm_cell.h"

namespace medal {

/// lstm_cell_forward within some 1e-6 instead of the last bits, on a processor that has_bf16_products(): what is
/// rounded to bfloat16 next needs no more. Approximate reciprocals in place of divisions.
void lstm_cell_forward_bf16(const LstmCellForward& step);

}  // namespace medal
