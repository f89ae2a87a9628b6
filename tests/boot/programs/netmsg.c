// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// OpenWrt's busybox applet netmsg, which Debian's busybox has not: netmsg ADDRESS TEXT sends one
// datagram of 1001 bytes to port 0x1337: 0xDE 0xAD, the text, zeros.
#include <arpa/inet.h>
#include <string.h>
#include <sys/socket.h>

int main(int count, char** words) {
  char message[1001] = {(char)0xDE, (char)0xAD};
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(0x1337)};
  int line = socket(AF_INET, SOCK_DGRAM, 0);
  int on = 1;
  if (count < 3 || line < 0 || inet_aton(words[1], &to.sin_addr) == 0) return 1;
  strncpy(message + 2, words[2], sizeof message - 3);
  setsockopt(line, SOL_SOCKET, SO_BROADCAST, &on, sizeof on);
  return sendto(line, message, sizeof message, 0, (struct sockaddr*)&to, sizeof to) < 0;
}
