# Holds every include against what the rooms declare: cmake -DROOMS=rooms.txt -DROOT=folder -P CheckLayers.cmake
# A line of rooms.txt is a room's folder, its target, and all that it links. A file may include headers of its own room
# and of the rooms below it, and headers of Torch, Bullet, OpenGL ... only where it or a room below links them.
cmake_policy(VERSION 3.22)

# Which library a header from outside belongs to; the rest is free to all.
set(outside
  "torch/|ATen/|c10/=medal::torch" "gloo/=medal::gloo" "bt[A-Z]|Bullet[CD]|LinearMath/=medal::bullet"
  "Recast|Detour=medal::recast" "epoxy/=PkgConfig::EPOXY" "GLFW/=PkgConfig::GLFW" "imgui=PkgConfig::IMGUI"
  "CLI/=CLI11::CLI11" "toml\\+\\+/=tomlplusplus::tomlplusplus" "Eigen/=Eigen3::Eigen" "zstd=PkgConfig::ZSTD"
  "xxhash=medal::xxhash" "stb_=medal::stb" "nlohmann/=nlohmann_json::nlohmann_json" "fmt/=fmt::fmt"
  "pybind11/=pybind11::headers")

file(STRINGS ${ROOMS} lines)
set(folders "")
foreach(line IN LISTS lines)
  string(REGEX MATCH "^([^ ]+) ([^:]+): ?(.*)$" ignored "${line}")
  set(folder ${CMAKE_MATCH_1})
  set(target ${CMAKE_MATCH_2})
  string(REPLACE " " ";" links_${target} "${CMAKE_MATCH_3}")
  set(folder_of_${target} ${folder})
  set(target_of_${folder} ${target})
  list(APPEND folders ${folder})
endforeach()

# All that a target reaches; rooms stand in dependency order, so that those below are known. What links are private is not
# told apart: a room that uses Bullet inside lends its name to those above, but not its headers to their headers.
foreach(folder IN LISTS folders)
  set(target ${target_of_${folder}})
  set(reach_${target} ${target})
  foreach(link IN LISTS links_${target})
    list(APPEND reach_${target} ${link} ${reach_${link}})
  endforeach()
  list(REMOVE_DUPLICATES reach_${target})
endforeach()

set(faults "")
foreach(folder IN LISTS folders)
  set(target ${target_of_${folder}})
  file(GLOB files ${ROOT}/${folder}/*.h ${ROOT}/${folder}/*.cpp)
  foreach(file IN LISTS files)
    if(file MATCHES "/main\\.cpp$")
      continue()
    endif()
    file(STRINGS ${file} includes REGEX "^#include")
    foreach(include IN LISTS includes)
      if(include MATCHES "\"([^\"]+)/[^/\"]+\"")
        set(room ${CMAKE_MATCH_1})
        set(needed ${target_of_${room}})
        if(room STREQUAL "tests/support" AND folder MATCHES "^tests/")
          continue()
        elseif("${needed}" STREQUAL "")
          list(APPEND faults "${file}: ${include}: ${room} is no room")
        elseif(NOT needed IN_LIST reach_${target})
          list(APPEND faults "${file}: ${include}: ${folder} does not use ${room}")
        endif()
      elseif(include MATCHES "<([^>]+)>")
        set(header ${CMAKE_MATCH_1})
        foreach(rule IN LISTS outside)
          string(REGEX MATCH "^(.*)=(.*)$" ignored "${rule}")
          set(library ${CMAKE_MATCH_2})
          if(header MATCHES "^(${CMAKE_MATCH_1})" AND NOT library IN_LIST reach_${target})
            list(APPEND faults "${file}: ${include}: ${folder} does not link ${library}")
          endif()
        endforeach()
      endif()
    endforeach()
  endforeach()
endforeach()

list(LENGTH folders count)
if(faults)
  list(JOIN faults "\n  " text) # indented: such lines are not wrapped
  message(FATAL_ERROR "includes that the rooms do not declare:\n  ${text}")
endif()
message(STATUS "every include of ${count} rooms is within what its room declares")
