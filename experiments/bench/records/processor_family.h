#pragma once

#include <string>

namespace medal {

/// How a processor calls itself by the instruction CPUID.
struct ProcessorSignature {
  std::string vendor;  ///< such as "AuthenticAMD"
  int family = 0, model = 0;
};

/// The design that processors of this signature share, such as "zen4" or "skylake"; "amd_family25_model17" where none
/// is known. Families as in Linux's arch/x86/kernel/cpu/amd.c and arch/x86/include/asm/intel-family.h.
std::string family_name(const ProcessorSignature& signature);

/// Of the processor that runs this. Where there is no CPUID, what the kernel calls the machine, such as "aarch64".
std::string processor_family();

}  // namespace medal
