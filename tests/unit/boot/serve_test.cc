// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The server, asked by a client made of plain sockets: what it gives away, and what not.
#include "lib/boot/serve.h"

#include <condition_variable>
#include <mutex>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/scratch.h"

namespace trxkit::boot {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string hash_of(const test::Scratch& scratch, const std::string& path) {
  return scratch.shell("sha256sum " + path + " | cut -d' ' -f1 | tr -d '\\n'");
}

class Serve : public test::Scratch {
 public:
  Serve() {
    write("www/boot/boot.sh", "the script\n");
    write("www/boot/default/vmlinux.elf", std::string(300000, 'k'));
    write("www/boot/manifest.json", "{}\n");
    write("www/secret", "nobody's business\n");
    name({"boot.sh", "default/vmlinux.elf"});
  }
  void name(const std::vector<std::string>& files) {
    std::string manifest = "board test\nbuild 1\n";
    for (const std::string& file : files) {
      manifest += "sha256 " + hash_of(*this, "www/boot/" + file) + " " + file + "\n";
    }
    write("www/boot/boot.manifest", manifest);
  }
  Result<TreeServer> start(const std::string& directory = "www",
                           const std::string& address = "127.0.0.1", std::uint16_t port = 0) {
    auto told = [this](const ServedRequest& request) {
      std::scoped_lock lock(mutex);
      log.push_back(request);
      changed.notify_all();
    };
    return TreeServer::start({path(directory), address, port}, told, env);
  }
  /// The whole answer to `request`.
  static std::string ask(const TreeServer& server, const std::string& request) {
    int line = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(server.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(line, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(::send(line, request.data(), request.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(request.size()));
    std::string answer;
    char piece[65536];
    for (ssize_t size = 0; (size = ::recv(line, piece, sizeof(piece), 0)) > 0;) {
      answer.append(piece, static_cast<std::size_t>(size));
    }
    ::close(line);
    return answer;
  }
  static std::string get(const TreeServer& server, const std::string& path,
                         const std::string& method = "GET", const std::string& headers = "") {
    return ask(server, method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" +
                           headers + "\r\n");
  }
  /// The answer to a request for bytes of the script.
  static std::string part(const TreeServer& server, const std::string& range,
                          const std::string& more = "", const std::string& method = "GET") {
    return get(server, "/boot/test/boot.sh", method, "Range: " + range + "\r\n" + more);
  }
  ServedRequest logged(std::size_t number) {
    std::unique_lock lock(mutex);
    changed.wait_for(lock, std::chrono::seconds(20), [&] { return log.size() > number; });
    return log.size() > number ? log[number] : ServedRequest{};
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<ServedRequest> log;
};

TEST_F(Serve, FilesOfTheManifest) {
  auto server = start();
  ASSERT_TRUE(server) << server.error().what;
  EXPECT_EQ(server->prefix(), "/boot/test");
  std::string answer = get(*server, "/boot/test/boot.sh");
  EXPECT_THAT(answer, HasSubstr("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(answer, HasSubstr("Content-Length: 11\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\nthe script\n"));
  answer = get(*server, "/boot/test/default/vmlinux.elf");
  EXPECT_EQ(answer.size() - answer.find("\r\n\r\n") - 4, 300000u);
  EXPECT_THAT(get(*server, "/boot/test/boot.manifest"), HasSubstr("board test\nbuild 1\n"));
  EXPECT_THAT(get(*server, "/boot/test/boot.manifest.sig"), HasSubstr(" 404 "));
  write("www/boot/boot.manifest.sig", "signature\n");
  EXPECT_THAT(get(*server, "/boot/test/boot.manifest.sig"), HasSubstr("signature\n"));
}

TEST_F(Serve, HeadHasNoBody) {
  auto server = start().value();
  std::string answer = get(server, "/boot/test/boot.sh", "HEAD");
  EXPECT_THAT(answer, HasSubstr("Content-Length: 11\r\n"));
  EXPECT_TRUE(answer.ends_with("\r\n\r\n"));
}

TEST_F(Serve, PartsOfFiles) {  // RFC 9110, 14
  auto server = start().value();
  const struct {
    const char *range, *shown, *body;
  } parts[] = {{"bytes=4-", "4-10", "script\n"},
               {"bytes=0-2", "0-2", "the"},
               {"bytes=10-10", "10-10", "\n"},
               {"bytes=4-1000", "4-10", "script\n"},
               {"bytes=-3", "8-10", "pt\n"},
               {"bytes=-1000", "0-10", "the script\n"},
               {"bytes=0-18446744073709551615", "0-10", "the script\n"}};
  for (const auto& [range, shown, body] : parts) {
    std::string answer = part(server, range);
    EXPECT_THAT(answer, HasSubstr("HTTP/1.1 206 Partial Content\r\n")) << range;
    EXPECT_THAT(answer, HasSubstr(std::string("Content-Range: bytes ") + shown + "/11\r\n"));
    EXPECT_TRUE(answer.ends_with(std::string("\r\n\r\n") + body)) << answer;
  }
  EXPECT_EQ(logged(0).status, 206u);
  EXPECT_EQ(logged(0).size, 7u);
}

TEST_F(Serve, PartsThatAreNotThere) {
  auto server = start().value();
  for (const char* range :
       {"bytes=11-", "bytes=11-12", "bytes=-0", "bytes=18446744073709551615-"}) {
    std::string answer = part(server, range);
    EXPECT_THAT(answer, HasSubstr(" 416 ")) << range;
    EXPECT_THAT(answer, HasSubstr("Content-Range: bytes */11\r\n")) << range;
  }
}

TEST_F(Serve, WhatIsNoRangeMeansAll) {
  auto server = start().value();
  for (const char* range :
       {"bytes=5-4", "bytes=0-1,3-4", "bytes=", "bytes=-", "bytes=a-b", "bytes=1-b", "bytes= 1-2",
        "lines=1-2", "bytes=18446744073709551616-", "bytes=--1", "bytes 1-2"}) {
    std::string answer = part(server, range);
    EXPECT_THAT(answer, HasSubstr(" 200 ")) << range;
    EXPECT_TRUE(answer.ends_with("\r\n\r\nthe script\n")) << answer;
  }
  EXPECT_THAT(part(server, "bytes=4-", "", "HEAD"), HasSubstr("Content-Length: 11\r\n"));
}

TEST_F(Serve, PartsOfTheFileThatWasBegun) {
  auto server = start().value();
  std::string answer = get(server, "/boot/test/boot.sh");
  EXPECT_THAT(answer, HasSubstr("Accept-Ranges: bytes\r\n"));
  std::size_t at = answer.find("ETag: ") + 6;
  std::string tag = answer.substr(at, answer.find('\r', at) - at);
  std::string condition = "If-Range: " + tag + "\r\n";
  EXPECT_THAT(part(server, "bytes=4-", condition), HasSubstr(" 206 "));
  EXPECT_THAT(part(server, "bytes=4-", "If-Range: \"another\"\r\n"), HasSubstr(" 200 "));
  EXPECT_THAT(part(server, "bytes=4-", "If-Range: Sun, 22 Nov 2026 20:00:00 GMT\r\n"),
              HasSubstr(" 200 "));
  write("www/boot/boot.sh", "THE SCRIPT\n");
  EXPECT_TRUE(part(server, "bytes=4-", condition).ends_with("\r\n\r\nTHE SCRIPT\n"));
}

TEST_F(Serve, PartsOfEmptyFiles) {
  write("www/boot/empty", "");
  name({"empty"});
  auto server = start().value();
  EXPECT_THAT(get(server, "/boot/test/empty"), HasSubstr("Content-Length: 0\r\n"));
  for (const char* range : {"Range: bytes=0-\r\n", "Range: bytes=-1\r\n"}) {
    EXPECT_THAT(get(server, "/boot/test/empty", "GET", range), HasSubstr(" 416 "));
  }
}

TEST_F(Serve, NothingElse) {
  shell(
      "ln -s ../../secret www/boot/link; ln -s ../secret www/boot/default/up; "
      "ln -s default www/boot/other; mkfifo www/boot/pipe");
  std::string zeros(64, '0');
  shell(
      "for name in link default/up other/vmlinux.elf pipe ../secret missing default; do "
      "echo sha256 " +
      zeros + " $name >> www/boot/boot.manifest; done");
  auto server = start().value();
  for (const char* path : {"/",
                           "/boot",
                           "/boot/test",
                           "/boot/test/",
                           "/boot/test/default",
                           "/boot/test/default/",
                           "/boot/test/manifest.json",
                           "/boot/test/link",
                           "/boot/test/default/up",
                           "/boot/test/other/vmlinux.elf",
                           "/boot/test/pipe",
                           "/boot/test/../secret",
                           "/boot/test/%2e%2e/secret",
                           "/boot/test/../../etc/passwd",
                           "/boot/test//boot.sh",
                           "/boot/test/./boot.sh",
                           "/boot/test/missing",
                           "/boot/other/boot.sh",
                           "/boot/testboot.sh",
                           "/boot/test/boot/boot.sh",
                           "//boot/test/boot.sh",
                           "/etc/passwd"}) {
    std::string answer = get(server, path);
    EXPECT_THAT(answer, HasSubstr(" 404 ")) << path;
    EXPECT_THAT(answer, Not(HasSubstr("business"))) << path;
  }
}

TEST_F(Serve, OnlyGetAndHead) {
  auto server = start().value();
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS"}) {
    std::string answer = get(server, "/boot/test/boot.sh", method);
    EXPECT_THAT(answer, HasSubstr(" 405 ")) << method;
    EXPECT_THAT(answer, HasSubstr("Allow: GET, HEAD\r\n"));
  }
  std::string body =
      "PUT /boot/test/boot.sh HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n"
      "Connection: close\r\n\r\nevil";
  EXPECT_THAT(ask(server, body), HasSubstr(" 405 "));
  EXPECT_EQ(read("www/boot/boot.sh"), "the script\n");
}

TEST_F(Serve, TreesMayBeRenewed) {
  auto server = start().value();
  write("www/boot/new", "new\n");
  EXPECT_THAT(get(server, "/boot/test/new"), HasSubstr(" 404 "));
  name({"new"});
  EXPECT_THAT(get(server, "/boot/test/new"), HasSubstr(" 200 "));
  EXPECT_THAT(get(server, "/boot/test/boot.sh"), HasSubstr(" 404 "));
}

TEST_F(Serve, TellsOfEveryRequest) {
  auto server = start().value();
  get(server, "/boot/test/boot.sh");
  get(server, "/none", "HEAD");
  ServedRequest first = logged(0);
  EXPECT_EQ(first.client, "127.0.0.1");
  EXPECT_EQ(first.method + " " + first.path, "GET /boot/test/boot.sh");
  EXPECT_EQ(first.status, 200u);
  EXPECT_EQ(first.size, 11u);
  EXPECT_TRUE(first.complete);
  EXPECT_EQ(logged(1).status, 404u);
}

TEST_F(Serve, WhatCannotBeServed) {
  EXPECT_EQ(start("none").error().code, Code::bad_input);
  EXPECT_EQ(start("www", "router").error().code, Code::usage);
  EXPECT_EQ(start("www", "192.0.2.1").error().code, Code::io) << "not this machine's";
  auto server = start().value();
  EXPECT_EQ(start("www", "127.0.0.1", server.port()).error().code, Code::io) << "taken";
  write("www/boot/boot.manifest", "nonsense\n");
  EXPECT_EQ(start().error().finding, "NET001");
}

}  // namespace
}  // namespace trxkit::boot
