#include "binding/winhttp_members.h"

#include <utility>

namespace winwire::binding {
namespace {

using winhttp::ComRequest;
using Call = winhttp::Request::Call;

Call SetProxy(const WinHttpArguments& arguments) {
  winhttp::Proxy proxy{arguments.Integer(0), arguments.Value(1), arguments.Value(2)};
  return [proxy = std::move(proxy)](ComRequest& com_request) { return com_request.SetProxy(proxy); };
}

Call SetCredentials(const WinHttpArguments& arguments) {
  return [user = arguments.Text(0), password = arguments.Text(1), target = arguments.Integer(2)](
             ComRequest& com_request) { return com_request.SetCredentials(user, password, target); };
}

Call Open(const WinHttpArguments& arguments) {
  return [method = arguments.Text(0), url = arguments.Text(1), mode = arguments.Value(2)](ComRequest& com_request) {
    return com_request.Open(method, url, mode);
  };
}

Call SetRequestHeader(const WinHttpArguments& arguments) {
  return [header = arguments.Text(0), value = arguments.Text(1)](ComRequest& com_request) {
    return com_request.SetRequestHeader(header, value);
  };
}

Call GetResponseHeader(const WinHttpArguments& arguments) {
  return [header = arguments.Text(0)](ComRequest& com_request) { return com_request.GetResponseHeader(header); };
}

Call PutOption(const WinHttpArguments& arguments) {
  return [option = arguments.Integer(0), value = arguments.Value(1)](ComRequest& com_request) {
    return com_request.PutOption(option, value);
  };
}

Call SetTimeouts(const WinHttpArguments& arguments) {
  const winhttp::Timeouts timeouts{arguments.Integer(0), arguments.Integer(1), arguments.Integer(2),
                                   arguments.Integer(3)};
  return [timeouts](ComRequest& com_request) { return com_request.SetTimeouts(timeouts); };
}

// Calls of getters, and of members without settings.
Call PlainCall(WinHttpMember member, const WinHttpArguments& arguments) {
  switch (member) {
    case WinHttpMember::kSetCredentials:
      return SetCredentials(arguments);
    case WinHttpMember::kSetRequestHeader:
      return SetRequestHeader(arguments);
    case WinHttpMember::kGetResponseHeader:
      return GetResponseHeader(arguments);
    case WinHttpMember::kGetAllResponseHeaders:
      return [](ComRequest& com_request) { return com_request.GetAllResponseHeaders(); };
    case WinHttpMember::kStatus:
      return [](ComRequest& com_request) { return com_request.Status(); };
    case WinHttpMember::kStatusText:
      return [](ComRequest& com_request) { return com_request.StatusText(); };
    case WinHttpMember::kResponseText:
      return [limit = arguments.Number(0)](ComRequest& com_request) { return com_request.ResponseText(limit); };
    case WinHttpMember::kResponseBody:
      return [limit = arguments.Number(0)](ComRequest& com_request) { return com_request.ResponseBody(limit); };
    case WinHttpMember::kGetOption:
      return [option = arguments.Integer(0)](ComRequest& com_request) { return com_request.GetOption(option); };
    default:
      return [](ComRequest& com_request) { return com_request.Create(); };
  }
}

// Returns nothing for a member without settings.
Call SettingCall(WinHttpMember member, const WinHttpArguments& arguments) {
  switch (member) {
    case WinHttpMember::kSetProxy:
      return SetProxy(arguments);
    case WinHttpMember::kPutOption:
      return PutOption(arguments);
    case WinHttpMember::kSetTimeouts:
      return SetTimeouts(arguments);
    case WinHttpMember::kSetClientCertificate:
      return [text = arguments.Text(0)](ComRequest& com_request) { return com_request.SetClientCertificate(text); };
    case WinHttpMember::kSetAutoLogonPolicy:
      return
          [policy = arguments.Integer(0)](ComRequest& com_request) { return com_request.SetAutoLogonPolicy(policy); };
    default:
      return nullptr;
  }
}

// Each option is a separate setting.
std::int64_t SettingKey(WinHttpMember member, const WinHttpArguments& arguments) {
  const std::int64_t key = static_cast<std::int64_t>(member) << 32;
  return member == WinHttpMember::kPutOption ? key + arguments.Integer(0) : key;
}

}  // namespace

void InvokeMember(winhttp::Request& request, WinHttpMember member, const WinHttpArguments& arguments,
                  winhttp::Request::Done done) {
  if (member == WinHttpMember::kOpen) return request.Open(Open(arguments), std::move(done));
  if (Call setting = SettingCall(member, arguments)) {
    return request.Set(SettingKey(member, arguments), std::move(setting), std::move(done));
  }
  request.Invoke(PlainCall(member, arguments), std::move(done));
}

}  // namespace winwire::binding
