#pragma once

#include <pybind11/numpy.h>

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/task/action.h"

namespace medal {

using Shape = std::vector<pybind11::ssize_t>;

/// An array over numbers that `owner` holds: no copy. The owner lives as long as the array.
template <class Number>
pybind11::array view_of(std::vector<Number>& numbers, const Shape& shape, const pybind11::object& owner) {
  return pybind11::array(pybind11::dtype::of<Number>(), shape, numbers.data(), owner);
}
/// The same of 0 and 1 as bool.
pybind11::array flags_of(std::vector<std::uint8_t>& flags, const pybind11::object& owner);

/// An array of its own with these numbers.
template <class Number>
pybind11::array_t<Number> copy_of(std::span<const Number> numbers, const Shape& shape) {
  return pybind11::array_t<Number>(shape, numbers.data());
}

/// The numbers of an array-like (numpy, a tensor on the CPU, lists) as dense float32 of this shape; a size of -1 is
/// free. No copy where they are so already. Throws UserError that begins with `name`.
pybind11::array_t<float> floats_from(const pybind11::handle& source, const Shape& shape, const std::string& name);

/// The memory of a writable float32 array of this shape, to be changed in place. Throws UserError.
std::span<float> writable_floats(const pybind11::handle& source, const Shape& shape, const std::string& name);

/// How actions are written: whole numbers are bins, others the components' values in [-1, 1].
enum class ActionForm { bins, values, either };

/// Reads actions [N, kActionSize]; values are clamped. Throws UserError on another shape or form, bins that there are
/// not, and what is not finite.
void read_actions(const pybind11::handle& source, std::span<Action> actions, const std::string& name,
                  ActionForm form = ActionForm::either);

}  // namespace medal
