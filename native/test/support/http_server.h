// [Windows] A small HTTP server for statements, which returns what it receives.
#pragma once

#include <winsock2.h>

#include <atomic>
#include <mutex>
#include <string>
#include <thread>

#include "abi/win_types.h"

namespace winwire::test {

// Listens on a free loopback port and handles one connection at a time. The target selects the answer: `/echo` the body
// of the request; `/empty` nothing; everything else "hello". `?delay=MS` delays the answer.
class HttpServer {
 public:
  HttpServer();
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::u16string Url(const char* target) const;
  int RequestCount() const { return request_count_; }

 private:
  void Run();
  void Serve(SOCKET connection);

  SOCKET listener_ = INVALID_SOCKET;
  int port_ = 0;
  std::atomic<bool> is_ending_{false};
  std::atomic<int> request_count_{0};
  std::mutex mutex_;
  SOCKET connection_ = INVALID_SOCKET;  // under mutex_
  std::thread thread_;
};

}  // namespace winwire::test
