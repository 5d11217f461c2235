#pragma once

// The least of LibTorch that a tensor takes. A file names the operations beyond these by their own headers
// (ATen/ops/NAME.h): torch/torch.h costs every file that reads it some twenty seconds, this some three.

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/cat.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/empty_like.h>
#include <ATen/ops/zeros.h>
