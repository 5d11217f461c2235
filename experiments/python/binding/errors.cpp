#include "experiments/python/binding/binding.h"
#include "sim/base/error.h"

namespace medal {

void bind_errors(pybind11::module_& module) {
  pybind11::register_exception<UserError>(module, "UserError", PyExc_ValueError).attr("__doc__") =
      "A mistake of the caller: one line that names the thing and the mend.";
}

}  // namespace medal
