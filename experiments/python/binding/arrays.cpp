#include "experiments/python/binding/arrays.h"

#include <cmath>

#include "sim/base/error.h"

namespace medal {
namespace {

namespace py = pybind11;

std::string text_of(const Shape& shape) {
  std::string text = "[";
  for (const py::ssize_t size : shape)
    text += (text.size() > 1 ? ", " : "") + (size < 0 ? std::string("any") : std::to_string(size));
  return text + "]";
}

std::string text_of(const py::array& array) {
  return py::str(array.dtype()).cast<std::string>() + " of shape " +
         text_of(Shape(array.shape(), array.shape() + array.ndim()));
}

bool fits(const py::array& array, const Shape& shape) {
  if (array.ndim() != static_cast<py::ssize_t>(shape.size())) return false;
  for (std::size_t i = 0; i < shape.size(); ++i)
    if (shape[i] >= 0 && array.shape(static_cast<py::ssize_t>(i)) != shape[i]) return false;
  return true;
}

/// Numbers of that shape, in whatever type.
py::array numbers_from(const py::handle& source, const Shape& shape, const std::string& name) {
  const py::array array = py::array::ensure(source);
  if (!array) {
    PyErr_Clear();
    throw UserError(name + " must be an array of shape " + text_of(shape) + ", not " +
                    py::str(py::type::of(source)).cast<std::string>());
  }
  if (std::string("biuf").find(array.dtype().kind()) == std::string::npos || !fits(array, shape))
    throw UserError(name + " must be numbers of shape " + text_of(shape) + ", not " + text_of(array));
  return array;
}

void read_bins(const py::array_t<std::int64_t>& bins, std::span<Action> actions, const std::string& name) {
  const std::int64_t* bin = bins.data();
  for (Action& action : actions)
    for (const ActionComponent& component : kActionComponents) {
      if (*bin < 0 || *bin >= static_cast<std::int64_t>(component.bins.size()))
        throw UserError(name + ": '" + std::string(component.name) + "' has the bins 0 to " +
                        std::to_string(component.bins.size() - 1) + ", not " + std::to_string(*bin));
      action.*component.value = component.bins[static_cast<std::size_t>(*bin++)];
    }
}

void read_values(const py::array_t<float>& values, std::span<Action> actions, const std::string& name) {
  const float* value = values.data();
  for (Action& action : actions) {
    for (const ActionComponent& component : kActionComponents) {
      if (!std::isfinite(*value))
        throw UserError(name + ": '" + std::string(component.name) + "' is " + std::to_string(*value) +
                        "; give numbers in [-1, 1]");
      action.*component.value = *value++;
    }
    action = clamped(action);
  }
}

}  // namespace

py::array flags_of(std::vector<std::uint8_t>& flags, const py::object& owner) {
  return py::array(py::dtype::of<bool>(), Shape{static_cast<py::ssize_t>(flags.size())}, flags.data(), owner);
}

py::array_t<float> floats_from(const py::handle& source, const Shape& shape, const std::string& name) {
  return py::array_t<float, py::array::c_style | py::array::forcecast>::ensure(numbers_from(source, shape, name));
}

std::span<float> writable_floats(const py::handle& source, const Shape& shape, const std::string& name) {
  const py::array array = numbers_from(source, shape, name);
  if (!py::isinstance<py::array_t<float, py::array::c_style>>(array) || !array.writeable())
    throw UserError(name + " is changed in place: it must be dense, writable float32 of shape " + text_of(shape) +
                    ", not " + text_of(array));
  return {static_cast<float*>(const_cast<void*>(array.data())), static_cast<std::size_t>(array.size())};
}

void read_actions(const py::handle& source, std::span<Action> actions, const std::string& name, ActionForm form) {
  const Shape shape = {static_cast<py::ssize_t>(actions.size()), kActionSize};
  const py::array numbers = numbers_from(source, shape, name);
  const bool values = numbers.dtype().kind() == 'f';
  if (form == ActionForm::bins && values)
    throw UserError(name + " must be whole numbers, the indices of bins, not " + text_of(numbers) +
                    "; for values in [-1, 1] make the environment with actions='box'");
  if (form == ActionForm::values && !values)
    throw UserError(name + " must be floats in [-1, 1], not " + text_of(numbers) +
                    "; for indices of bins make the environment with actions='bins'");
  if (values)
    read_values(py::array_t<float, py::array::c_style | py::array::forcecast>::ensure(numbers), actions, name);
  else
    read_bins(py::array_t<std::int64_t, py::array::c_style | py::array::forcecast>::ensure(numbers), actions, name);
}

}  // namespace medal
