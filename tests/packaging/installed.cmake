# The examples, built on an installed medal as another project would.
include(${CMAKE_CURRENT_LIST_DIR}/steps.cmake)
set(no_torch -DCMAKE_DISABLE_FIND_PACKAGE_Torch=ON)

# Component sim alone, where there is no Torch.
step(ignored "installing component sim" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/sim --component sim)
build(${SOURCE}/examples ${WORK}/sim_examples -DCMAKE_PREFIX_PATH=${WORK}/sim ${no_torch})
step(said "step_a_world" ${WORK}/sim_examples/step_a_world)
expect("a world is stepped on component sim alone, without Torch" "${said}" "world 7: learner 0 scored -?[0-9]")

file(GLOB_RECURSE headers RELATIVE ${WORK}/sim/include/medal ${WORK}/sim/include/medal/*.h)
list(FILTER headers EXCLUDE REGEX "_body\\.h$") # read several times by one source file
list(TRANSFORM headers REPLACE "(.+)" "#include \"\\1\"\n")
list(JOIN headers "" text)
file(WRITE ${WORK}/headers/headers.cpp "${text}")
file(WRITE ${WORK}/headers/CMakeLists.txt "cmake_minimum_required(VERSION 3.22)
project(headers LANGUAGES CXX)
find_package(medal REQUIRED COMPONENTS sim)
add_library(headers STATIC headers.cpp)
target_link_libraries(headers PRIVATE medal::sim)
")
build(${WORK}/headers ${WORK}/headers_build -DCMAKE_PREFIX_PATH=${WORK}/sim ${no_torch})
message(STATUS "each header of sim finds what it includes")

foreach(component IN LISTS components)
  step(ignored "installing ${component}" ${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/prefix
       --component ${component})
endforeach()
build(${SOURCE}/examples ${WORK}/examples -DCMAKE_PREFIX_PATH=${WORK}/prefix)
step(said "own_expert" ${WORK}/examples/own_expert)
expect("an own expert earns in the world" "${said}" "straight walker: [1-9].*built-in expert: [1-9]")

if("learning" IN_LIST components)
  step(said "evaluate_an_agent" ${CMAKE_COMMAND} -E env OMP_NUM_THREADS=1 ${WORK}/examples/evaluate_an_agent
       ${SOURCE}/agents/pretrained/quick/agent.medal)
  expect("an agent that ships is evaluated" "${said}" "[0-9]+ parameters.*CT 0\\.[6-9]")
endif()

# What cannot be had is named.
file(WRITE ${WORK}/lacking/CMakeLists.txt "cmake_minimum_required(VERSION 3.22)
project(lacking LANGUAGES CXX)
find_package(medal COMPONENTS \${WANTED})
if(medal_FOUND)
  message(STATUS \"medal is whole\")
else()
  message(STATUS \"medal lacks: \${medal_NOT_FOUND_MESSAGE}\")
endif()
")
function(lacks purpose wanted pattern)
  configure("${purpose}" ${WORK}/lacking ${WORK}/lacking_build -DCMAKE_PREFIX_PATH=${WORK}/prefix ${no_torch}
            -DWANTED=${wanted})
  expect("${purpose}" "${configured}" "${pattern}")
endfunction()
lacks("players need no Torch" "players" "medal is whole")
if("agent" IN_LIST components)
  lacks("a component without what it needs says what to install" "agent"
        "medal lacks: component agent needs what was not found: LibTorch \\(libtorch-dev\\)")
endif()
lacks("an unknown component is answered with what there is" "sims"
      "medal lacks: there is no component 'sims' here.*sim, curriculum")
