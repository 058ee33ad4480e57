/* cli_json.h — reads the JSON that pyforge.h gives, in place.                   SPDX-License-Identifier: MIT */
#ifndef PF_CLI_JSON_H
#define PF_CLI_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A value is a pointer into the text, which must outlive it and is well-formed JSON; NULL is "not there". */
typedef const char *pf_cli_value;
pf_cli_value pf_cli_json_member(pf_cli_value object, const char *key);
/* Walks members (key set) or items (key NULL): start with *at = NULL; returns the value, NULL at the end. key
 * is raw. */
pf_cli_value pf_cli_json_next(pf_cli_value container, pf_cli_value *at, const char **key, size_t *key_size);
char pf_cli_json_kind(pf_cli_value value); /* '{' '[' '"' 'n'umber, 't'rue, 'f'alse, '0' null or not there */
int64_t pf_cli_json_int(pf_cli_value value, int64_t fallback);
double pf_cli_json_double(pf_cli_value value, double fallback);
/* For people to see: strings unescaped but for control characters (\n, \t, \x1B), others as they stand, null as "".
 * Gives (free). */
char *pf_cli_json_text(pf_cli_value value);
/* The other way: text as a JSON string with its quotes; NULL: null. Gives (free); NULL when memory is out. */
char *pf_cli_json_quote(const char *text);
#endif
