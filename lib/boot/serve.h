// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A small HTTP server for one boot tree, one workstation and one router: GET and HEAD of the files
// that boot.manifest names, in whole or a range of their bytes, nothing else. No listings, no links
// followed, nothing written. HTTP is libmicrohttpd's.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::boot {

struct ServeRequest {
  std::string directory;            ///< host path: a folder that holds boot/boot.manifest, or that
  std::string address = "0.0.0.0";  ///< IPv4 address to listen at; this one: every one
  std::uint16_t port = 8080;        ///< 0: any that is free
};

/// One request that was answered.
struct ServedRequest {
  std::string client;  ///< its address
  std::string method;
  std::string path;
  unsigned status = 0;
  std::uint64_t size = 0;  ///< bytes of the body that was answered with
  bool complete = false;   ///< all of it went out
};

class TreeServer {
 public:
  struct State;  ///< serve.cc's own
  /// Listens at once; `told` hears of every request, from a thread of the server. Errors:
  /// Code::bad_input where the folder holds no boot.manifest, or one that no router takes;
  /// Code::usage for an address that is none; Code::io where nothing can listen there.
  static Result<TreeServer> start(const ServeRequest& request,
                                  std::function<void(const ServedRequest&)> told, const Env& env);
  TreeServer(TreeServer&&) noexcept;
  TreeServer& operator=(TreeServer&&) noexcept;
  ~TreeServer();  ///< ends open connections

  std::uint16_t port() const;
  const std::string& prefix() const;  ///< what stands before every name: "/boot/BOARD"
  const std::string& board() const;

 private:
  explicit TreeServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Waits for SIGINT or SIGTERM, which have to be blocked: call block_end_signals() before start().
void wait_for_end_signal();
void block_end_signals();

}  // namespace trxkit::boot
