# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""What the tests of containers share."""

import json
import os
import re
import subprocess

import command
import containers


class ContainerTest(command.CommandTest):
    def setUp(self):
        super().setUp()
        self.trx = containers.sound_trx()

    def json(self, *words, status=0):
        output, _ = self.run_program("trxtool", *words, "--json", status=status)
        return json.loads(output)

    def findings(self, data, *words):
        """code -> offsets of the errors and warnings of verify."""
        self.write("changed.bin", data)
        result = subprocess.run(
            [command.PROGRAMS["trxtool"], "verify", "changed.bin", "--json", *words],
            cwd=self.folder, check=False, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={"PATH": os.environ["PATH"], "TRXKIT_DATA": str(command.REPOSITORY)})
        self.assertIn(result.returncode, (0, 1), result.stderr)
        found = {}
        for finding in json.loads(result.stdout)["findings"]:
            if finding["code"].startswith("TRX"):
                found.setdefault(finding["code"], []).append(finding.get("offset"))
        return found

    def board(self, container, identity="", version=1, name="box"):
        """A board file with this container, made of a shipped one."""
        text = (command.REPOSITORY / "boards/belkin-f7d7301.toml").read_text()
        text = text.replace('name = "belkin-f7d7301"', f'name = "{name}"')
        text = text.replace("value = 0x20100322", "value = 0x30524448")
        fresh = f'version = {version}\ncontainer = "{container}"\n'
        if identity:
            fresh += f"[trx.identity]\n{identity}\n"
        text, count = re.subn(r'version = \{.*\}\ncontainer = "none"\n', fresh, text)
        self.assertEqual(count, 1)
        self.write(f"{name}.toml", text.encode())
        return f"./{name}.toml"
