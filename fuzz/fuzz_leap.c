/* fuzz_leap.c — fuzz. XML with its second level skipped, and leapt over: where the first is right, the second is as well or
 * says that it is not.                                                           SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "bytes/bytes_source.h"
#include "syntax/syntax_xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Names of the elements of the first two levels, the second ones gone over by `over`. */
static pf_status list(struct pf_source *source, pf_status (*over)(struct pf_xml *xml, struct pf_error *err),
                      struct pf_buf *to) {
    struct pf_window window;
    struct pf_xml xml = {0};
    if (pf_window_open(&window, source, 256, NULL) != PF_OK)
        return PF_NO_MEMORY;
    pf_xml_open(&xml, &window, false);
    pf_status status;
    while ((status = pf_xml_next(&xml, NULL)) == PF_OK && xml.event != PF_XML_END) {
        if (xml.event != PF_XML_OPEN)
            continue;
        (void)pf_buf_put(to, xml.name.at, xml.name.size, NULL);
        (void)pf_buf_put(to, " ", 1, NULL);
        if (xml.depth == 2 && (status = over(&xml, NULL)) != PF_OK)
            break;
    }
    pf_xml_clear(&xml);
    pf_window_clear(&window);
    return status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct pf_source source;
    struct pf_buf skipped = {0}, leapt = {0};
    if (size && (memchr(data, '"', size) || memchr(data, '\'', size)))
        return 0; /* '<' in attributes is not XML, but is read */
    pf_source_memory(data, size, &source);
    pf_status first = list(&source, pf_xml_skip, &skipped), second = list(&source, pf_xml_leap, &leapt);
    if (first == PF_OK && second != PF_BAD_DATA &&
        (second != PF_OK || skipped.size != leapt.size ||
         (leapt.size && memcmp(skipped.data, leapt.data, leapt.size) != 0)))
        abort();
    pf_buf_clear(&skipped);
    pf_buf_clear(&leapt);
    return 0;
}
