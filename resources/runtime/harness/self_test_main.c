/* Prints PASS, or the first layer that differs and the first table that is corrupt. SPDX-License-Identifier: Apache-2.0 */
#include "port.h"
#include "self_test.h"

static NETWORK_ARENA(arena);

int main(void)
{
    self_test_report report;
    const uint32_t agreeing = self_test(arena, sizeof arena, &report);
    if (agreeing == NETWORK_GOLDEN_SAMPLES) {
        port_print("PASS\n");
        port_exit(0);
        return 0;
    }
    port_print((report.table[0] != '\0') ? "FAIL: corrupt table " : "FAIL: first difference in layer ");
    port_print(report.layer);
    port_print("\n");
    port_exit(1);
    return 1;
}
