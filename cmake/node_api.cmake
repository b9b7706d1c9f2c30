# Node-API for addons: its import library, which cmake-js makes only on Windows itself, and winwire_addon.
set(winwire_node_library ${PROJECT_BINARY_DIR}/libnode.a)
find_file(node_api_def node_api.def
  PATHS ${PROJECT_SOURCE_DIR}/node_modules/node-api-headers/def REQUIRED NO_DEFAULT_PATH NO_CMAKE_FIND_ROOT_PATH)
execute_process(
  COMMAND ${CMAKE_DLLTOOL} -d ${node_api_def} -l ${winwire_node_library} COMMAND_ERROR_IS_FATAL ANY)

# winwire_addon(NAME LIST...): a .node file of the sources in these lists.
function(winwire_addon name)
  winwire_sources(files ${ARGN})
  add_library(${name} MODULE ${files})
  set_target_properties(${name} PROPERTIES PREFIX "" SUFFIX .node)
  winwire_uses_node_api(${name})
  target_link_libraries(${name} PRIVATE ${winwire_node_library})
endfunction()

# winwire_uses_node_api(NAME): a target whose sources include <napi.h>.
function(winwire_uses_node_api name)
  target_include_directories(${name} SYSTEM PRIVATE ${CMAKE_JS_INC})
  # Other exceptions than Napi::Error (out of memory or threads) must not reach Node's C code: with ALL they are thrown as an
  # Error. A worker may be terminated during a call: throwing then fails, and must not end the process.
  target_compile_definitions(${name} PRIVATE NAPI_VERSION=9 NODE_ADDON_API_CPP_EXCEPTIONS
    NODE_ADDON_API_CPP_EXCEPTIONS_ALL NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS)
endfunction()
