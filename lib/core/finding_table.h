// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Every finding code that any command can report, in one place: code, severity, what it says in
// general. Codes are stable: scripts match on them. Never renumber, never reuse; append.
#pragma once

#include <array>
#include <string_view>

namespace trxkit {

enum class Severity : unsigned char { note, warning, error };

struct FindingCode {
  std::string_view code;
  Severity severity;
  std::string_view title;
};

inline constexpr auto kFindingTable = std::to_array<FindingCode>({
    // TRX: container and header
    {"TRX001", Severity::error, "the magic is not the board's"},
    {"TRX002", Severity::error, "the file ends within the header"},
    {"TRX003", Severity::error, "length is less than the header"},
    {"TRX004", Severity::error, "the file ends before length"},
    {"TRX005", Severity::error, "the CRC is not that of the bytes"},
    {"TRX006", Severity::error, "flags that no image may carry"},
    {"TRX007", Severity::warning, "flags that nothing reads"},
    {"TRX008", Severity::error, "no such version"},
    {"TRX009", Severity::error, "the version is not the board's"},
    {"TRX010", Severity::error, "a part starts inside the header"},
    {"TRX011", Severity::error, "a gap between header and part 1"},
    {"TRX012", Severity::error, "a part starts past the image's end"},
    {"TRX013", Severity::error, "parts are not in ascending order"},
    {"TRX014", Severity::error, "two parts start at the same place"},
    {"TRX015", Severity::error, "a part is not aligned to 4 bytes"},
    {"TRX016", Severity::error, "no parts, or an absent part before a present one"},
    {"TRX017", Severity::error, "bytes behind length that are not marker and padding"},
    {"TRX018", Severity::warning, "length is no multiple of 4 KiB"},
    {"TRX019", Severity::warning, "version 2 without part 4"},
    {"TRX020", Severity::error, "version 2's part 4 is too small for its CyberTAN header"},
    {"TRX021", Severity::warning, "a magic that no known board takes"},
    {"TRX022", Severity::error, "bytes that the CRC does not cover have impossible values"},
    {"TRX023", Severity::note, "length covers fewer parts than the image has"},
    {"TRX024", Severity::note, "a running system has written behind the image"},
    {"TRX025", Severity::error, "a fourth offset lies over part 1"},
    {"TRX050", Severity::error, "the image is larger than the maximum that was asked for"},
    {"TRX051", Severity::error, "less room is left behind the image than was reserved"},
    {"TRX052", Severity::warning, "no recipe gives this image again"},

    // TRX: changed magics
    {"TRX060", Severity::note, "who takes an image with this magic"},
    {"TRX061", Severity::warning, "a magic that not every loader takes"},
    {"TRX062", Severity::note, "other firmware tells the model by the magic in flash"},

    // PAY: payloads
    {"PAY001", Severity::error, "part 1 is nothing that a boot loader starts"},
    {"PAY002", Severity::error, "a gzip member is incomplete or damaged"},
    {"PAY003", Severity::error, "a root file system is no squashfs"},
    {"PAY004", Severity::error, "an LZMA dictionary over 64 MiB"},
    {"PAY005", Severity::error, "an LZMA stream is incomplete or damaged"},
    {"PAY006", Severity::error, "what the boot loader unpacks does not fit below it"},
    {"PAY007", Severity::error, "a squashfs superblock makes no sense"},
    {"PAY008", Severity::error, "a squashfs is larger than its part"},
    {"PAY009", Severity::error, "part 1 is packed as this board's boot loader cannot unpack it"},
    {"PAY010", Severity::warning, "bytes between a payload's end and its part's"},
    {"PAY011", Severity::warning, "LZMA parameters other than the boot loader's"},
    {"PAY012", Severity::note, "no kernel version found"},
    {"PAY013", Severity::error, "the boot loader starts part 1 where the kernel cannot run"},
    {"PAY014", Severity::error, "part 1 unpacks to an ELF file"},
    {"PAY015", Severity::error, "the loader in part 1 is damaged"},
    {"PAY016", Severity::error, "the loader would refuse its kernel"},
    {"PAY017", Severity::error, "loader and kernel do not fit into the RAM beside each other"},
    {"PAY018", Severity::error, "the loader was made ready for another board"},
    {"PAY019", Severity::warning, "a loader that may look for another magic"},
    {"PAY020", Severity::error, "the loader looks for another magic"},
    {"PAY021", Severity::error, "the kernel ends behind what its loader can read of the flash"},
    {"PAY022", Severity::error, "the loader is so large that it takes itself for the kernel"},
    {"PAY023", Severity::error, "the kernel overwrites the loader that unpacks it"},
    {"PAY024", Severity::error, "an ELF file for another kind of processor"},
    {"PAY025", Severity::warning, "a squashfs compression that no mainline kernel reads"},
    {"PAY026", Severity::error, "the loader finds no kernel behind it"},
    {"PAY040", Severity::note, "a kernel whose needs beyond its bytes are not known"},
    {"PAY041", Severity::note, "a kernel was compressed again for what starts it"},
    {"PAY042", Severity::error, "a packed kernel is damaged or holds none"},
    {"PAY043", Severity::error, "a raw kernel does not start with code"},

    // MAP: flash map
    {"MAP001", Severity::error, "the image does not fit into the flash"},
    {"MAP002", Severity::error, "the image reaches into the erase block of nvram"},
    {"MAP003", Severity::error, "the squashfs does not start at an erase block of the flash"},
    {"MAP004", Severity::warning, "the squashfs may not start at an erase block of the flash"},
    {"MAP005", Severity::error, "the CRC covers blocks that a running system writes"},
    {"MAP006", Severity::note, "there is no JFFS2 marker"},
    {"MAP007", Severity::warning, "the JFFS2 marker is not at the first erase block"},
    {"MAP008", Severity::warning, "too little room for JFFS2"},
    {"MAP009", Severity::note, "room left in the flash"},
    {"MAP010", Severity::note, "larger than any image known to have been uploaded"},
    {"MAP011", Severity::note, "a value of the board file is not certain"},
    {"MAP012", Severity::error, "root= does not name the squashfs"},
    {"MAP013", Severity::warning, "whether root= names the squashfs depends on the boot loader"},
    {"MAP014", Severity::warning, "nothing tells the kernel where its root is"},
    {"MAP015", Severity::error, "the kernel sees no partition that starts with the squashfs"},
    {"MAP016", Severity::note, "how the kernel finds its root"},

    // MAP: whole chips
    {"MAP020", Severity::error, "a dump is not as large as its partition"},
    {"MAP021", Severity::warning, "the boot loader's dump bears no mark of CFE"},
    {"MAP022", Severity::error, "a dump is erased or blank"},
    {"MAP023", Severity::warning, "nvram is left erased"},
    {"MAP024", Severity::warning, "a partition of data is left erased"},
    {"MAP025", Severity::error, "a dump has its bytes swapped"},
    {"MAP026", Severity::error, "without nvram and without defaults nothing starts"},

    // MAP: images that lie in a container or in the dump of a chip
    {"MAP040", Severity::note, "the file is a dump of a whole chip"},
    {"MAP041", Severity::warning, "bytes around the TRX do not get into the flash"},
    {"MAP042", Severity::warning, "the dump's nvram is not where the board file says"},

    // BRD: board files
    {"BRD001", Severity::error, "not a TOML file"},
    {"BRD002", Severity::error, "unknown table or key"},
    {"BRD003", Severity::error, "a table or key is missing"},
    {"BRD004", Severity::error, "a value has the wrong type"},
    {"BRD005", Severity::error, "a value is out of its range"},
    {"BRD006", Severity::error, "partitions overlap"},
    {"BRD007", Severity::error, "a partition lies outside the flash"},
    {"BRD008", Severity::error, "a partition is not made of whole erase blocks"},
    {"BRD009", Severity::error, "a name occurs twice"},
    {"BRD010", Severity::error, "values of a board file contradict each other"},
    {"BRD011", Severity::error, "a kind of flash without fixed offsets"},
    {"BRD012", Severity::error, "a part of the flash is in no partition"},
    {"BRD013", Severity::note, "the chip may have smaller erase blocks at one end"},
    {"BRD014", Severity::warning, "an uncertain value without a source"},
    {"BRD015", Severity::note, "images of another board bear the same magic"},
    {"BRD016", Severity::error, "a board is not called what its file is"},
    {"BRD017", Severity::note, "a value is a guess"},
    {"BRD018", Severity::error, "the container and its keys contradict each other"},

    // ELF: kernels
    {"ELF001", Severity::error, "the kernel is not a 32-bit one"},
    {"ELF002", Severity::error, "the kernel is big-endian"},
    {"ELF003", Severity::error, "the kernel is not for MIPS"},
    {"ELF004", Severity::error, "the file is not a linked executable"},
    {"ELF005", Severity::error, "the kernel needs another ABI or instruction set"},
    {"ELF006", Severity::error, "the file is a dynamic program, not a kernel"},
    {"ELF007", Severity::error, "the file has nothing to load"},
    {"ELF008", Severity::error, "a segment lies outside of KSEG0"},
    {"ELF009", Severity::error, "a segment reaches past the end of the RAM"},
    {"ELF010", Severity::error, "segments overlap in memory"},
    {"ELF011", Severity::error, "a segment does not start at a page boundary"},
    {"ELF012", Severity::error, "more segments than kexec takes"},
    {"ELF013", Severity::error, "the entry point is not inside the code"},
    {"ELF014", Severity::error, "larger than kexec takes on this RAM"},
    {"ELF015", Severity::warning, "so large that loading may fail"},
    {"ELF016", Severity::error, "the kernel reaches into the boot loader"},
    {"ELF017", Severity::note, "the boot loader could start it as well"},
    {"ELF018", Severity::error, "not linked where kernels of this machine run"},
    {"ELF019", Severity::warning, "no Linux banner in the file"},
    {"ELF020", Severity::warning, "built for another kind of machine"},
    {"ELF021", Severity::warning, "a stick kernel that can write the flash"},
    {"ELF022", Severity::error, "a kernel option without which it cannot do its work is off"},
    {"ELF023", Severity::warning, "a kernel option that is usually needed is off"},
    {"ELF024", Severity::note, "the kernel does not carry its configuration"},
    {"ELF025", Severity::error, "no initramfs, and none can be put in"},
    {"ELF026", Severity::warning, "the command line does not limit the memory"},
    {"ELF027", Severity::error, "a segment has more bytes in the file than in memory"},
    {"ELF028", Severity::error, "the initramfs cannot be read"},
    {"ELF029", Severity::note, "linked at an unusual address"},
    {"ELF030", Severity::error, "the initramfs cannot be started"},
    {"ELF031", Severity::warning, "the initramfs has no console"},
    {"ELF032", Severity::error, "a program of the initramfs cannot run"},
    {"ELF033", Severity::error, "the kernel would start the system in the flash"},
    {"ELF034", Severity::note, "a parameter of the command line has no effect"},
    {"ELF035", Severity::note, "no command line found"},
    {"ELF036", Severity::error, "root= names what the kernel has no driver for"},
    {"ELF037", Severity::error, "too old to be started by kexec"},
    {"ELF038", Severity::error, "too old to start another kernel"},
    {"ELF039", Severity::warning, "perhaps too old to start another kernel"},
    {"ELF040", Severity::warning, "newer than what is known to run"},
    {"ELF041", Severity::note, "without the patches that this processor is known to need"},
    {"ELF042", Severity::error, "programs of the root need floating point and the kernel has none"},
    {"ELF043", Severity::error, "the kernel cannot read how its initramfs or root is packed"},
    {"ELF044", Severity::error, "a self-extracting kernel"},
    {"ELF045", Severity::note, "bytes behind the end of the ELF"},
    {"ELF046", Severity::error, "the kernel's file is cut off"},
    {"ELF047", Severity::error, "an ELF header that makes no sense"},
    {"ELF048", Severity::error, "another known format, not an ELF kernel"},
    {"ELF049", Severity::error, "a packed kernel that cannot be unpacked"},
    {"ELF050", Severity::note, "the kernel was unpacked first"},
    {"ELF051", Severity::error, "virtual and physical addresses differ"},
    {"ELF052", Severity::warning, "the initramfs takes much of the RAM"},
    {"ELF053", Severity::warning, "the configuration in the kernel cannot be read"},
    {"ELF054", Severity::warning, "the symbol table cannot be read"},
    {"ELF060", Severity::note, "another initramfs in the kernel is unpacked as well"},
    {"ELF061", Severity::warning, "the command line inside the kernel cannot be changed"},
    {"ELF062", Severity::note, "symbols come from the kernel's own table (kallsyms)"},

    // MOD: modules
    {"MOD001", Severity::error, "a module is built for another kernel"},
    {"MOD002", Severity::error, "a module is not for this processor"},
    {"MOD003", Severity::error, "a module needs another that is not there"},
    {"MOD004", Severity::error, "a module that the kernel was built to load is not there"},
    {"MOD005", Severity::warning, "a driver that is needed is neither a module nor built in"},
    {"MOD006", Severity::note, "a module that is not there may be built in"},
    {"MOD007", Severity::warning, "modules.dep does not fit the modules"},
    {"MOD008", Severity::error, "modules need each other in a circle"},
    {"MOD009", Severity::error, "the folder of the modules is not named after the kernel"},
    {"MOD010", Severity::error, "a module cannot be read"},
    {"MOD011", Severity::error, "two modules of one name"},
    {"MOD012", Severity::error, "the kernel takes no modules"},
    {"MOD013", Severity::note, "modules were not compared with the kernel"},
    {"MOD014", Severity::warning, "modules are built for different kernels"},

    // FSR: root trees
    {"FSR001", Severity::warning, "a path occurs more than once in one archive"},
    {"FSR002", Severity::warning, "the flash root has no kexec"},
    {"FSR003", Severity::error, "the root file system cannot be read"},
    {"FSR004", Severity::error, "the root has no preinit"},
    {"FSR005", Severity::error, "the preinit cannot be executed"},
    {"FSR006", Severity::error, "a symbolic link leads in a circle or nowhere"},
    {"FSR007", Severity::note, "the preinit is not trxkit's"},
    {"FSR008", Severity::error, "trxkit's preinit has no original to fall back to"},
    {"FSR009", Severity::error, "kexec is no program for this router"},
    {"FSR010", Severity::error, "a kernel module is for another kernel"},
    {"FSR011", Severity::warning, "the root has no modules for its kernel"},

    // STK: sticks

    // NET: network trees

    // SIG: signatures

    // NVR: nvram
    {"NVR001", Severity::error, "no nvram where boot loader and kernel look for it"},
    {"NVR002", Severity::error, "length is less than the header"},
    {"NVR003", Severity::error, "length is more than there is room"},
    {"NVR004", Severity::error, "the CRC8 is not that of the bytes"},
    {"NVR005", Severity::warning, "no such version"},
    {"NVR006", Severity::error, "the settings have no end"},
    {"NVR007", Severity::error, "a setting without '=' or without a name"},
    {"NVR008", Severity::warning, "a name occurs more than once"},
    {"NVR009", Severity::warning, "bytes between the settings' end and length"},
    {"NVR010", Severity::note, "bytes behind length that are not erased"},
    {"NVR011", Severity::warning, "nvram is not as large as the board's"},
    {"NVR012", Severity::warning, "length is no multiple of 4"},
    {"NVR013", Severity::warning, "the boot loader has no sound defaults to fall back on"},
    {"NVR014", Severity::error, "the settings do not fit"},
    {"NVR015", Severity::note, "the boot loader's embedded defaults"},
});

}  // namespace trxkit
