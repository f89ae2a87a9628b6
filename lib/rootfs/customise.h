// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a user changes in a root on its way into an image: more files, owners, passwords, SSH keys.
// The root is never unpacked: the changes are a layer over its stream of entries.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "lib/archive/source.h"
#include "lib/core/finding.h"
#include "lib/core/manifest.h"

namespace trxkit::rootfs {

/// As on the command line.
struct Customisation {
  std::vector<std::string> additions = {};        ///< as open_addition() takes them, lowest first
  std::vector<std::string> owners = {};           ///< as parse_owner(); the last one counts
  std::vector<std::string> password_hashes = {};  ///< as parse_password_hash()
  std::vector<std::string> ssh_keys = {};         ///< host paths of public keys for root

  /// Files and folders of the host that it names.
  std::vector<std::string> files_read() const;
  /// What it says besides the contents of those, without their places on the host.
  std::string text() const;
};

/// An option that is repeated, and the list that it fills: the same for all commands.
struct CustomisationOption {
  const char* name;
  std::vector<std::string> Customisation::* list;
  const char* help;
};
inline constexpr std::array kCustomisationOptions{
    CustomisationOption{"--add", &Customisation::additions,
                        "over the root: a tree (folder, tar, ipk, image), FOLDER:/PATH, or "
                        "FILE:/PATH for one file; repeatable"},
    CustomisationOption{"--chown", &Customisation::owners,
                        "PATH=UID:GID; with '/' at its end PATH means all below it; repeatable"},
    CustomisationOption{"--set-password-hash", &Customisation::password_hashes,
                        "USER=HASH, as \"openssl passwd -6\" makes it; repeatable"},
    CustomisationOption{"--ssh-key", &Customisation::ssh_keys,
                        "public key that may log in as root; repeatable"}};

struct CustomisedRoot {
  archive::SourcePointer tree = {};       ///< merged
  std::vector<ManifestFile> inputs = {};  ///< those of the customisation
};

/// `base` under its additions and with its changed accounts (account_changes.h) and owners, as one
/// merged tree (archive::merge()). Errors: those of the parts; Code::usage for texts that mean
/// nothing.
Result<CustomisedRoot> customise(archive::SourcePointer base, const Customisation& changes,
                                 const archive::SourceOptions& options, const Env& env,
                                 Findings& findings);

}  // namespace trxkit::rootfs
