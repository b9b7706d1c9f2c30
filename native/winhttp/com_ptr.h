// A counted reference to a COM object.
#pragma once

#include <utility>

#include "abi/winhttp_abi.h"

namespace winwire::winhttp {

template <class T>
class ComPtr {
 public:
  ComPtr() = default;
  // Adds a reference. Attach takes one over.
  explicit ComPtr(T* object) : object_(object) {
    if (object_ != nullptr) object_->AddRef();
  }
  ComPtr(const ComPtr& other) : ComPtr(other.object_) {}
  ComPtr(ComPtr&& other) noexcept : object_(std::exchange(other.object_, nullptr)) {}
  ComPtr& operator=(const ComPtr& other) {
    ComPtr(other).Swap(*this);
    return *this;
  }
  ComPtr& operator=(ComPtr&& other) noexcept {
    ComPtr(std::move(other)).Swap(*this);
    return *this;
  }
  ~ComPtr() { Reset(); }

  static ComPtr Attach(T* object) {
    ComPtr pointer;
    pointer.object_ = object;
    return pointer;
  }
  T* Detach() { return std::exchange(object_, nullptr); }

  // Clears the pointer before Release, which may call back.
  void Reset() {
    if (T* object = Detach()) object->Release();
  }
  void Swap(ComPtr& other) noexcept { std::swap(object_, other.object_); }

  T* Get() const { return object_; }
  T* operator->() const { return object_; }
  explicit operator bool() const { return object_ != nullptr; }

  // For out parameters: releases the previous object.
  T** Put() {
    Reset();
    return &object_;
  }
  void** PutVoid() { return reinterpret_cast<void**>(Put()); }

  // QueryInterface: empty if the object does not have it.
  template <class Other>
  ComPtr<Other> As(const GUID& iid) const {
    ComPtr<Other> other;
    if (object_ == nullptr || FAILED(object_->QueryInterface(iid, other.PutVoid()))) return {};
    return other;
  }

 private:
  T* object_ = nullptr;
};

}  // namespace winwire::winhttp
