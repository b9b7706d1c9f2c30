// A component that does what a test tells it: for what the binding must bear and the engine never does.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "abi/websocket_api.h"

namespace winwire::test {

// One result of WebSocketGetAction.
struct ScriptedAction {
  abi::HRESULT hr = abi::hresult::kOk;
  abi::WEB_SOCKET_ACTION action = abi::WEB_SOCKET_NO_ACTION;
  abi::WEB_SOCKET_BUFFER_TYPE type = abi::kNoBufferType;
  abi::ULONG count = 0;
  abi::WEB_SOCKET_BUFFER buffers[2] = {};
  void* application_context = nullptr;
  void* action_context = nullptr;
};

// The table's functions work on one script, the last that was made: pointers to functions carry no object.
class ScriptedComponent {
 public:
  ScriptedComponent();
  ~ScriptedComponent();
  ScriptedComponent(const ScriptedComponent&) = delete;
  ScriptedComponent& operator=(const ScriptedComponent&) = delete;

  static const abi::WebSocketApi& Api();
  // What stands for a handle; it is never followed.
  abi::WEB_SOCKET_HANDLE Handle();

  // What the next calls of WebSocketGetAction give; then NO_ACTION, or `forever` if it is an action.
  std::deque<ScriptedAction> actions;
  ScriptedAction forever;
  // Result of the other functions that have one.
  abi::HRESULT hr = abi::hresult::kOk;
  std::vector<abi::WEB_SOCKET_HTTP_HEADER> headers;
  abi::ULONG selected_extension_count = 0;
  abi::ULONG selected_subprotocol = 0xFFFFFFFF;

  // "Abort", "GetAction 1", "Complete 7 of 3": the calls in order.
  std::vector<std::string> calls;
  // Of the last call.
  std::vector<abi::WEB_SOCKET_BUFFER> buffers;
  void* context = nullptr;
  std::vector<std::string> strings;
  bool extensions_are_null = false;
  bool subprotocol_is_null = false;

 private:
  int object_ = 0;
};

}  // namespace winwire::test
