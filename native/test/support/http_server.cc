#include "test/support/http_server.h"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <utility>

namespace winwire::test {
namespace {

// Returns nothing if the connection ends first.
std::optional<std::string> ReceiveMore(SOCKET connection, std::string received, std::size_t wanted) {
  char block[4096];
  while (received.size() < wanted) {
    const int size = ::recv(connection, block, static_cast<int>(sizeof(block)), 0);
    if (size <= 0) return {};
    received.append(block, static_cast<std::size_t>(size));
  }
  return received;
}

std::optional<std::string> ReceiveHead(SOCKET connection, std::string received) {
  while (received.find("\r\n\r\n") == std::string::npos) {
    std::optional<std::string> more = ReceiveMore(connection, received, received.size() + 1);
    if (!more) return {};
    received = std::move(*more);
  }
  return received;
}

std::size_t ContentLength(const std::string& head) {
  std::string lower = head;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  const std::size_t at = lower.find("content-length:");
  return at == std::string::npos ? 0 : std::strtoul(lower.c_str() + at + 15, nullptr, 10);
}

std::string Answer(const std::string& target, const std::string& body) {
  if (const std::size_t at = target.find("delay="); at != std::string::npos) {
    ::Sleep(std::strtoul(target.c_str() + at + 6, nullptr, 10));
  }
  if (target.starts_with("/empty")) return {};
  return target.starts_with("/echo") ? body : "hello";
}

}  // namespace

HttpServer::HttpServer() {
  WSADATA data;
  ::WSAStartup(MAKEWORD(2, 2), &data);
  listener_ = ::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  int size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 8) != 0 ||
      ::getsockname(listener_, generic, &size) != 0) {
    throw std::runtime_error("HttpServer: no port");
  }
  port_ = ::ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

HttpServer::~HttpServer() {
  is_ending_ = true;
  ::closesocket(listener_);
  {
    const std::lock_guard lock(mutex_);
    if (connection_ != INVALID_SOCKET) ::shutdown(connection_, SD_BOTH);
  }
  thread_.join();
  ::WSACleanup();
}

std::u16string HttpServer::Url(const char* target) const {
  const std::string url = "http://127.0.0.1:" + std::to_string(port_) + target;
  return std::u16string(url.begin(), url.end());
}

void HttpServer::Run() {
  for (;;) {
    const SOCKET connection = ::accept(listener_, nullptr, nullptr);
    if (connection == INVALID_SOCKET) return;
    {
      const std::lock_guard lock(mutex_);
      connection_ = connection;
    }
    if (!is_ending_) Serve(connection);
    const std::lock_guard lock(mutex_);
    connection_ = INVALID_SOCKET;
    ::closesocket(connection);
  }
}

// One request per connection, so that the next client does not wait.
void HttpServer::Serve(SOCKET connection) {
  const std::optional<std::string> head = ReceiveHead(connection, {});
  if (!head) return;
  const std::size_t body_at = head->find("\r\n\r\n") + 4;
  const std::optional<std::string> all = ReceiveMore(connection, *head, body_at + ContentLength(*head));
  if (!all) return;
  ++request_count_;
  const std::size_t target_at = all->find(' ') + 1;
  const std::string body = Answer(all->substr(target_at, all->find(' ', target_at) - target_at), all->substr(body_at));
  const std::string response = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\n\r\n" + body;
  ::send(connection, response.data(), static_cast<int>(response.size()), 0);
}

}  // namespace winwire::test
