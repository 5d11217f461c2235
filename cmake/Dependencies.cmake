# Everything from outside, each as one imported target; imported headers are system headers, so that only our own code must be
# warning-free.
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
find_package(Eigen3 REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(Bullet REQUIRED)
find_package(Recast REQUIRED)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET GLOBAL libzstd)

# medal_import(medal::NAME INCLUDES folder... LIBRARIES library...)
function(medal_import target)
  cmake_parse_arguments(import "" "" "INCLUDES;LIBRARIES" ${ARGN})
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} INTERFACE ${import_INCLUDES})
  target_link_libraries(${target} INTERFACE ${import_LIBRARIES})
endfunction()

# Debian's default Bullet is single precision; never define BT_USE_DOUBLE_PRECISION with it.
medal_import(medal::bullet INCLUDES ${BULLET_INCLUDE_DIRS} LIBRARIES ${BULLET_LIBRARIES})

find_path(STB_INCLUDE_DIR stb_perlin.h PATH_SUFFIXES stb REQUIRED)
find_library(STB_LIBRARY NAMES libstb.a stb REQUIRED)
medal_import(medal::stb INCLUDES ${STB_INCLUDE_DIR} LIBRARIES ${STB_LIBRARY})

find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
medal_import(medal::xxhash INCLUDES ${XXHASH_INCLUDE_DIR} LIBRARIES ${XXHASH_LIBRARY})

if(MEDAL_WITH_LEARNING)
  find_package(Torch REQUIRED)
  medal_import(medal::torch INCLUDES ${TORCH_INCLUDE_DIRS} LIBRARIES ${TORCH_LIBRARIES} ${CMAKE_DL_LIBS})
  # Reads only the tensor operations that a file names: half the time that ATen/ATen.h takes.
  target_compile_definitions(medal::torch INTERFACE AT_PER_OPERATOR_HEADERS)
  # PyTorch's own packages bring the headers of a newer fmt, but no library: they hide the system's.
  if(NOT TORCH_INSTALL_PREFIX STREQUAL "/usr" AND EXISTS ${TORCH_INSTALL_PREFIX}/include/fmt/format.h)
    target_compile_definitions(medal::torch INTERFACE FMT_HEADER_ONLY)
  endif()
  # Only the Gloo that this LibTorch was built with will do: its headers lie beside LibTorch's. PyTorch's own packages hide
  # theirs; then ranks must be on one machine.
  find_path(GLOO_INCLUDE_DIR gloo/transport/device.h PATHS ${TORCH_INSTALL_PREFIX}/include NO_DEFAULT_PATH)
  find_library(GLOO_LIBRARY gloo HINTS ${TORCH_INSTALL_PREFIX}/lib)
  if(GLOO_INCLUDE_DIR AND GLOO_LIBRARY)
    set(MEDAL_WITH_GLOO ON)
    medal_import(medal::gloo INCLUDES ${GLOO_INCLUDE_DIR} LIBRARIES ${GLOO_LIBRARY})
  else()
    message(STATUS "Gloo is left out: ranks must be on one machine")
  endif()
  find_package(CLI11 REQUIRED)
  find_package(tomlplusplus REQUIRED)
  find_package(fmt REQUIRED)
  find_package(Boost REQUIRED)
endif()

# The viewer's. Optional: a machine that only trains needs no graphics.
if(MEDAL_WITH_LEARNING)
  pkg_check_modules(EPOXY IMPORTED_TARGET GLOBAL epoxy)
  pkg_check_modules(EGL IMPORTED_TARGET GLOBAL egl)
  pkg_check_modules(IMGUI IMPORTED_TARGET GLOBAL imgui)
  pkg_check_modules(GLFW IMPORTED_TARGET GLOBAL glfw3)
  find_package(ZLIB)
  if(EPOXY_FOUND AND EGL_FOUND AND IMGUI_FOUND AND GLFW_FOUND AND ZLIB_FOUND)
    set(MEDAL_WITH_VIEWER ON)
  else()
    message(STATUS "The viewer is left out: it takes libepoxy-dev libegl-dev libimgui-dev libglfw3-dev zlib1g-dev")
  endif()
endif()
